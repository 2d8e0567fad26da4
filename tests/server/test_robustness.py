"""Odd input, settings, and the ends of a session: the server stays alive and loses nothing."""

import asyncio
import json
import logging
import signal
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.abilities import capabilities
from tests.driver import TIMEOUT, Editor
from tests.repositories import write


async def alive(editor: Editor, root: Path) -> None:
    """The server still notices a changed signature."""
    shapes = root / "shapes.py"
    if shapes not in editor.buffers:
        editor.open(shapes)
    editor.replace(shapes, ", unit):", "):")
    editor.save(shapes)
    await editor.wait_for_hint(shapes)
    assert not editor.messages


async def test_positions_are_utf16(root, env):
    """Whatever the client lists first."""
    can = capabilities(encodings=["utf-8", "utf-32", "utf-16"])
    async with Editor(root, env=env, can=can) as editor:
        assert editor.initialized.capabilities.position_encoding == "utf-16"


async def test_documents_that_are_no_files_of_the_workspace(root, env, tmp_path):
    """Other schemes, files outside, and git's own files are ignored."""
    session = tmp_path / "session.jsonl"
    async with Editor(root, env=env, record=session) as editor:
        uris = [
            "untitled:Untitled-1",
            "git:/shapes.py?ref=HEAD",
            "vscode-notebook-cell:/a.ipynb#1",
            (tmp_path / "elsewhere.py").as_uri(),
            (root / ".git" / "COMMIT_EDITMSG").as_uri(),
            f"{root.as_uri()}/../escape.py",
            "file://",
            "%%%",
        ]
        for uri in uris:
            item = types.TextDocumentItem(uri, "python", 1, "secret_plan = 1\n")
            editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
            change = types.TextDocumentContentChangeWholeDocument("secret_plan = 2\n")
            named = types.VersionedTextDocumentIdentifier(uri=uri, version=2)
            editor.client.text_document_did_change(
                types.DidChangeTextDocumentParams(named, [change])
            )
            where = types.TextDocumentIdentifier(uri)
            editor.client.text_document_did_save(types.DidSaveTextDocumentParams(where))
        await alive(editor, root)
    assert b"secret_plan" not in session.read_bytes()


async def test_edits_that_cannot_be(root, env):
    """For a file never opened, with an older version, past the end, and reversed."""
    shapes = root / "shapes.py"
    async with Editor(root, env=env) as editor:
        editor.open(shapes)

        def send(uri: str, version: int, range: types.Range, text: str) -> None:
            change = types.TextDocumentContentChangePartial(range, text)
            named = types.VersionedTextDocumentIdentifier(uri=uri, version=version)
            editor.client.text_document_did_change(
                types.DidChangeTextDocumentParams(named, [change])
            )

        def span(*numbers: int) -> types.Range:
            a, b, c, d = numbers
            return types.Range(types.Position(a, b), types.Position(c, d))

        send((root / "use.py").as_uri(), 7, span(0, 0, 0, 4), "x")
        send(shapes.as_uri(), -3, span(0, 0, 0, 0), "# ")
        send(shapes.as_uri(), -3, span(0, 2, 0, 0), "")
        send(shapes.as_uri(), 2, span(9_999, 9_999, 9_999, 9_999), "\n")
        editor.buffers[shapes].version = 2
        await alive(editor, root)


async def test_a_huge_and_a_binary_file(root, env):
    """The huge one is kept as text only, the binary one is nothing to read."""
    (root / "blob.py").write_bytes(b"\0\xff" * 1_000)
    huge = root / "huge.py"
    huge.write_text("value = 1\n" * 150_000)
    async with Editor(root, env=env) as editor:
        editor.open(huge)
        editor.type_text(huge, "value", "s")
        editor.save(huge)
        await alive(editor, root)


async def test_a_file_deleted_under_the_editor(root, env):
    """Its buffer lives on; a file that is gone from disk is no place any more."""
    async with Editor(root, env=env) as editor:
        editor.open(root / "use.py")
        (root / "use.py").unlink()
        (root / "other.py").unlink()
        editor.watched(
            (root / "use.py", types.FileChangeType.Deleted),
            (root / "other.py", types.FileChangeType.Deleted),
        )
        await alive(editor, root)
        assert not editor.hints_of(root / "other.py")


async def test_renamed_and_created_files(root, env, tmp_path):
    """Each is one event, though the watchers tell of them again."""
    session = tmp_path / "session.jsonl"
    async with Editor(root, env=env, record=session) as editor:
        old, new = root / "other.py", root / "fields.py"
        old.rename(new)
        rename = types.FileRename(old.as_uri(), new.as_uri())
        editor.client.workspace_did_rename_files(types.RenameFilesParams([rename]))
        editor.watched((old, types.FileChangeType.Deleted), (new, types.FileChangeType.Created))
        await editor.ready()
    lines = session.read_text().splitlines()[1:]
    files = [event for event in map(json.loads, lines) if event["type"] == "file"]
    assert [(event["op"], event["path"], event["to"]) for event in files] == [
        ("renamed", "other.py", "fields.py")
    ]


BAD_ARGUMENTS = (
    ("accepted", (), "argument 1"),
    ("accepted", ("id", 1, "sideways"), "mode"),
    ("accepted", ("id", 1, "apply", {"path": 1}), "argument 4"),
    ("dismiss", (7,), "argument 1"),
    ("muteKind", ("no-such-kind",), "argument 2"),
    ("snooze", ("soon",), "minutes"),
    ("snooze", (-1,), "minutes"),
    ("snooze", (float("nan"),), "minutes"),
    ("explain", (3,), "argument 1"),
    ("unknown", (), "no command"),
)


async def test_bad_arguments_are_a_clear_error(root, env):
    """A sentence that says what was expected; an id that no longer stands is nothing."""
    async with Editor(root, env=env) as editor:
        for command, arguments, expected in BAD_ARGUMENTS:
            with pytest.raises(JsonRpcException, match=expected) as error:
                await editor.run_command(f"proactive.server.{command}", *arguments)
            assert error.value.data is None
        for command, arguments in (("dismiss", ("gone",)), ("accepted", ("gone", 1))):
            assert await editor.run_command(f"proactive.server.{command}", *arguments) is None


async def test_client_events(root, env, tmp_path):
    """Ours come in with our own clock; what clients may not tell is refused in one line."""
    session = tmp_path / "session.jsonl"
    async with Editor(root, env=env, record=session) as editor:
        tell = editor.tell
        tell("proactive/event", {"t": -5, "type": "command", "line": "make test", "exit": 1})
        tell("proactive/event", {"type": "test", "name": "test_area", "outcome": "failed"})
        tell("proactive/event", {"type": "focus", "path": "use.py"})
        tell("proactive/event", {"type": "focus", "path": "../use.py"})
        tell("proactive/event", {"type": "edit", "path": "use.py", "version": 1, "changes": []})
        tell("proactive/event", {"type": "answer", "id": "x", "op": "accepted"})
        tell("proactive/event", {"nonsense": [1]})
        tell("proactive/didShow", {"id": 3})
        await alive(editor, root)
    events = [json.loads(line) for line in session.read_text().splitlines()[1:]]
    told = [event["type"] for event in events[:4]]
    assert told == ["command", "test", "focus", "open"]
    assert all(event["t"] >= 0 for event in events)


async def test_wrong_settings_are_named_once(root, env):
    """One warning for each wrong value; a workspace may not name a model."""
    write(root, {".proactive.toml": 'model = "mine"\n'})
    options = {"reward": {"eagerness": 7}, "colour": "red"}
    async with Editor(root, env=env, options=options) as editor:
        await editor.until(lambda: len(editor.messages) == 3)
        assert {"eagerness" in text for text in editor.messages} == {True, False}
        await editor.ready()
        assert len(editor.messages) == 3


async def test_settings_may_turn_it_off_and_on_again(root, env):
    """Off withdraws what stands; on again knows the texts as they are by then."""
    shapes = root / "shapes.py"
    can = capabilities(configuration=True, own=True)
    async with Editor(root, env=env, can=can) as editor:
        editor.open(shapes)

        def configure(settings: object) -> None:
            editor.settings = settings
            editor.client.workspace_did_change_configuration(
                types.DidChangeConfigurationParams(settings=None)
            )

        def state() -> str:
            return editor.statuses[-1]["state"] if editor.statuses else ""

        configure({"enabled": False})
        await editor.until(lambda: state() == "off")
        editor.type_text(shapes, "height\n", "# typed while off\n")
        editor.replace(shapes, "# typed", "# written")
        configure({"enabled": True})
        await editor.until(lambda: state() == "quiet")
        await alive(editor, root)
        configure({"needs": {"off": ["broken-call"]}})
        await editor.wait_for_no_hint(shapes)


@pytest.mark.parametrize("end", ["sigterm", "eof", "exit"])
async def test_every_end_writes_everything_down(root, env, tmp_path, end):
    """SIGTERM, the end of the input, or an exit without a shutdown."""
    session = tmp_path / "session.jsonl"
    editor = Editor(root, env=env, record=session)
    await editor.__aenter__()
    editor.open(root / "shapes.py")
    await editor.ready()
    editor.type_text(root / "shapes.py", "height\n", "# the last words")
    server = editor.process
    if end == "sigterm":
        # The words are on their way until the server answers something that came after them.
        await editor.ready()
        server.send_signal(signal.SIGTERM)
    elif end == "eof":
        server.stdin.close()
    else:
        editor.client.exit(None)
    await asyncio.wait_for(server.wait(), TIMEOUT)
    assert "the last words" in session.read_text()


async def what_was_logged(editor: Editor, root: Path) -> bytes:
    """Everything the server wrote to standard error by the time it has noticed a change."""
    assert editor.process.stderr is not None
    reader = asyncio.create_task(editor.process.stderr.read())
    await alive(editor, root)
    await editor.stop()
    return await reader


async def test_the_log_holds_no_source_text(root, env):
    """Nothing of the files at the levels that are on."""
    logging.getLogger("asyncio").setLevel(logging.WARNING)
    async with Editor(root, env=env) as editor:
        editor.tell("textDocument/didChange", {"odd": "width * height"})
        assert b"width" not in await what_was_logged(editor, root)


async def test_the_log_holds_no_secret(root, env):
    """Not of what a client says wrongly, nor of a file's name."""
    # In pieces, so that nobody takes it for a real one.
    key = "gh" + "p_" + "a1B2c3D4e5F6g7H8i9J0" + "k1L2m3N4o5P6q7R8"
    async with Editor(root, env=env, options={"maxFileBytes": 200}) as editor:
        for odd in (
            {"type": key},
            {"type": "answer", "id": "x", "op": key},
            {"type": "focus", "path": f"../{key}.py"},
            {"type": "save", "path": f"{key}.py"},
        ):
            editor.tell("proactive/event", odd)
        editor.open(root / f"{key}.py", "x = 1\n" * 100)
        logged = await what_was_logged(editor, root)
        assert b"is over max_file_bytes" in logged
        assert logged.count(b"proactive/event ignored") == 4
        assert key.encode() not in logged
