"""What answers is a model: it computes, it repeats itself, and it tells two prompts apart."""

import math

import pytest
from ollama import ResponseError

from proactive_lsp.llm import BadReply
from tests.model.server.app import VERSION
from tests.model.talking import ask, client, model

GREEDY = {"temperature": 0, "num_predict": 8, "num_ctx": 8192}


async def _logprobs(served, text, **options):
    answer = await client(served).chat(
        "smollm2",
        [{"role": "user", "content": text}],
        options={**GREEDY, **options},
        logprobs=True,
        top_logprobs=5,
    )
    return answer.logprobs


async def test_two_prompts_have_different_probabilities(served):
    one = await _logprobs(served, "What is the capital of France?")
    other = await _logprobs(served, "Name one prime number.")
    assert {each.token: each.logprob for each in one[0].top_logprobs} != {
        each.token: each.logprob for each in other[0].top_logprobs
    }
    assert "".join(each.token for each in one) != "".join(each.token for each in other)


async def test_the_same_prompt_has_the_same_probabilities(served):
    once, again = [await _logprobs(served, "Name one prime number.") for _ in range(2)]
    # What the cache spared is not computed anew in batches of the same size.
    for first, second in zip(once, again, strict=True):
        assert first.token == second.token
        assert first.logprob == pytest.approx(second.logprob, abs=0.05)


async def test_probabilities_are_those_of_one_distribution(served):
    for each in await _logprobs(served, "What is the capital of France?"):
        top = each.top_logprobs
        assert len(top) == 5
        assert [one.logprob for one in top] == sorted((one.logprob for one in top), reverse=True)
        assert sum(math.exp(one.logprob) for one in top) <= 1.0
        assert each.logprob <= top[0].logprob
        # Greedy, without a grammar: what was said is what was likeliest.
        assert each.token == top[0].token


async def test_no_more_than_twenty_alternatives(served):
    with pytest.raises(ResponseError, match="top_logprobs must be between 0 and 20") as caught:
        await client(served).chat("smollm2", top_logprobs=21)
    assert caught.value.status_code == 400


async def test_a_seed_repeats_a_warm_answer(served):
    once, again, other = [
        await _logprobs(served, "Tell me a story.", temperature=1.0, seed=seed, num_predict=12)
        for seed in (7, 7, 8)
    ]
    assert [each.token for each in once] == [each.token for each in again]
    assert [each.token for each in once] != [each.token for each in other]


async def test_an_answer_tells_its_tokens(served):
    seen = []
    reply = await model(served).complete(ask("Say hello.", max_tokens=200), heard=seen.append)
    chat = served.chats[-1]
    assert chat.reason == "stop"
    assert reply.prompt_tokens == len(chat.prompt)
    assert reply.answer_tokens == len(chat.answer)
    assert reply.text
    assert seen == sorted(seen)
    assert seen[-1] == len(reply.text)


async def test_an_answer_beyond_its_tokens_is_refused(served):
    with pytest.raises(BadReply):
        await model(served).complete(ask("Tell me a long story.", max_tokens=4))
    assert served.chats[-1].reason == "length"
    assert len(served.chats[-1].answer) == 4


async def test_a_whole_answer_says_what_the_stream_says(served):
    asked = {
        "model": "smollm2",
        "messages": [{"role": "user", "content": "Say hello."}],
        "options": GREEDY,
    }
    whole = await client(served).chat(**asked)
    parts = [part async for part in await client(served).chat(**asked, stream=True)]
    assert "".join(part.message.content for part in parts) == whole.message.content
    assert [part.done for part in parts] == [False] * (len(parts) - 1) + [True]
    assert parts[-1].prompt_eval_count == whole.prompt_eval_count
    assert parts[-1].eval_count == whole.eval_count == 8
    assert parts[-1].done_reason == whole.done_reason == "length"
    took = whole.load_duration + whole.prompt_eval_duration + whole.eval_duration
    assert 0 < took <= whole.total_duration


async def test_it_says_which_ollama_it_speaks_for(served):
    async with client(served)._client as http:
        assert (await http.get("/api/version")).json() == {"version": VERSION}


async def test_what_is_not_spoken_is_refused_loudly(served):
    async with client(served)._client as http:
        for path, body in (("/api/embed", {}), ("/api/chat", {"model": "smollm2", "suffix": "x"})):
            answer = await http.post(path, json=body)
            assert answer.status_code == 501
            assert answer.json()["error"]
