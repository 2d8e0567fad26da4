"""Editors that can do less, or more: what each gets, against the real server process."""

from itertools import pairwise

from lsprotocol import types

from tests.abilities import capabilities
from tests.driver import Editor
from tests.repositories import repository, write
from tests.server.conftest import SHAPES, USE
from tests.server.opening import offered, recorded

CONTENT_MODIFIED, REQUEST_CANCELLED = -32801, -32800


async def test_a_client_without_resolve(root, env, tmp_path):
    """The edit stands in the first answer."""
    session = tmp_path / "session.jsonl"
    can = capabilities(resolve=False)
    async with Editor(root, env=env, can=can, record=session) as editor:
        editor.open(root / "use.py")
        action = await offered(editor, root)
        assert action.edit is not None
        await editor.accept(action)
        await editor.wait_for_no_hint(root / "shapes.py")
        assert "area(2, 3))" in editor.buffers[root / "use.py"].text
    answers = [event["op"] for event in recorded(session) if event["type"] == "answer"]
    assert answers == ["accepted"]


async def test_a_client_without_action_literals(root, env, tmp_path):
    """It gets bare commands, and the server has it apply the edit."""
    session = tmp_path / "session.jsonl"
    can = capabilities(literals=False, resolve=False, document_changes=False)
    shapes, use = root / "shapes.py", root / "use.py"
    async with Editor(root, env=env, can=can, record=session) as editor:
        editor.open(use)
        editor.open(shapes)
        editor.replace(shapes, ", unit):", "):")
        editor.save(shapes)
        await editor.wait_for_hint(shapes)
        accept, more = await editor.actions(shapes, editor.find(shapes, "area"))
        assert isinstance(accept, types.Command)
        assert isinstance(more, types.Command)
        await editor.run(accept)
        assert "area(2, 3))" in editor.buffers[use].text
        await editor.wait_for_no_hint(shapes)
    answers = [event["op"] for event in recorded(session) if event["type"] == "answer"]
    assert answers == ["accepted"]


async def test_no_workspace_folder(root, env):
    """The open documents alone are served."""
    async with Editor(env=env) as editor:
        editor.open(root / "use.py")
        action = await offered(editor, root)
        await editor.accept(action)
        assert "area(2, 3))" in editor.buffers[root / "use.py"].text
        assert 'area(4, 5, "m")' in (root / "other.py").read_text()


async def test_a_client_of_ours_gets_the_lists(root, env):
    """`proactive/suggestions` and `proactive/status`, each only when it changed."""
    async with Editor(root, env=env, can=capabilities(own=True)) as editor:
        action = await offered(editor, root)
        await editor.until(lambda: editor.suggestions)
        (card,) = editor.suggestions
        assert card["id"] == action.data["id"]
        assert card["need"] == "broken-call"
        assert card["trigger"] == "save"
        assert {place["after"] for place in card["places"]} == {"(2, 3)", "(4, 5)"}
        editor.tell("proactive/didShow", {"id": card["id"]})
        text = await editor.run_command("proactive.server.explain", card["id"])
        assert "area" in text
        assert not editor.asked
        await editor.run_command("proactive.server.snooze", 5)
        await editor.until(lambda: not editor.suggestions)
        await editor.wait_for_no_hint(root / "shapes.py")
        await editor.run_command("proactive.server.snooze", 0)
        await editor.until(lambda: editor.suggestions)
        states = [status["state"] for status in editor.statuses]
        assert states[-3:] == ["suggestions", "snoozed", "suggestions"]
        assert all(a != b for a, b in pairwise(states))


async def test_other_clients_get_a_message_with_buttons(root, env):
    """Explain shows the evidence, and its buttons answer."""
    async with Editor(root, env=env) as editor:
        action = await offered(editor, root)
        editor.button = "Dismiss"
        await editor.run_command("proactive.server.explain", action.data["id"])
        await editor.wait_for_no_hint(root / "shapes.py")
        assert "area" in editor.asked[0].message
        assert not editor.suggestions
        assert not editor.statuses


async def test_uncertain_places_wait_for_a_tick(tmp_path, env):
    """A mention in prose is offered unticked, or left out where the client cannot ask."""
    code = "def compute_area(side):\n    return side * side\n"
    prose = "Call `compute_area` with the side.\n"
    root = repository(tmp_path / "workspace", {"shapes.py": code, "README.md": prose})
    shapes, readme = root / "shapes.py", root / "README.md"
    use = "from shapes import compute_area\n\nprint(compute_area(2))\n"
    for annotations in (True, False):
        write(root, {"shapes.py": code, "use.py": use})
        can = capabilities(annotations=annotations)
        async with Editor(root, env=env, can=can) as editor:
            editor.open(shapes)
            editor.open(readme)
            editor.replace(shapes, "compute_area", "square_area")
            editor.save(shapes)
            await editor.wait_for_hint(shapes, "renamed-mention")
            action, *_ = await editor.actions(shapes, editor.find(shapes, "square_area"))
            assert action.title.endswith("(in 1 file)") is not annotations
            resolved = await editor.resolve(action)
            notes = resolved.edit.change_annotations or {}
            assert [note.needs_confirmation for note in notes.values()] == [True] * annotations
            editor.apply(resolved.edit, unsure=True)
            assert ("square_area" in editor.buffers[readme].text) is annotations


async def test_no_model_is_one_status(root, env):
    """Nobody answers at the model's host: the status says so and everything else works."""
    options = {"agent": {"enabled": True, "host": "http://127.0.0.1:9", "model": "none"}}
    async with Editor(root, env=env, can=capabilities(own=True), options=options) as editor:
        editor.open(root / "use.py")
        editor.save(root / "use.py")
        await editor.until(
            lambda: editor.statuses and editor.statuses[-1]["state"] == "model-down",
            "the status",
        )
        assert "127.0.0.1:9" in editor.statuses[-1]["message"]
        await offered(editor, root)
        await editor.until(lambda: editor.statuses[-1]["state"] == "suggestions")


async def test_the_same_project_in_two_roots(tmp_path, env):
    """Their cards have the same ids, and accepting in one leaves the other alone."""
    files = {"shapes.py": SHAPES, "use.py": USE}
    one, two = repository(tmp_path / "one", files), repository(tmp_path / "two", files)
    can = capabilities(literals=False, resolve=False, document_changes=False)
    async with Editor(one, two, env=env, can=can) as editor:
        for root in (one, two):
            editor.open(root / "shapes.py")
            editor.open(root / "use.py")
            editor.replace(root / "shapes.py", ", unit):", "):")
            editor.save(root / "shapes.py")
            await editor.wait_for_hint(root / "shapes.py")
        shapes = two / "shapes.py"
        accept, _ = await editor.actions(shapes, editor.find(shapes, "area"))
        await editor.run(accept)
        await editor.wait_for_no_hint(shapes)
        assert "area(2, 3))" in editor.buffers[two / "use.py"].text
        assert editor.buffers[one / "use.py"].text == USE
        await editor.wait_for_hint(one / "shapes.py")


async def test_what_was_shown_is_shown_in_its_folder(tmp_path, env):
    """Which a client names, since the ids are the same in both; without one it is the first."""
    files = {"shapes.py": SHAPES, "use.py": USE}
    roots = [repository(tmp_path / name, files) for name in ("one", "two")]
    async with Editor(*roots, env=env, can=capabilities(own=True)) as editor:
        for root in roots:
            await offered(editor, root)
        await editor.until(lambda: len(editor.suggestions) == 2)
        (id,) = {card["id"] for card in editor.suggestions}

        async def shown():
            pages = [
                await editor.run_command("proactive.server.explain", "memory", root.as_uri())
                for root in roots
            ]
            return ["was shown" in page for page in pages]

        editor.tell("proactive/didShow", {"id": id, "folder": "file:///nowhere"})
        assert await shown() == [False, False]
        editor.tell("proactive/didShow", {"id": id, "folder": roots[1].as_uri()})
        assert await shown() == [False, True]
        editor.tell("proactive/didShow", {"id": id})
        assert await shown() == [True, True]


async def test_an_action_without_an_edit_resolves_to_itself(root, env):
    """Some clients resolve every action before they run its command."""
    shapes = root / "shapes.py"
    async with Editor(root, env=env) as editor:
        await offered(editor, root)
        actions = await editor.actions(shapes, editor.find(shapes, "area"))
        more = next(action for action in actions if action.title == "Proactive…")
        assert await editor.resolve(more) == more


async def test_a_language_the_client_does_not_name(root, env):
    """The file's name tells it as well."""
    shapes = root / "shapes.py"
    async with Editor(root, env=env) as editor:
        editor.open(shapes, language="")
        editor.replace(shapes, ", unit):", "):")
        editor.save(shapes)
        await editor.wait_for_hint(shapes)
