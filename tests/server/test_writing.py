"""Accepting what a model must write, against the real server process and a model on a socket."""

import asyncio
import time
from pathlib import Path

import pytest
from lsprotocol import types

from tests.abilities import capabilities
from tests.driver import Editor
from tests.repositories import commit, git, write
from tests.server.local_model import NOTHING, TITLE, WRITTEN, local_model, proposed
from tests.server.opening import offered, recorded

# What a modern editor can do, and what most others can.
ALL = capabilities(annotations=True, progress=True, creates=True, tags=True, shows=True)
FEW = capabilities()
AFTER = "    diagonal = (width**2 + height**2) ** 0.5\n    return width * height, diagonal\n"


def answers(session: Path) -> list[str]:
    """What the recording says the user answered."""
    return [event["op"] for event in recorded(session) if event["type"] == "answer"]


def kinds(editor: Editor) -> list[str]:
    """What the progress told: begin, report or end."""
    return [told["kind"] for told in editor.progress]


async def test_from_the_action_to_the_edit(root, env, tmp_path):
    """The command answers at once; progress, then an edit to be confirmed, then it is accepted."""
    session, shapes = tmp_path / "session.jsonl", root / "shapes.py"
    async with (
        local_model() as model,
        Editor(root, env=env, can=ALL, options=model.options(), record=session) as editor,
    ):
        action = await proposed(editor, root)
        assert list(action.tags) == [types.CodeActionTag.LlmGenerated]
        assert (action.edit, action.data, action.is_preferred) == (None, None, None)
        assert [hint.code for hint in action.diagnostics] == ["predicted"]
        model.goes_on.clear()
        editor.ticks = True
        assert await editor.run(action) is None
        await editor.until(lambda: model.writes and editor.progress, "the progress")
        begun = editor.progress[0]
        assert (begun["kind"], begun["cancellable"]) == ("begin", True)
        assert TITLE in begun["title"]
        await asyncio.sleep(0.25)
        model.goes_on.set()
        await editor.until(lambda: editor.asked_to_apply, "the edit")
        (edit,) = editor.asked_to_apply
        assert [note.needs_confirmation for note in edit.change_annotations.values()] == [True]
        assert AFTER in editor.buffers[shapes].text
        await editor.wait_for_no_hint(shapes)
        assert kinds(editor)[0] == "begin"
        assert kinds(editor)[-1] == "end"
        assert not editor.messages
    assert answers(session) == ["accepted"]
    ours = [event for event in recorded(session) if event.get("origin")]
    assert [event["path"] for event in ours] == ["shapes.py"]


async def test_an_editor_that_cannot_preview_gets_it_at_once(root, env, tmp_path):
    """The user asked for this very text: it is applied, and a message says how to take it back."""
    session, shapes = tmp_path / "session.jsonl", root / "shapes.py"
    async with (
        local_model() as model,
        Editor(root, env=env, can=FEW, options=model.options(), record=session) as editor,
    ):
        action = await proposed(editor, root)
        assert action.tags is None
        await editor.run(action)
        await editor.until(lambda: editor.messages, "the message")
        assert AFTER in editor.buffers[shapes].text
        assert editor.asked_to_apply[0].change_annotations is None
        assert editor.messages == [f"A language model wrote “{TITLE}”; undo takes it back."]
        assert not editor.progress
        await editor.wait_for_no_hint(shapes)
    assert answers(session) == ["accepted"]


async def test_a_bare_command_writes_as_well(root, env):
    """For an editor that knows no action literals."""
    shapes = root / "shapes.py"
    can = capabilities(literals=False, resolve=False, document_changes=False)
    async with (
        local_model() as model,
        Editor(root, env=env, can=can, options=model.options()) as editor,
    ):
        editor.open(shapes)
        editor.type_text(shapes, "height\n", "# to be measured\n")
        editor.save(shapes)
        await editor.wait_for_hint(shapes, "predicted")
        write, *_ = await editor.actions(shapes, editor.find(shapes, "return"))
        assert isinstance(write, types.Command)
        await editor.run(write)
        await editor.until(lambda: AFTER in editor.buffers[shapes].text, "the text")


async def test_by_itself_the_editor_is_offered_to_have_it_written(root, env):
    """The one action of an automatic request."""
    shapes = root / "shapes.py"
    async with (
        local_model() as model,
        Editor(root, env=env, can=ALL, options=model.options()) as editor,
    ):
        await proposed(editor, root)
        (action,) = await editor.actions(shapes, editor.find(shapes, "return"), invoked=False)
        assert action.title == f"Write it: {TITLE}"


async def test_the_button_stops_it_on_the_wire(root, env, tmp_path):
    """Nothing is applied, nothing is said, nothing is learned; the card still stands."""
    session, shapes = tmp_path / "session.jsonl", root / "shapes.py"
    async with (
        local_model() as model,
        Editor(root, env=env, can=ALL, options=model.options(), record=session) as editor,
    ):
        action = await proposed(editor, root)
        model.goes_on.clear()
        model.fake.hung_up.clear()
        await editor.run(action)
        await editor.until(lambda: model.writes and editor.progress)
        editor.cancel_progress()
        await asyncio.wait_for(model.fake.hung_up.wait(), 5)
        await editor.until(lambda: kinds(editor)[-1] == "end", "the end of the progress")
        await editor.ready()
        assert editor.hints_of(shapes)
        assert not editor.messages
        assert not editor.asked_to_apply
        # It may be asked for again.
        model.goes_on.set()
        editor.ticks = True
        await editor.run(action)
        await editor.until(lambda: AFTER in editor.buffers[shapes].text, "the text")
    assert answers(session) == ["accepted"]


def turn_off(editor: Editor, root: Path) -> None:
    """The workspace asks for silence."""
    editor.settings = {"enabled": False}
    editor.client.workspace_did_change_configuration(
        types.DidChangeConfigurationParams(settings=None)
    )


def close_folder(editor: Editor, root: Path) -> None:
    """The folder leaves the workspace."""
    folder = types.WorkspaceFolder(root.as_uri(), root.name)
    editor.client.workspace_did_change_workspace_folders(
        types.DidChangeWorkspaceFoldersParams(types.WorkspaceFoldersChangeEvent([], [folder]))
    )


@pytest.mark.parametrize("end", [turn_off, close_folder])
async def test_off_stops_it_on_the_wire(root, env, end):
    """Whoever wants nothing more has nothing asked any more, and hears what became of it."""
    can = capabilities(annotations=True, progress=True, configuration=True)
    async with (
        local_model() as model,
        Editor(root, env=env, can=can, options=model.options()) as editor,
    ):
        action = await proposed(editor, root)
        model.goes_on.clear()
        model.fake.hung_up.clear()
        await editor.run(action)
        await editor.until(lambda: model.writes and editor.progress)
        end(editor, root)
        await asyncio.wait_for(model.fake.hung_up.wait(), 5)
        await editor.until(lambda: editor.messages, "the message")
        assert "turned off meanwhile" in editor.messages[0]
        assert model.writes == 1


async def test_what_was_not_written_is_one_message_and_teaches_nothing(root, env, tmp_path):
    """An answer that is no edit, and an editor that does not apply one."""
    session, shapes = tmp_path / "session.jsonl", root / "shapes.py"
    async with (
        local_model() as model,
        Editor(root, env=env, can=FEW, options=model.options(), record=session) as editor,
    ):
        action = await proposed(editor, root)
        model.text = "I am sorry, I cannot do that."
        await editor.run(action)
        await editor.until(lambda: editor.messages, "the message")
        model.text, editor.applies = WRITTEN, False
        await editor.run(action)
        await editor.until(lambda: len(editor.messages) == 2, "the other message")
        assert all(text.startswith(f"Could not write “{TITLE}”: ") for text in editor.messages)
        assert "did not apply" in editor.messages[1]
        await editor.ready()
        assert editor.hints_of(shapes)
        assert "diagonal" not in editor.buffers[shapes].text
    assert answers(session) == []


async def test_who_types_on_at_that_place_gets_no_edit(root, env, tmp_path):
    """What was written is stale then, and a message says so."""
    session, shapes = tmp_path / "session.jsonl", root / "shapes.py"
    async with (
        local_model() as model,
        Editor(root, env=env, can=FEW, options=model.options(), record=session) as editor,
    ):
        action = await proposed(editor, root)
        model.goes_on.clear()
        await editor.run(action)
        await editor.until(lambda: model.writes)
        editor.replace(shapes, "width * height", "height * width")
        await editor.ready()
        model.goes_on.set()
        await editor.until(lambda: editor.messages, "the message")
        assert "diagonal" not in editor.buffers[shapes].text
        assert not editor.asked_to_apply
    assert answers(session) == []


async def test_the_newest_wish_wins(root, env):
    """The same again changes nothing; dismissing the card gives its text up."""
    async with (
        local_model() as model,
        Editor(root, env=env, can=ALL, options=model.options()) as editor,
    ):
        action = await proposed(editor, root)
        model.goes_on.clear()
        await editor.run(action)
        await editor.until(lambda: model.writes == 1)
        await editor.run(action)
        await editor.ready()
        assert model.writes == 1
        model.fake.hung_up.clear()
        await editor.run_command("proactive.server.dismiss", action.command.arguments[0])
        await asyncio.wait_for(model.fake.hung_up.wait(), 5)
        await editor.until(lambda: kinds(editor)[-1] == "end")
        assert not editor.messages


async def test_the_user_goes_first(root, env):
    """A prediction under way is hung up on, and none begins while something is written."""
    shapes, use = root / "shapes.py", root / "use.py"
    can = capabilities(own=True, progress=True)
    async with (
        local_model() as model,
        Editor(root, env=env, can=can, options=model.options()) as editor,
    ):
        action = await proposed(editor, root)
        editor.open(use)
        before = model.predictions
        model.goes_on.clear()
        editor.save(use)
        await editor.until(lambda: model.predictions == before + 1, "a prediction")
        model.fake.hung_up.clear()
        await editor.run(action)
        await asyncio.wait_for(model.fake.hung_up.wait(), 5)
        await editor.until(lambda: model.writes == 1, "the writing")
        await editor.until(lambda: editor.statuses[-1]["state"] == "writing", "the status")
        editor.save(use)
        editor.save(shapes)
        await editor.ready()
        assert model.predictions == before + 1
        assert model.fake.most_answering == 1
        model.goes_on.set()
        await editor.until(lambda: editor.asked_to_apply, "the edit")
        await editor.until(lambda: editor.statuses[-1]["state"] != "writing", "the status")


async def test_nobody_waits_for_a_model_that_writes(root, env):
    """Code actions and rules go on as ever."""
    shapes = root / "shapes.py"
    async with (
        local_model() as model,
        Editor(root, env=env, can=ALL, options=model.options()) as editor,
    ):
        action = await proposed(editor, root)
        model.goes_on.clear()
        began = time.monotonic()
        await editor.run(action)
        assert time.monotonic() - began < 1.0
        await editor.until(lambda: model.writes)
        began = time.monotonic()
        assert await editor.actions(shapes, editor.find(shapes, "return"))
        assert time.monotonic() - began < 1.0
        await offered(editor, root)
        assert model.writes == 1


@pytest.mark.parametrize("own", [True, False])
async def test_the_draft_of_a_message_is_handed_over(root, env, own):
    """To a client of ours, or as a message to copy from; no file is touched."""
    shapes = root / "shapes.py"
    can = capabilities(own=own, progress=True)
    draft = "Add `volume`, the space that a box takes"
    async with (
        local_model() as model,
        Editor(root, env=env, can=can, options=model.options(only="commit-message")) as editor,
    ):
        model.text, model.prediction = draft, NOTHING
        editor.open(shapes)
        editor.type_text(shapes, "height\n", "\n\ndef volume(a, b, c):\n    return a * b * c\n")
        editor.save(shapes)
        await editor.ready()
        git(root, "add", "shapes.py")
        editor.save(shapes)
        hint = await editor.wait_for_hint(shapes, "commit-message")
        actions = await editor.actions(shapes, hint.range)
        action = next(action for action in actions if action.title.startswith("Write it: "))
        assert len(action.title) <= 80
        await editor.run(action)
        told = editor.written if own else editor.messages
        await editor.until(lambda: told, "the draft")
        text = editor.written[0]["text"] if own else editor.messages[0]
        assert draft in text
        assert not editor.asked_to_apply


@pytest.mark.parametrize("creates", [True, False])
async def test_a_new_file(root, env, tmp_path, creates):
    """Made by the editor where it can; else a message says what to do."""
    session, shapes = tmp_path / "session.jsonl", root / "shapes.py"
    write(root, {"tests/test_use.py": "def test_use():\n    assert True\n"})
    commit(root, "Test the use")
    can = capabilities(creates=creates, progress=True)
    test = "from shapes import area\n\n\ndef test_area():\n    assert area(2, 3) == 6\n"
    async with (
        local_model() as model,
        Editor(root, env=env, can=can, options=model.options(), record=session) as editor,
    ):
        model.text = f"```python\n{test}```\n"
        model.prediction = model.prediction | {"kind": "test", "task": "Test `area`"}
        model.prediction |= {"quoted_line": "def area(width, height, unit):"}
        editor.open(shapes)
        editor.type_text(shapes, "height\n", "# to be measured\n")
        editor.save(shapes)
        await editor.wait_for_hint(shapes, "predicted")
        actions = await editor.actions(shapes, editor.find(shapes, "area"))
        action = next(action for action in actions if action.title == "Write it: Test `area`")
        await editor.run(action)
        await editor.until(lambda: editor.messages, "a message")
        made = [path for path in root.rglob("test_*.py") if "area" in path.read_text()]
        assert len(made) == creates
        assert bool(editor.asked_to_apply) is creates
        if creates:
            await editor.wait_for_no_hint(shapes)
        else:
            assert "makes no files for a server" in editor.messages[0]
    assert answers(session) == ["accepted"] * creates
