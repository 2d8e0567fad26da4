"""What is learned outlives the server, counts only what was seen, and can be forgotten."""

import asyncio

import pytest
from pygls.exceptions import JsonRpcException

from tests.abilities import capabilities
from tests.driver import Editor
from tests.server.opening import offered, recorded

FORGET = "proactive.server.forgetLearned"


async def test_what_was_learned_is_there_after_a_restart_until_it_is_forgotten(root, env):
    async with Editor(root, env=env, can=capabilities(own=True)) as editor:
        action = await offered(editor, root)
        await editor.run_command("proactive.server.dismiss", action.data["id"])
        await editor.wait_for_no_hint(root / "shapes.py")
    async with Editor(root, env=env, can=capabilities(own=True)) as editor:
        assert (
            await editor.run_command(FORGET, "line-clone") == "Nothing was learned of line-clone."
        )
        text = await editor.run_command(FORGET, "broken-call")
        assert text == "Forgot what was learned of broken-call; the shipped weights hold again."
        assert await editor.run_command(FORGET) == "Nothing was learned."
        assert not editor.messages
        with pytest.raises(JsonRpcException, match="no kind is called 'brocken'"):
            await editor.run_command(FORGET, "brocken")
        with pytest.raises(JsonRpcException, match="argument 1 must be a kind of need or null"):
            await editor.run_command(FORGET, 7)


async def test_a_client_that_is_not_ours_gets_a_message(root, env):
    async with Editor(root, env=env) as editor:
        assert await editor.run_command(FORGET, None) == "Nothing was learned."
        await editor.until(lambda: editor.messages)
        assert editor.messages == ["Nothing was learned."]


@pytest.mark.parametrize("shown", [True, False])
async def test_ignoring_counts_when_the_client_showed_it(root, env, tmp_path, shown):
    """A client that never says what it shows never teaches by being ignored."""
    session = tmp_path / "session.jsonl"
    async with Editor(root, env=env, can=capabilities(own=True), record=session) as editor:
        action = await offered(editor, root)
        id = action.data["id"]
        if shown:
            editor.tell("proactive/didShow", {"id": id})
        # A card that was there for less than a second was not read.
        await asyncio.sleep(1.2)
        editor.tell("proactive/event", {"type": "answer", "id": id, "op": "ignored"})
        await editor.wait_for_no_hint(root / "shapes.py")
        text = await editor.run_command(FORGET)
    assert text.startswith("Forgot what was learned of broken-call" if shown else "Nothing")
    told = [(event.get("op")) for event in recorded(session) if event["type"] == "suggestion"]
    assert ("shown" in told) is shown
