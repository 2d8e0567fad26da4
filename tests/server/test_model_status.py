"""What an editor sees of the model: its state, what is worth a message, pulling, and battery."""

import asyncio
import json

import pytest
from pygls.exceptions import JsonRpcException

from tests.abilities import capabilities
from tests.driver import Editor
from tests.llm.conftest import Exchange, installed, listening
from tests.server.local_model import NAME, NOTHING, PREDICTION, local_model
from tests.server.opening import recorded

OWN = capabilities(own=True, progress=True)
OTHER = capabilities(progress=True)
PULL, STATUS = "proactive.server.pull", "proactive.server.status"


async def save(editor, root):
    """A moment at which the model is asked, where it may be."""
    use = root / "use.py"
    if use not in editor.buffers:
        editor.open(use)
    editor.save(use)


async def test_the_status_has_the_model(root, env):
    """As a notification to a client of ours, and as a command to any."""
    async with (
        local_model() as model,
        Editor(root, env=env, can=OWN, options=model.options()) as editor,
    ):
        model.prediction = NOTHING
        await save(editor, root)
        await editor.until(
            lambda: editor.statuses and (editor.statuses[-1]["model"] or {}).get("callsThisHour"),
            "a call",
        )
        await editor.until(lambda: editor.statuses[-1]["state"] == "quiet", "quiet")
        status = editor.statuses[-1]
        assert status["model"] == {
            "name": NAME,
            "host": model.host,
            "state": "ready",
            "message": "",
            "callsThisHour": 1,
            "tokensThisHour": 15,
        }
        assert (status["state"], status["count"], status["message"]) == ("quiet", 0, "")
        assert await editor.run_command(STATUS) == status


async def test_who_chooses_a_model_gets_a_list_of_those_that_are_there(root, env):
    """Only when asked for it; without an answer there is none, and nothing of it is an error."""
    async with listening() as (fake, host):
        options = {"agent": {"enabled": True, "host": host}}
        async with Editor(root, env=env, can=OWN, options=options) as editor:
            fake.install(installed("small:3b"), installed("huge:70b", "70B", size=None))
            assert "installed" not in (await editor.run_command(STATUS))["model"]
            assert not fake.asked
            status = await editor.run_command(STATUS, True)
            assert status["model"]["installed"] == [
                {"name": "small:3b", "size": 2_000_000_000, "parameters": "3.1B"},
                {"name": "huge:70b", "size": None, "parameters": "70B"},
            ]
            assert not fake.chats
            fake.pages.pop("/api/tags")
            assert (await editor.run_command(STATUS, True))["model"]["installed"] is None
            assert not editor.messages


async def test_a_late_prediction_is_recorded_though_nothing_else_happens(root, env, tmp_path):
    """It comes after everything else was written down, and nobody looks at git meanwhile."""
    session, watching = tmp_path / "session.jsonl", capabilities(watchers=True)

    def offered():
        return [event for event in recorded(session) if event["type"] == "suggestion"]

    async with (
        local_model() as model,
        Editor(root, env=env, can=watching, options=model.options(), record=session) as editor,
    ):
        model.goes_on.clear()
        editor.open(root / "shapes.py")
        editor.save(root / "shapes.py")
        await editor.until(lambda: model.predictions, "a prediction")
        await editor.until(lambda: recorded(session), "what came before it")
        model.goes_on.set()
        await editor.wait_for_hint(root / "shapes.py", "predicted")
        await editor.until(offered, "the offer")
        assert [(event["op"], event["path"]) for event in offered()] == [
            ("offered", PREDICTION["path"])
        ]


async def test_the_model_that_is_off(root, env):
    """It has no state, and there is nothing to pull."""
    async with Editor(root, env=env) as editor:
        await editor.ready()
        assert (await editor.run_command(STATUS))["model"] is None
        with pytest.raises(JsonRpcException, match="the model is off"):
            await editor.run_command(PULL, "small")


async def test_down_and_back_are_one_message_each(root, env):
    """Whatever is asked for in between; a client of ours gets none, since it shows the status."""
    for can, messages in ((OTHER, 2), (OWN, 0)):
        async with listening() as (_, host):
            port = int(host.rpartition(":")[2])
        options = {"agent": {"enabled": True, "host": host, "model": NAME}}
        async with Editor(root, env=env, can=can, options=options) as editor:
            await save(editor, root)
            await until_state(editor, "down")
            for _ in range(3):
                await save(editor, root)
                await editor.ready()
            assert len(editor.messages) == bool(messages)
            async with listening(port) as (fake, _):
                fake.install(installed(NAME))
                fake.pages["/api/pull"] = {"status": "success"}
                # What the user asks for does not wait until the server is tried again.
                await editor.run_command(PULL, NAME)
                await editor.until(
                    lambda: any("installed" in text for text in editor.messages), "the pull"
                )
                await save(editor, root)
                await until_state(editor, "ready")
                await editor.ready()
            told = [text for text in editor.messages if "installed" not in text]
            assert len(told) == messages
            if messages:
                assert "No Ollama at" in told[0]
                assert "answers again" in told[1]


async def until_state(editor, state):
    """Until the model is in a state, asked by the command."""
    for _ in range(200):
        status = await editor.run_command(STATUS)
        if (status["model"] or {}).get("state") == state:
            return status
        await asyncio.sleep(0.05)
    raise TimeoutError(f"the model is {status['model']} and not {state}")


async def test_nobody_is_told_of_a_model_that_nobody_wants(root, env):
    """A machine without Ollama, and settings that do not name one."""
    alone = {**env, "OLLAMA_HOST": ""}
    options = {"agent": {"enabled": True}, "proactive": False}
    async with Editor(root, env=alone, can=OTHER, options=options) as editor:
        await save(editor, root)
        try:
            await until_state(editor, "down")
        except TimeoutError:
            pytest.skip("an Ollama runs on this machine")
        await editor.ready()
        assert not editor.messages


async def test_an_untrusted_workspace_has_no_model(root, env):
    """Whether or not the client turns it off by itself."""
    async with local_model() as model:
        options = {**model.options(), "trusted": False}
        async with Editor(root, env=env, can=OTHER, options=options) as editor:
            await save(editor, root)
            await editor.ready()
            assert (await editor.run_command(STATUS))["model"] is None
            assert (await editor.run_command(STATUS, True))["model"] is None
        assert model.fake.asked == []


async def lines(exchange: Exchange, *, goes_on: asyncio.Event) -> None:
    """A download of ten parts that waits after the third."""
    await exchange.start()
    for part in range(10):
        told = {"status": "pulling 1234", "digest": "sha256:1234", "total": 10, "completed": part}
        await exchange.send(json.dumps(told).encode() + b"\n")
        await asyncio.sleep(0.25)
        if part == 3:
            await goes_on.wait()
    await exchange.send(b'{"status": "success"}\n')
    await exchange.send(b"")


async def test_a_missing_model_is_offered_once(root, env):
    """Nothing is pulled unless the user presses the button; then it is, with progress."""
    goes_on = asyncio.Event()
    async with listening() as (fake, host):
        fake.install(installed("huge:70b", "70B"))
        fake.answer = lambda exchange: lines(exchange, goes_on=goes_on)
        options = {"agent": {"enabled": True, "host": host}}
        async with Editor(root, env=env, can=OTHER, options=options) as editor:
            editor.button = "Not now"
            for _ in range(3):
                await save(editor, root)
                await editor.ready()
            await editor.until(lambda: editor.asked, "the offer")
            await editor.ready()
            (offer,) = editor.asked
            assert "Pull qwen2.5-coder:3b (1.9 GB)?" in offer.message
            assert [button.title for button in offer.actions] == ["Pull", "Not now"]
            assert "pull" not in fake.paths()
            assert not editor.messages
        async with Editor(root, env=env, can=OTHER, options=options) as editor:
            editor.button = "Pull"
            await save(editor, root)
            await editor.until(lambda: "pull" in fake.paths(), "the pull")
            await editor.until(lambda: any("percentage" in told for told in editor.progress))
            assert (await editor.run_command(STATUS))["model"]["state"] == "pulling"
            goes_on.set()
            await editor.until(lambda: editor.messages, "the end")
            assert editor.messages == ["qwen2.5-coder:3b is installed"]
            assert editor.progress[-1]["kind"] == "end"


async def test_a_pull_can_be_stopped(root, env):
    """The connection is closed, and nothing is said."""
    async with listening() as (fake, host):
        fake.install()
        fake.answer = lambda exchange: lines(exchange, goes_on=asyncio.Event())
        options = {"agent": {"enabled": True, "host": host}}
        async with Editor(root, env=env, can=OTHER, options=options) as editor:
            await editor.ready()
            for name in ("no such name", "-x", 7):
                with pytest.raises(JsonRpcException, match=r"argument 1|can be called"):
                    await editor.run_command(PULL, name)
            await editor.run_command(PULL, "small:3b")
            await editor.until(lambda: editor.progress and "pull" in fake.paths(), "the pull")
            fake.hung_up.clear()
            editor.cancel_progress()
            await asyncio.wait_for(fake.hung_up.wait(), 5)
            await editor.until(lambda: editor.progress[-1]["kind"] == "end")
            await editor.ready()
            assert not editor.messages


async def test_it_rests_on_battery(root, env):
    """As far as the client tells; what makes no sense is ignored."""
    async with (
        local_model() as model,
        Editor(root, env=env, can=OWN, options=model.options()) as editor,
    ):
        model.prediction = NOTHING
        editor.tell("proactive/power", {"onBattery": "maybe"})
        editor.tell("proactive/power", {"onBattery": True})
        await save(editor, root)
        await until_state(editor, "paused")
        await editor.ready()
        assert not model.predictions
        editor.tell("proactive/power", {"onBattery": False})
        await save(editor, root)
        await editor.until(lambda: model.predictions, "a prediction")
        assert not editor.messages
