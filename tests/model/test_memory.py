"""What is in memory: how often it is loaded, what it remembers, when it goes."""

from datetime import datetime

import pytest

from proactive_lsp.llm import BadReply
from tests.model.server.http import Refused
from tests.model.server.loaded import FOREVER, seconds
from tests.model.server.trace import Chat, Load, Unload, expected
from tests.model.serving import serving
from tests.model.talking import NUM_CTX, ask, client, model, until

STORY = "The developer renamed a function and saved the file. " * 20


async def test_many_requests_are_one_load():
    with serving() as served:
        asked = model(served)
        for number in range(6):
            await _or_refused(asked.complete(ask(f"{number}?")))
        assert len(served.chats) == 6
        assert served.loads == 1


async def test_another_context_length_is_another_load():
    with serving() as served:
        await _or_refused(model(served).complete(ask("One?")))
        await _or_refused(model(served, num_ctx=2048).complete(ask("Two?")))
        loads = [record for record in served.records if isinstance(record, Load)]
        assert [load.num_ctx for load in loads][-1] in (NUM_CTX, 2048)
        # Ours looks at what is loaded first and takes that where it suffices; the client does not.
        before = served.loads
        await client(served).chat("smollm2", options={"num_ctx": 1024})
        await client(served).chat("smollm2", options={"num_ctx": 1536})
        await client(served).chat("smollm2", options={"num_ctx": 1536})
        assert served.loads == before + 2


async def test_what_is_loaded_is_listed_with_its_context_and_its_end():
    with serving() as served:
        asked = client(served)
        assert not (await asked.ps()).models
        loaded = await asked.chat("smollm2:135m", keep_alive="10m", options={"num_ctx": 2048})
        assert (loaded.done_reason, loaded.message.content) == ("load", "")
        (running,) = (await asked.ps()).models
        assert (running.name, running.context_length) == ("smollm2:135m", 2048)
        left = (
            running.expires_at.timestamp() - datetime.fromisoformat(loaded.created_at).timestamp()
        )
        assert left == pytest.approx(600, abs=5)
        gone = await asked.chat("smollm2:135m", keep_alive=0)
        assert gone.done_reason == "unload"
        assert not (await asked.ps()).models


async def test_it_goes_when_nobody_asked_for_so_long():
    with serving() as served:
        await client(served).chat("smollm2", keep_alive="100ms")
        await until(lambda: isinstance(served.records[-1], Unload))
        assert not (await client(served).ps()).models
        await client(served).chat("smollm2", keep_alive=-1)
        assert (await client(served).ps()).models[0].expires_at.year == 9999


async def test_a_context_is_no_longer_than_the_model_was_trained_for(served):
    await client(served).chat("smollm2", options={"num_ctx": 100_000})
    (running,) = (await client(served).ps()).models
    info = (await client(served).show("smollm2")).modelinfo
    assert running.context_length == info["llama.context_length"] == 8192


async def test_a_prompt_that_goes_on_is_evaluated_from_there():
    with serving() as served:
        asked = model(served)
        first = ask(STORY)
        await _or_refused(asked.complete(first))
        await _or_refused(asked.complete(ask(STORY, "Go on.", "And then?")))
        _compare(served)
        one, two = served.chats
        assert one.evaluated == len(one.prompt)
        shared = _same(one.prompt, two.prompt)
        assert shared > len(one.prompt) * 0.9
        assert two.evaluated <= len(two.prompt) - shared
        assert two.evaluated < len(two.prompt) * 0.2


async def test_the_same_prompt_again_costs_one_token():
    with serving() as served:
        for _ in range(2):
            await _or_refused(model(served).complete(ask(STORY)))
        _compare(served)
        assert served.chats[1].evaluated == 1


async def test_another_beginning_costs_the_whole_prompt():
    with serving() as served:
        asked = model(served)
        await _or_refused(asked.complete(ask(STORY, system="You are brief.")))
        await _or_refused(asked.complete(ask(STORY, system="Be long.")))
        await _or_refused(asked.complete(ask(STORY, system="You are brief.")))
        _compare(served)
        # One slot holds one prefix: the first prompt was pushed out by the second.
        assert served.chats[2].evaluated > len(served.chats[2].prompt) * 0.9


async def test_the_protocol_tells_what_was_spared(served):
    async with client(served)._client as http:
        body = {
            "model": "smollm2",
            "messages": [{"role": "user", "content": STORY}],
            "options": {"num_ctx": NUM_CTX, "num_predict": 1},
            "stream": False,
        }
        await http.post("/api/chat", json=body, timeout=None)
        answer = (await http.post("/api/chat", json=body, timeout=None)).json()
    chat = served.chats[-1]
    assert answer["prompt_eval_count"] == len(chat.prompt)
    assert answer["prompt_eval_cached_count"] == chat.cached == len(chat.prompt) - 1


LONG_TALK = (STORY * 2, "I see.", STORY * 2, "I see.", STORY * 2, "I see.", "Say hello.")
SMALL = {"num_ctx": 1024, "num_predict": 1}


def _messages(*texts):
    return [{"role": m.role, "content": m.content} for m in ask(*texts).messages]


async def test_of_a_long_talk_the_oldest_go_and_the_system_stays():
    with serving() as served:
        answer = await client(served).chat("smollm2", _messages(*LONG_TALK), options=SMALL)
        long = served.chats[0]
        await client(served).chat(
            "smollm2", _messages(*LONG_TALK)[:1] + _messages(*LONG_TALK)[2:], options=SMALL
        )
        short = served.chats[1]
        # What is left reads as if the talk had begun there.
        assert long.left_out == 1
        assert short.left_out == 0
        assert long.prompt == short.prompt
        assert answer.prompt_eval_count == len(long.prompt) <= 1024


async def test_one_message_that_is_too_long_loses_its_middle():
    with serving() as served:
        await client(served).chat("smollm2", _messages(STORY * 8), options=SMALL)
        (chat,) = served.chats
        assert chat.left_out == 0
        assert 0 < len(chat.prompt) < 1024


async def test_ours_is_told_when_its_prompt_does_not_fit():
    with serving() as served:
        asked = model(served, num_ctx=1024)
        for texts in (LONG_TALK, (STORY * 8,)):
            with pytest.raises(BadReply, match="longer than what smollm2:latest can read at once"):
                await asked.complete(ask(*texts))
        # Nothing was cut away behind its back, and nothing computed in vain.
        assert not served.chats


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        *(("5m", 300), ("1h30m", 5400), ("100ms", 0.1), (0, 0), ("0s", 0), (2.5, 2.5)),
        *((None, 300), (-1, FOREVER), ("-1m", FOREVER)),
    ],
)
def test_how_long_to_keep_a_model(said, meant):
    assert seconds(said) == meant


@pytest.mark.parametrize("said", ["", "soon", "5 m", "5", "m5"])
def test_no_duration(said):
    with pytest.raises(Refused, match="invalid duration"):
        seconds(said)


def test_what_must_be_evaluated_follows_from_the_sequences():
    def chat(prompt, answer=()):
        return Chat(tuple(prompt), tuple(answer), 0, 0, 0, "stop")

    records = [
        Load("m", 10),
        chat([1, 2, 3], [4, 5]),
        chat([1, 2, 3, 4, 5, 6, 7]),
        chat([1, 2, 9]),
        chat([1, 2, 9]),
        Unload(),
        chat([1, 2, 9]),
    ]
    assert expected(records) == [3, 2, 1, 1, 3]


def _compare(served):
    """What llama.cpp was given is what the sequences say it had to be given."""
    assert [chat.evaluated for chat in served.chats] == expected(served.records)
    for chat in served.chats:
        assert chat.cached + chat.evaluated == len(chat.prompt)


def _same(one, other):
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


async def _or_refused(asking):
    """The reply; None where it was longer than asked for, which is no matter here."""
    try:
        return await asking
    except BadReply:
        return None
