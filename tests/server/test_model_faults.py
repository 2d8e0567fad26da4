"""A model server that fails, as the editor sees it: it never waits, and is told once at most."""

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from tests.abilities import capabilities
from tests.driver import Editor
from tests.llm.conftest import Exchange, installed, listening, says
from tests.server.local_model import NAME, NOTHING, PREDICTION, Local, local_model, proposed
from tests.server.opening import offered

# Far more than a handler takes, far less than any of the waits for a model.
AT_ONCE = 1.0
Fault = Callable[[Exchange], Awaitable[None]]


async def hang(exchange: Exchange) -> None:
    """Not one word."""
    await asyncio.Event().wait()


async def hang_in_mid_answer(exchange: Exchange) -> None:
    """A word, and no more."""
    await exchange.start()
    await exchange.word('{"purpose": "')
    await asyncio.Event().wait()


async def cut(exchange: Exchange) -> None:
    """The connection is closed in the middle of a line."""
    await exchange.start()
    await exchange.raw(b'40\r\n{"message": {"con')
    await exchange.cut()


async def refuse(exchange: Exchange) -> None:
    """The connection is closed without a word."""
    await exchange.cut()


def fails(status: str, body: str = '{"error": "it broke"}') -> Fault:
    """An error of HTTP."""

    async def answer(exchange: Exchange) -> None:
        await exchange.whole(body, status)

    return answer


async def floods(exchange: Exchange) -> None:
    """Ten megabytes."""
    await exchange.start()
    for _ in range(160):
        await exchange.word("x" * 65_536)
    await exchange.last()


async def lies_about_its_length(exchange: Exchange) -> None:
    """It promises more than it sends."""
    await exchange.raw(b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n{}\n")
    await exchange.cut()


OTHER_SHAPE = json.dumps({"task": ["Run it"], "path": 7})
OUTSIDE = json.dumps(PREDICTION | {"path": "../../.bashrc", "quoted_line": "alias"})
NOWHERE = json.dumps(PREDICTION | {"path": "gone.py"})
FAULTS: dict[str, Fault] = {
    "hang": hang,
    "hang in mid-answer": hang_in_mid_answer,
    "cut": cut,
    "refused": refuse,
    "500": fails("500 Internal Server Error"),
    "503": fails("503 Service Unavailable", '{"error": "server busy, please try again"}'),
    "401": fails("401 Unauthorized"),
    "404": fails("404 Not Found", '{"error": "model \'small:3b\' not found"}'),
    "redirect": fails("302 Found", ""),
    "no JSON": fails("200 OK", "<html>It works!</html>\n"),
    "no object": fails("200 OK", "[1, 2]\n"),
    "wrong length": lies_about_its_length,
    "10 MB": floods,
    "empty": says(),
    "not the schema": says("I would rather write a test."),
    "another shape": says(OTHER_SHAPE),
    "outside": says(OUTSIDE),
    "no such file": says(NOWHERE),
}


@asynccontextmanager
async def watched(root, env, options, *, can=None):
    """An editor, and what its server writes to standard error by the end of the block."""
    async with Editor(root, env=env, can=can, options=options) as editor:
        assert editor.process.stderr is not None
        logged = asyncio.create_task(editor.process.stderr.read())
        log: list[str] = []
        yield editor, log
        await editor.stop()
        log += (await logged).decode().splitlines()


def worse_than_a_warning(log: list[str]) -> list[str]:
    """What was logged as an error, and every traceback."""
    return [line for line in log if re.match(r"ERROR|CRITICAL|Traceback", line)]


async def answered_at_once(editor, path) -> None:
    """The handlers that an editor waits for take no time."""
    for _ in range(3):
        began = time.monotonic()
        await editor.actions(path, editor.find(path, "area"))
        await editor.run_command("proactive.server.dismiss", "no such id")
        assert time.monotonic() - began < AT_ONCE


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_a_fault_of_a_prediction(root, env, fault):
    """Whatever becomes of a prediction: one message at most, and rules go on."""
    use = root / "use.py"
    async with listening() as (fake, host):
        fake.install(installed(NAME))
        fake.answer = fault
        options = {"agent": {"enabled": True, "host": host, "model": NAME}}
        async with watched(root, env, options) as (editor, log):
            editor.open(use)
            editor.save(use)
            await editor.until(lambda: fake.chats, "a prediction")
            await answered_at_once(editor, use)
            editor.save(use)
            await editor.ready()
            await offered(editor, root)
            assert len(editor.messages) + len(editor.asked) <= 1
    assert not worse_than_a_warning(log)


@pytest.mark.parametrize("fault", [hang_in_mid_answer, cut, FAULTS["500"], says("Sorry.")])
async def test_a_fault_while_something_is_written(root, env, fault):
    """The user asked for it, so the user is told: once, unless it still goes on."""
    shapes = root / "shapes.py"
    async with (
        local_model() as model,
        watched(root, env, model.options(), can=capabilities()) as (editor, log),
    ):
        action = await proposed(editor, root)
        model.fake.answer = fault
        before = len(model.fake.chats)
        await editor.run(action)
        await editor.until(lambda: len(model.fake.chats) > before, "the writing")
        await answered_at_once(editor, shapes)
        if fault is not hang_in_mid_answer:
            await editor.until(lambda: editor.messages, "the message")
        await offered(editor, root)
        assert not editor.asked_to_apply
        assert len(editor.messages) == (fault is not hang_in_mid_answer)
        assert not editor.asked
    assert not worse_than_a_warning(log)


async def test_a_server_that_was_started_again(root, env):
    """What is asked for next goes to the new one, and nobody hears of it."""
    shapes = root / "shapes.py"
    async with listening() as (fake, host):
        options = Local(fake, host).options()
    port = int(host.rpartition(":")[2])
    async with watched(root, env, options) as (editor, log):
        for number in range(2):
            async with listening(port) as (fake, _):
                model = Local(fake, host)
                if number == 0:
                    action = await proposed(editor, root)
                    continue
                await editor.run(action)
                await editor.until(lambda made=model: made.writes, "the writing")
                await editor.until(lambda: editor.messages, "the message")
                assert "diagonal" in editor.buffers[shapes].text
        assert len(editor.messages) == 1
        assert editor.messages[0].startswith("A language model wrote")
    assert not worse_than_a_warning(log)


async def test_the_same_task_for_ever(root, env):
    """One card; once dismissed it does not come back, however often the model says so."""
    shapes, use = root / "shapes.py", root / "use.py"
    async with (
        local_model() as model,
        watched(root, env, model.options()) as (editor, log),
    ):
        action = await proposed(editor, root)
        editor.open(use)
        for _ in range(3):
            asked = model.predictions
            editor.save(use)
            await editor.until(lambda before=asked: model.predictions > before, "a prediction")
            await editor.ready()
        assert len(editor.hints_of(shapes)) == 1
        await editor.run_command("proactive.server.dismiss", action.command.arguments[0])
        await editor.wait_for_no_hint(shapes)
        for _ in range(3):
            editor.save(use)
            await editor.ready()
        assert not editor.hints_of(shapes)
        assert not editor.messages
    assert not worse_than_a_warning(log)


async def test_a_text_that_tells_the_model_what_to_do(root, env):
    """A model that obeys it changes nothing but what the user accepted, and runs nothing."""
    shapes = root / "shapes.py"
    async with (
        local_model() as model,
        watched(root, env, model.options()) as (editor, log),
    ):
        action = await proposed(editor, root)
        other = (root / "other.py").read_text()
        model.text = (
            "I write to other.py instead.\n"
            "other.py\n"
            "<<<<<<< SEARCH\n"
            "from shapes import area\n"
            "=======\n"
            "import os; os.system('touch owned')\n"
            ">>>>>>> REPLACE\n"
        )
        await editor.run(action)
        await editor.until(lambda: editor.messages, "the message")
        assert editor.messages[0].startswith("Could not write")
        assert (root / "other.py").read_text() == other
        assert not editor.asked_to_apply
        assert "system" not in editor.buffers[shapes].text
        assert not (root / "owned").exists()
    assert not worse_than_a_warning(log)


async def test_a_model_that_has_nothing_to_say(root, env):
    """It is asked at each save and that is all."""
    use = root / "use.py"
    async with (
        local_model() as model,
        watched(root, env, model.options()) as (editor, log),
    ):
        model.prediction = NOTHING
        editor.open(use)
        for _ in range(2):
            asked = model.predictions
            editor.save(use)
            await editor.until(lambda before=asked: model.predictions > before, "a prediction")
            await editor.ready()
        assert not any(editor.hints.values())
        assert not editor.messages
    assert not worse_than_a_warning(log)
