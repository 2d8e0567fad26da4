"""A missing model is offered, and pulled with progress because the user said so."""

import asyncio
import json

import pytest

from proactive_lsp.agent.settings import AgentSettings
from proactive_lsp.assembly import ollama_model
from proactive_lsp.clock import VirtualClock
from proactive_lsp.llm import (
    BadReply,
    Message,
    ModelError,
    ModelMissing,
    ModelRefused,
    ModelTimeout,
    ModelUnavailable,
    Request,
)
from proactive_lsp.llm import ollama as adapter
from proactive_lsp.llm.pulling import PullProgress
from tests.llm.conftest import installed

REQUEST = Request((Message("user", "hi"),))


def line(status, **more):
    """One line of the stream."""
    return json.dumps({"status": status} | more).encode() + b"\n"


WHOLE = (
    line("pulling manifest"),
    line("pulling 6a0746a1ec1a", digest="sha256:6a", total=400),
    line("pulling 6a0746a1ec1a", digest="sha256:6a", total=400, completed=100),
    line("verifying sha256 digest"),
    line("success"),
)


def streams(*lines):
    """An answer of these lines."""

    async def answer(exchange):
        await exchange.start()
        for one in lines:
            await exchange.send(one)
        await exchange.send(b"")

    return answer


def model(host):
    return ollama_model(AgentSettings(host=host), VirtualClock())


async def pull(ollama, answer, error, *, says="", name="x:1b"):
    """A pull that is answered so ends in exactly this error."""
    fake, host = ollama
    fake.answer = answer
    async with asyncio.timeout(8):
        with pytest.raises(ModelError) as raised:
            await model(host).pull(name, lambda progress: None)
    assert type(raised.value) is error
    assert says in str(raised.value)


async def test_progress_is_told_line_by_line(ollama):
    fake, host = ollama
    fake.answer = streams(*WHOLE)
    told = []
    await model(host).pull("x:1b", told.append)
    assert told == [
        PullProgress("pulling manifest"),
        PullProgress("pulling 6a0746a1ec1a", None, 400),
        PullProgress("pulling 6a0746a1ec1a", 100, 400),
        PullProgress("verifying sha256 digest"),
        PullProgress("success"),
    ]
    assert [progress.share for progress in told] == [None, None, 0.25, None, None]
    assert (fake.asked[0].path, fake.asked[0].json["model"]) == ("/api/pull", "x:1b")


async def test_afterwards_the_next_request_finds_it(ollama):
    fake, host = ollama
    fake.install()
    asked = model(host)
    with pytest.raises(ModelMissing) as missing:
        await asked.complete(REQUEST)
    wanted = missing.value.wanted
    assert asked.status.pull == wanted == "qwen2.5-coder:3b"

    fake.answer = streams(*WHOLE)
    await asked.pull(wanted, lambda progress: None)
    fake.install(installed(wanted))
    assert (await asked.complete(REQUEST)).text == "yes"
    assert asked.name == wanted


async def test_cancelling_closes_the_connection(ollama):
    fake, host = ollama
    coming = asyncio.Event()

    async def answer(exchange):
        await exchange.start()
        await exchange.send(WHOLE[1])
        await asyncio.Event().wait()

    fake.answer = answer
    pulling = asyncio.create_task(model(host).pull("x:1b", lambda progress: coming.set()))
    await asyncio.wait_for(coming.wait(), 5)
    pulling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await pulling
    await asyncio.wait_for(fake.hung_up.wait(), 1)


async def test_a_long_download_may_send_more_than_any_answer(ollama):
    fake, host = ollama
    lines = [line("pulling", total=10**12, completed=n) for n in range(30_000)]
    fake.answer = streams(b"".join(lines), WHOLE[-1])
    told = []
    await model(host).pull("x:1b", told.append)
    assert len(told) == 30_001


async def test_an_error_in_the_stream_is_refused_with_the_servers_words(ollama):
    """Ollama answers 200 and says within the stream that there is no such model."""
    error = b'{"error":"pull model manifest: file does not exist"}\n'
    await pull(ollama, streams(WHOLE[0], error), ModelRefused, says="manifest: file does not exist")


async def test_a_stream_that_ends_early_is_not_done(ollama):
    await pull(ollama, streams(*WHOLE[:3]), ModelRefused, says="not pulled to the end")


async def test_a_download_that_stands_still_ends(ollama, monkeypatch):
    monkeypatch.setattr(adapter, "PULL_STALL_SECONDS", 0.2)

    async def answer(exchange):
        await exchange.start()
        await exchange.send(WHOLE[0])
        await asyncio.Event().wait()

    await pull(ollama, answer, ModelTimeout)


async def test_not_json(ollama):
    await pull(ollama, streams(b"<html>\n"), BadReply)


@pytest.mark.parametrize("name", ["", "a b", "x;y", "../x", "http://x/y", "x\n"])
async def test_only_a_name_is_asked_for(ollama, name):
    fake, host = ollama
    with pytest.raises(ModelRefused, match="no name of a model"):
        await model(host).pull(name, lambda progress: None)
    assert fake.asked == []


async def test_nobody_to_pull_from(free_host):
    with pytest.raises(ModelUnavailable, match="ollama serve"):
        await model(free_host).pull("x", lambda progress: None)
