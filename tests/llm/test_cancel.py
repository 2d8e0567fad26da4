"""One request in flight, and none left behind: cancelled on the wire at once."""

import asyncio
import time

import pytest

from tests.llm.asking import REQUEST, model
from tests.llm.conftest import says


@pytest.mark.parametrize("words", [0, 1])
async def test_cancelling_closes_the_connection(ollama, words):
    """Before the first word and after it: the server sees the end of the stream at once."""
    fake, host = ollama
    sent = asyncio.Event()

    async def answer(exchange):
        if words:
            await exchange.start()
            await exchange.word("thinking")
        sent.set()
        await asyncio.Event().wait()

    fake.answer = answer
    task = asyncio.create_task(model(host, timeout=60).complete(REQUEST))
    await asyncio.wait_for(sent.wait(), 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(fake.hung_up.wait(), 1)


async def test_one_request_at_a_time(ollama):
    fake, host = ollama
    release = asyncio.Event()

    async def answer(exchange):
        await release.wait()
        await says("yes")(exchange)

    fake.answer = answer
    asked = model(host)
    first, second, third = (asyncio.create_task(asked.complete(REQUEST)) for _ in range(3))
    await asyncio.wait_for(fake.asked_now.wait(), 5)
    second.cancel()
    release.set()
    await asyncio.wait_for(asyncio.gather(first, third), 5)
    assert fake.most_answering == 1
    assert len(fake.asked) == 2


async def test_a_cancelled_request_frees_the_turn(ollama):
    fake, host = ollama

    async def answer(exchange):
        if exchange is fake.asked[0]:
            await asyncio.Event().wait()
        await says("yes")(exchange)

    fake.answer = answer
    asked = model(host)
    first = asyncio.create_task(asked.complete(REQUEST))
    second = asyncio.create_task(asked.complete(REQUEST))
    await asyncio.wait_for(fake.asked_now.wait(), 5)
    first.cancel()
    assert (await asyncio.wait_for(second, 5)).text == "yes"


async def test_the_server_sees_a_cancel_within_20_milliseconds(ollama):
    """Median of ten, in the middle of an answer; the bound is that of a newer boundary."""
    fake, host = ollama

    async def answer(exchange):
        await exchange.start()
        await exchange.word("thinking")
        fake.asked_now.set()
        await asyncio.Event().wait()

    fake.answer = answer
    took = []
    for _ in range(10):
        fake.asked_now.clear()
        fake.hung_up.clear()
        heard = asyncio.Event()
        task = asyncio.create_task(
            model(host, timeout=60).complete(REQUEST, heard=lambda n, h=heard: h.set())
        )
        await asyncio.wait_for(heard.wait(), 5)
        began = time.perf_counter()
        task.cancel()
        await asyncio.wait_for(fake.hung_up.wait(), 1)
        took.append(time.perf_counter() - began)
        with pytest.raises(asyncio.CancelledError):
            await task
    assert sorted(took)[5] < 0.020


async def test_an_answer_to_a_cancelled_request_is_never_used(ollama):
    """The server goes on talking after the client left; the next answer is its own."""
    fake, host = ollama
    first_left = asyncio.Event()

    async def answer(exchange):
        if exchange is not fake.asked[0]:
            await says("new")(exchange)
            return
        await exchange.start()
        await exchange.word("old")
        await first_left.wait()
        await exchange.last()

    fake.answer = answer
    asked, heard = model(host), asyncio.Event()
    first = asyncio.create_task(asked.complete(REQUEST, heard=lambda n: heard.set()))
    await asyncio.wait_for(heard.wait(), 5)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    second = asyncio.create_task(asked.complete(REQUEST))
    first_left.set()
    assert (await asyncio.wait_for(second, 5)).text == "new"
