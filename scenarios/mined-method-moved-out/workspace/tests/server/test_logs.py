"""The log tells a card's story by its id, and words of the user's files only to who debugs."""

import asyncio

import pytest

from tests.driver import Editor
from tests.server.opening import offered

WORD = "cartographer"


async def logged(root, env, level):
    """The id of a card that is offered and accepted, and what the server logs meanwhile."""
    shapes = root / "shapes.py"
    for name in ("shapes.py", "use.py", "other.py"):
        path = root / name
        path.write_text(path.read_text().replace("area", WORD))
    async with Editor(root, env=env, options={"logLevel": level}) as editor:
        stderr = editor.process.stderr
        assert stderr is not None
        reading = asyncio.create_task(stderr.read())
        editor.open(shapes)
        editor.replace(shapes, ", unit):", "):")
        editor.save(shapes)
        await editor.wait_for_hint(shapes, "broken-call")
        action, *_ = await editor.actions(shapes, editor.find(shapes, WORD))
        await editor.accept(action)
        await editor.wait_for_no_hint(shapes)
        editor.tell("proactive/event", {"type": "command", "line": f"echo {WORD}"})
        await editor.ready()
        await editor.stop()
        return action.data["id"], (await reading).decode()


async def test_at_info_it_has_ids_and_no_words(root, env):
    id, text = await logged(root, env, "info")
    story = [line for line in text.splitlines() if id in line]
    assert [line.split(": ", 1)[0] for line in story] == ["INFO proactive_lsp.server.story"] * 4
    assert "offered: broken-call at a save" in story[0]
    assert story[2].endswith("was accepted")
    assert "stands no longer" in story[3]
    assert "handed out: 2 edits in 2 files" in story[1]
    assert WORD not in text
    assert "Traceback" not in text


async def test_at_debug_it_has_titles(root, env):
    id, text = await logged(root, env, "debug")
    assert f"DEBUG proactive_lsp.server.story: {id} is “" in text
    assert WORD in text
    assert "DEBUG proactive_lsp.server.story: event: save" in text


async def test_at_error_it_has_nothing_of_all_that(root, env):
    assert (await logged(root, env, "error"))[1] == ""


@pytest.mark.parametrize("level", ["loud", 3])
async def test_a_wrong_level_is_one_message(root, env, level):
    async with Editor(root, env=env, options={"logLevel": level}) as editor:
        await editor.until(lambda: editor.messages)
        (message,) = editor.messages
        assert "logLevel is wrong" in message
        assert 'using "info"' in message
        await offered(editor, root)
