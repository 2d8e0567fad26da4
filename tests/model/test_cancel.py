"""Who hangs up is not worked for: the server notices, stops, and has time for the next one."""

import asyncio
import time

import pytest

from tests.model.server.runner import BATCH
from tests.model.server.trace import Chat, Waited
from tests.model.serving import serving
from tests.model.talking import ask, model, until

LONG = "Tell me a very long story about a king, and do not stop before 1000 words."
SOON = 20.0
"""Seconds within which a machine with much other work has seen it; a quiet one takes 0.1."""


async def _cancel(asking: asyncio.Task) -> float:
    """Cancel, as a newer boundary does, and tell how long that took our side."""
    began = time.monotonic()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    return time.monotonic() - began


async def test_an_answer_ends_with_the_connection():
    with serving() as served:
        heard = []
        asked = model(served)
        asking = asyncio.create_task(asked.complete(ask(LONG, max_tokens=4000), heard=heard.append))
        await until(lambda: len(heard) > 3)
        assert await _cancel(asking) < 1.0
        await until(lambda: served.chats, SOON)
        (chat,) = served.chats
        assert chat.reason == "gone"
        # It had 4000 tokens to go.
        assert len(heard) <= len(chat.answer) < 1000
        # Nothing goes on behind: the next answer comes, and is the only other work.
        reply = await asked.complete(ask("Say hello.", max_tokens=200))
        assert reply.text
        assert [each.reason for each in served.chats] == ["gone", "stop"]
        assert served.loads == 1


async def test_a_prompt_is_not_evaluated_to_its_end():
    with serving() as served:
        asked = model(served)
        await asked.complete(ask("Say hello.", max_tokens=200))
        asking = asyncio.create_task(asked.complete(ask("word " * 7000)))
        await _in_work(asking)
        assert await _cancel(asking) < 1.0
        await until(lambda: len(served.chats) == 2, SOON)
        chat = served.chats[1]
        assert chat.reason == "gone"
        assert chat.answer == ()
        assert len(chat.prompt) > 7000
        assert chat.evaluated < len(chat.prompt) - BATCH
        # It stops between two batches, not in one.
        assert chat.evaluated % BATCH == 0


async def test_who_waits_in_the_queue_may_leave_it():
    with serving() as served:
        heard = []
        first = asyncio.create_task(
            model(served).complete(ask(LONG, max_tokens=4000), heard=heard.append)
        )
        await until(lambda: heard)
        second = asyncio.create_task(model(served).complete(ask("Say hello.")))
        await _in_work(second)
        await _cancel(second)
        await until(lambda: served.records[-1] == Waited(), SOON)
        assert not first.done()
        await _cancel(first)
        await until(lambda: isinstance(served.records[-1], Chat), SOON)
        assert len(served.chats) == 1


async def _in_work(asking: asyncio.Task) -> None:
    # There is nothing to see from outside before the first token: this is long enough for the
    # request to arrive, and the tests hold if it is not.
    await asyncio.sleep(0.5)
    assert not asking.done()
