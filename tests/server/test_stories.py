"""Sessions at the keyboard, against the real server process."""

import asyncio
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.uris import to_fs_path

from proactive_lsp.lines import split_lines
from tests.abilities import capabilities
from tests.driver import Editor
from tests.repositories import git, repository, write
from tests.server.conftest import SHAPES, USE
from tests.server.opening import offered, recorded

CONTENT_MODIFIED, REQUEST_CANCELLED = -32801, -32800


def text_of(uri):
    return Path(to_fs_path(uri)).read_text(encoding="utf-8")


async def test_from_an_edit_to_an_accepted_action(root, env, tmp_path):
    """Edit, save, hint, action, resolve, apply, accepted: in an open and in an unopened file."""
    session = tmp_path / "session.jsonl"
    async with Editor(root, env=env, record=session) as editor:
        editor.open(root / "use.py")
        action = await offered(editor, root)
        assert action.kind == "quickfix.proactive"
        assert action.edit is None
        assert not action.is_preferred
        await editor.accept(action)
        assert "area(2, 3))" in editor.buffers[root / "use.py"].text
        assert "area(4, 5)\n" in (root / "other.py").read_text()
        for name in ("shapes.py", "use.py", "other.py"):
            await editor.wait_for_no_hint(root / name)
    events = recorded(session)
    answers = [event for event in events if event["type"] == "answer"]
    assert [answer["op"] for answer in answers] == ["accepted"]
    ours = [event for event in events if event["type"] == "edit" and "origin" in event]
    assert [event["path"] for event in ours] == ["use.py", "other.py"]
    assert {event["origin"] for event in ours} == {answers[0]["id"]}


async def test_our_own_edit_is_never_answered_by_its_inverse(root, env):
    """A reordered call fits either way; once accepted it is not offered back, open or not."""
    shapes, use, other = root / "shapes.py", root / "use.py", root / "other.py"
    async with Editor(root, env=env) as editor:
        editor.open(shapes)
        editor.open(use)
        editor.replace(shapes, "width, height,", "height, width,")
        editor.save(shapes)
        await editor.wait_for_hint(shapes, "broken-call")
        action, *_ = await editor.actions(shapes, editor.find(shapes, "area"))
        await editor.accept(action)
        assert 'area(3, 2, "cm")' in editor.buffers[use].text
        assert 'area(5, 4, "m")' in other.read_text()
        for path in (use, other, shapes):
            await editor.wait_for_no_hint(path)
        editor.save(use)
        editor.open(other)
        editor.save(other)
        await editor.ready()
        assert not any(editor.hints.values())


async def test_a_hint_is_small(root, env):
    """One token, severity hint, our source, the kind as code, the id as data."""
    async with Editor(root, env=env) as editor:
        action = await offered(editor, root)
        (hint,) = editor.hints_of(root / "shapes.py")
        assert hint.severity == types.DiagnosticSeverity.Hint
        assert (hint.source, hint.code) == ("proactive", "broken-call")
        assert hint.range == editor.find(root / "shapes.py", "area")
        assert len(hint.message) <= 80
        assert hint.data == {"id": action.data["id"]}
        assert editor.hint_versions[(root / "shapes.py").as_uri()] == 2
        assert list(action.diagnostics) == [hint]
        await editor.wait_for_hint(root / "use.py")


async def test_dismissed_never_returns(root, env):
    """Not after another save, and not after a restart of the server."""
    shapes = root / "shapes.py"
    async with Editor(root, env=env) as editor:
        action = await offered(editor, root)
        await editor.run_command("proactive.server.dismiss", action.data["id"])
        await editor.wait_for_no_hint(shapes)
        editor.type_text(shapes, "height\n", "# again\n")
        editor.save(shapes)
        await editor.ready()
        assert not editor.hints_of(shapes)
    shapes.write_text((root / "shapes.py").read_text().replace("height):", "height, unit):"))
    async with Editor(root, env=env) as editor:
        editor.open(shapes)
        editor.replace(shapes, ", unit):", "):")
        editor.save(shapes)
        await editor.wait_for_reason("dismissed")
        assert not editor.hints_of(shapes)


async def test_a_stale_action_changes_nothing_and_teaches_nothing(root, env, tmp_path):
    """The text moved on after the list of actions: resolve fails, and the command is no claim."""
    session = tmp_path / "session.jsonl"
    shapes, use = root / "shapes.py", root / "use.py"
    async with Editor(root, env=env, record=session) as editor:
        editor.open(use)
        action = await offered(editor, root)
        editor.replace(shapes, "height):", "height, unit):")
        with pytest.raises(JsonRpcException) as refused:
            await editor.resolve(action)
        assert refused.value.code == CONTENT_MODIFIED
        await editor.run(action)
        await editor.wait_for_no_hint(shapes)
        assert 'area(2, 3, "cm")' in editor.buffers[use].text
    assert not [event for event in recorded(session) if event["type"] == "answer"]


async def test_a_place_that_was_typed_over_is_not_offered(root, env):
    """Between two looks the list knows the edits; a place whose text changed is left out."""
    use = root / "use.py"
    async with Editor(root, env=env) as editor:
        editor.open(use)
        await offered(editor, root)
        await editor.wait_for_hint(use)
        editor.replace(use, "import area\n", "import area\n\n# moved down\n")
        assert await editor.actions(use, editor.find(use, "3, "))
        editor.replace(use, "3,", "33,")
        assert not await editor.actions(use, editor.find(use, "33,"))


async def test_automatic_requests_get_one_action_and_by_hand_more(root, env):
    """The light bulb gets the accept action alone; asked by hand there is "only here" too."""
    use = root / "use.py"
    async with Editor(root, env=env) as editor:
        editor.open(use)
        await offered(editor, root)
        await editor.wait_for_hint(use)
        at = editor.find(use, "area(2")
        (single,) = await editor.actions(use, at, invoked=False)
        assert single.title.startswith("Update 2 calls")
        whole, here, more = await editor.actions(use, at)
        assert whole.title == single.title
        assert here.title.startswith("Only here")
        assert more.command.command == "proactive.server.explain"
        assert not await editor.actions(use, at, only=["refactor"])
        assert await editor.actions(use, at, only=["quickfix"])
        assert not await editor.actions(use, editor.find(use, "import"))
        await editor.accept(here)
        assert "area(2, 3))" in editor.buffers[use].text
        assert 'area(4, 5, "m")' in (root / "other.py").read_text()


async def test_two_roots(tmp_path, env):
    """Each folder has an engine of its own, and a file of one is nothing to the other."""
    one = repository(tmp_path / "one", {"shapes.py": SHAPES, "use.py": USE})
    two = repository(tmp_path / "two", {"use.py": USE})
    async with Editor(one, two, env=env, can=capabilities(own=True)) as editor:
        await offered(editor, one)
        await editor.until(lambda: editor.suggestions)
        (card,) = editor.suggestions
        assert [place["uri"] for place in card["places"]] == [(one / "use.py").as_uri()]


async def test_a_nested_root_owns_its_files(root, env):
    """A file belongs to the deepest folder, so the outer one hears nothing of it."""
    inner = write(root / "inner", {"shapes.py": SHAPES, "use.py": USE})
    async with Editor(root, inner, env=env, can=capabilities(own=True)) as editor:
        await offered(editor, inner)
        await editor.until(lambda: editor.suggestions)
        (card,) = editor.suggestions
        assert [place["uri"] for place in card["places"]] == [(inner / "use.py").as_uri()]


async def test_a_folder_opened_later_takes_its_open_files(root, env):
    """An open file moves to the engine of the folder that now owns it, unsaved text included."""
    inner = write(root / "inner", {"shapes.py": SHAPES, "use.py": USE})
    async with Editor(root, env=env, can=capabilities(own=True)) as editor:
        editor.open(inner / "shapes.py", SHAPES + "\n")
        folder = types.WorkspaceFolder(inner.as_uri(), "inner")
        editor.client.workspace_did_change_workspace_folders(
            types.DidChangeWorkspaceFoldersParams(
                types.WorkspaceFoldersChangeEvent(added=[folder], removed=[])
            )
        )
        await offered(editor, inner)
        await editor.until(lambda: editor.suggestions)
        (card,) = editor.suggestions
        assert [place["uri"] for place in card["places"]] == [(inner / "use.py").as_uri()]


async def test_two_servers_on_one_folder(root, env):
    """Both work on the same memory, neither loses anything nor complains."""
    async with Editor(root, env=env) as first, Editor(root, env=env) as second:
        await offered(first, root)
        second.open(root / "shapes.py", root.joinpath("shapes.py").read_text())
        action, *_ = await first.actions(root / "shapes.py", first.find(root / "shapes.py", "area"))
        await first.run_command("proactive.server.dismiss", action.data["id"])
        await first.wait_for_no_hint(root / "shapes.py")
        await second.ready()
        assert not first.messages
        assert not second.messages


async def test_a_muted_kind_stays_silent(root, env):
    """By the card's id, or by the kind and a path."""
    async with Editor(root, env=env) as editor:
        await offered(editor, root)
        await editor.run_command("proactive.server.muteKind", "broken-call", "shapes.py")
        await editor.wait_for_no_hint(root / "shapes.py")
        with pytest.raises(JsonRpcException, match="neither"):
            await editor.run_command("proactive.server.muteKind", "no-such-kind", "shapes.py")


async def test_a_secret_typed_in_halves_is_nowhere(root, env, tmp_path):
    """Letter by letter, with a pause's settling in between, it reaches no file of ours."""
    session = tmp_path / "session.jsonl"
    secret = "ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"
    path = root / "settings.py"
    path.write_text("first = 1\n")
    async with Editor(root, env=env, record=session) as editor:
        editor.open(path)
        editor.type_text(path, "1\n", f'TOKEN = "{secret[:20]}')
        # The first half is settled by itself and written down before the second one comes.
        await editor.until(
            lambda: session.exists() and b"TOKEN" in session.read_bytes(), "the first half"
        )
        editor.type_text(path, secret[:20], f'{secret[20:]}"\n')
        editor.save(path)
        await editor.ready()
    written = [file for file in (tmp_path / "state").rglob("*") if file.is_file()]
    assert any(file.suffix for file in written)
    for file in [*written, session]:
        content = file.read_bytes()
        assert secret[:20].encode() not in content, file
        assert secret[20:].encode() not in content, file


async def test_a_card_that_only_points(root, env):
    """A new required parameter: nothing to accept, but a hint and its evidence."""
    shapes = root / "shapes.py"
    async with Editor(root, env=env) as editor:
        editor.open(shapes)
        editor.replace(shapes, "unit):", "unit, scale):")
        editor.save(shapes)
        await editor.wait_for_hint(shapes)
        (only,) = await editor.actions(shapes, editor.find(shapes, "area"))
        assert only.command.command == "proactive.server.explain"
        assert not await editor.actions(shapes, editor.find(shapes, "area"), invoked=False)


async def test_a_place_that_only_points_is_shown(root, env):
    """The editor can show a place: the card's own action puts the cursor there."""
    shapes = root / "shapes.py"
    async with Editor(root, env=env, can=capabilities(shows=True)) as editor:
        editor.open(shapes)
        editor.replace(shapes, "unit):", "unit, scale):")
        editor.save(shapes)
        await editor.wait_for_hint(shapes)
        (action,) = await editor.actions(shapes, editor.find(shapes, "area"), invoked=False)
        assert action.title.startswith("Look at ")
        await editor.run_command(action.command.command, *action.command.arguments)
        await editor.until(lambda: editor.looked_at)
        (shown,) = editor.looked_at
        lines = split_lines(text_of(shown.uri))
        assert "area(" in lines[shown.selection.start.line]


async def test_the_draft_of_a_commit_message(root, env):
    """It has no place: it stands on the first line of what is staged, and its action tells it."""
    shapes = root / "shapes.py"
    async with Editor(root, env=env) as editor:
        editor.open(shapes)
        editor.replace(shapes, "def area", "def volume(a):\n    return a\n\n\ndef area")
        editor.save(shapes)
        await editor.ready()
        git(root, "add", "shapes.py")
        editor.save(shapes)
        hint = await editor.wait_for_hint(shapes, "commit-message")
        assert hint.range.start.line == 0
        (action,) = await editor.actions(shapes, hint.range, invoked=False)
        assert action.title == "Commit message: Add volume"
        action = await editor.resolve(action)
        assert action.edit is None
        await editor.run(action)
        await editor.until(lambda: editor.messages)
        assert editor.messages == [action.title]


async def test_a_client_of_ours_gets_the_draft_by_itself(root, env):
    """Without the words of the title around it; other cards have no text."""
    shapes = root / "shapes.py"
    async with Editor(root, env=env, can=capabilities(own=True)) as editor:
        await offered(editor, root)
        await editor.until(lambda: [card["text"] for card in editor.suggestions] == [""])
        git(root, "add", "shapes.py")
        editor.save(shapes)
        await editor.until(lambda: any(card["text"] for card in editor.suggestions))
        (card,) = (each for each in editor.suggestions if each["need"] == "commit-message")
        assert card["title"] == f"Commit message: {card['text']}"
        assert card["places"] == []


async def test_a_cancelled_request(root, env):
    """The client takes a resolve back: it gets its answer or the word that it was cancelled."""
    async with Editor(root, env=env) as editor:
        action = await offered(editor, root)
        protocol = editor.client.protocol
        answers = []
        for number in range(20):
            answers.append(
                protocol.send_request_async(types.CODE_ACTION_RESOLVE, action, msg_id=f"r{number}")
            )
            editor.client.cancel_request(types.CancelParams(f"r{number}"))
        for answer in await asyncio.gather(*answers, return_exceptions=True):
            cancelled = isinstance(answer, JsonRpcException) and answer.code == REQUEST_CANCELLED
            assert cancelled or answer.edit is not None
        await editor.accept(action)
        await editor.wait_for_no_hint(root / "shapes.py")
