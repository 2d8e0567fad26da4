"""The Ollama adapter against a real socket: what it sends, and what it reads from an answer."""

import json
import math

import pytest

from proactive_lsp.llm import Message, PromptTooLong, Request
from proactive_lsp.llm.choosing import Choice
from proactive_lsp.llm.facts import Installed
from proactive_lsp.llm.ollama import Found, OllamaModel
from tests.llm.asking import REQUEST, SCHEMA, check, model
from tests.llm.conftest import says


async def test_a_streamed_answer_arrives_whole(ollama):
    fake, host = ollama

    async def answer(exchange):
        await exchange.start()
        await exchange.word('{"ok"')
        await exchange.word(": true}")
        await exchange.last()

    fake.answer = answer
    reply = await model(host).complete(REQUEST)
    assert reply.text == '{"ok": true}'
    assert (reply.prompt_tokens, reply.answer_tokens) == (12, 3)
    assert 0 < reply.seconds < 5


async def test_the_request_fixes_context_seed_and_schema(ollama):
    fake, host = ollama

    fake.answer = says("{}")
    await model(host).complete(REQUEST)
    (asked,) = fake.asked
    assert (asked.method, asked.path) == ("POST", "/api/chat")
    assert asked.json == {
        "model": "m:1b",
        "messages": [
            {"role": "system", "content": "be brief"},
            {"role": "user", "content": "hi"},
        ],
        "tools": [],
        "stream": True,
        "format": SCHEMA,
        "options": {"num_ctx": 2048, "num_predict": 50, "temperature": 0.0, "seed": 0},
        "keep_alive": "5m",
        "truncate": False,
    }
    assert "accept-encoding: identity" in asked.head


async def test_without_a_schema_any_text_may_come(ollama):
    """The adapter neither asks for a form nor checks one; the stage that asks does."""
    fake, host = ollama

    async def answer(exchange):
        await exchange.start()
        await exchange.word("Sure! Here is what I think")
        await exchange.last()

    fake.answer = answer
    reply = await model(host).complete(Request((Message("user", "hi"),)))
    assert reply.text == "Sure! Here is what I think"
    assert "format" not in fake.asked[0].json


async def test_half_a_surrogate_pair_becomes_a_question_mark(ollama):
    fake, host = ollama

    async def answer(exchange):
        await exchange.start()
        await exchange.word("a\ud800b")
        await exchange.last()

    fake.answer = answer
    assert (await model(host).complete(REQUEST)).text == "a?b"


async def test_a_model_that_thinks_is_told_not_to(ollama):
    fake, host = ollama
    fake.answer = says("{}")
    found = Found(Choice(Installed("m:1b"), "test"), True, None, None)
    await model(host, found=found).complete(REQUEST)
    assert fake.asked[0].json["think"] is False


@pytest.mark.parametrize(
    ("setting", "sent"),
    [("5m", "5m"), ("1h30m", "1h30m"), ("300", 300), ("-1", -1), ("nan", "nan")],
)
async def test_keep_alive_is_a_duration_or_a_number_of_seconds(ollama, setting, sent):
    """Ollama refuses a text without a unit."""
    fake, host = ollama
    fake.answer = says("yes")
    asked = OllamaModel(host=host, name="m:1b", num_ctx=2048, keep_alive=setting, timeout=5)
    await asked.complete(REQUEST)
    assert fake.asked[0].json["keep_alive"] == sent


@pytest.mark.parametrize(
    ("counts", "evaluated"),
    [
        ({"prompt_eval_count": 100, "prompt_eval_cached_count": 90}, 10),
        ({"prompt_eval_count": 100, "prompt_eval_cached_count": 0}, 100),
        ({"prompt_eval_count": 100}, None),
        ({"prompt_eval_count": 100, "prompt_eval_cached_count": 101}, None),
        ({"prompt_eval_count": 100, "prompt_eval_cached_count": "90"}, None),
        ({"prompt_eval_count": -1, "prompt_eval_cached_count": -2}, None),
    ],
)
async def test_evaluated_tokens_are_those_no_cache_spared(ollama, counts, evaluated):
    """The client package drops the field of the cache; it is read from the wire."""
    fake, host = ollama
    fake.answer = says("yes", **counts)
    reply = await model(host).complete(REQUEST)
    assert reply.evaluated_tokens == evaluated
    assert reply.prompt_tokens == (100 if counts["prompt_eval_count"] > 0 else None)


async def test_counts_survive_lines_of_any_size(ollama):
    """The end of an answer may come in one piece with much before it, or letter by letter."""
    fake, host = ollama
    last = {"model": "m", "message": {"role": "assistant", "content": ""}, "done": True}
    line = json.dumps(last | {"prompt_eval_count": 9, "prompt_eval_cached_count": 4})
    words = b"".join(
        json.dumps({"message": {"role": "assistant", "content": "x" * 50}}).encode() + b"\n"
        for _ in range(300)
    )

    async def answer(exchange):
        await exchange.start()
        await exchange.send(words + line[:40].encode())
        for letter in line[40:]:
            await exchange.send(letter.encode())
        await exchange.send(b"\n")
        await exchange.send(b"")

    fake.answer = answer
    reply = await model(host).complete(REQUEST)
    assert (len(reply.text), reply.evaluated_tokens) == (15_000, 5)


async def test_a_prompt_that_was_cut_is_no_answer(ollama):
    await check(
        ollama, says("yes", prompt_eval_count=2048), PromptTooLong, says="cut to the 2048 tokens"
    )


@pytest.mark.parametrize(
    "words",
    [
        "the input length exceeds the context length",
        "request (9000 tokens) exceeds the available context size (2048 tokens)",
    ],
)
async def test_a_server_that_was_told_not_to_cut_says_so(ollama, words):
    async def answer(exchange):
        await exchange.whole(json.dumps({"error": words}), "400 Bad Request")

    await check(ollama, answer, PromptTooLong, says="longer than what m:1b can read at once")


YES_NO = Request((Message("user", "would I?"),), max_tokens=1, choices=("yes", "no"))


def token(text, logprob, *others):
    """A token as Ollama tells it, with its alternatives."""
    top = [{"token": t, "logprob": p} for t, p in ((text, logprob), *others)]
    return {"token": text, "logprob": logprob, "top_logprobs": top}


async def test_choices_ask_for_the_likeliest_first_tokens(ollama):
    """One token is room enough, since it is all that is wanted."""
    fake, host = ollama

    async def answer(exchange):
        await exchange.start()
        await exchange.word(" Yes", logprobs=[token(" Yes", -0.2, ("no", -1.8), ("Sure", -4.0))])
        await exchange.last(done_reason="length")

    fake.answer = answer
    reply = await model(host).complete(YES_NO)
    assert (fake.asked[0].json["logprobs"], fake.asked[0].json["top_logprobs"]) == (True, 20)
    assert reply.logprobs == {"yes": -0.2, "no": -1.8}


async def test_the_first_token_is_the_first_with_something_in_it(ollama):
    fake, host = ollama

    async def answer(exchange):
        await exchange.start()
        await exchange.word("\n", logprobs=[token("\n", -0.1, ("yes", -9.0))])
        await exchange.word("N", logprobs=[token("N", -0.5, ("Y", -1.0), ("ye", -0.9))])
        await exchange.word("o", logprobs=[token("o", 0.0, ("yes", -0.1))])
        await exchange.last()

    fake.answer = answer
    assert (await model(host).complete(YES_NO)).logprobs == {"yes": -0.9, "no": -0.5}


async def test_a_choice_that_is_not_among_the_likeliest_is_left_out(ollama):
    fake, host = ollama

    async def answer(exchange):
        await exchange.start()
        await exchange.word("no", logprobs=[token("no", 0.001, ("nope", -7.0))])
        await exchange.last()

    fake.answer = answer
    reply = await model(host).complete(YES_NO)
    assert reply.logprobs == {"no": 0.0}
    assert math.exp(reply.logprobs["no"]) <= 1


async def test_a_server_that_knows_no_logprobs_tells_none(ollama):
    """Those before November 2025 leave the field out."""
    fake, host = ollama
    fake.answer = says("yes")
    assert (await model(host).complete(YES_NO)).logprobs is None
    await model(host).complete(REQUEST)
    assert "logprobs" not in fake.asked[1].json


async def test_heard_is_told_how_much_has_come(ollama):
    fake, host = ollama
    fake.answer = says("one ", "two")
    heard = []
    await model(host).complete(REQUEST, heard=heard.append)
    assert heard == [4, 7]
