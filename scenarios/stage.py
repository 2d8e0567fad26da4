"""What a story can do: one person, one editor, one repository, and the real server.

Each action is done for real, then waited for in the server's own recording, and only then given
its place in the session.
"""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.uris import to_fs_path
from scribe import BREATH, DELETED_KEY, KEY, MOMENT, Scribe

from proactive_lsp.events import (
    Answer,
    Close,
    Command,
    Edit,
    Event,
    FileOperation,
    Open,
    Save,
    TestResult,
    span,
)
from proactive_lsp.events import Git as GitEvent
from proactive_lsp.workspace.languages import language_of
from tests.driver import Editor, git

# Nothing more is to come when the recording did not grow for so long; the server looks again
# 0.2 s after an answer.
STILL = 0.45
LONGEST = 20.0
# Longer than the server's quiet time.
PAUSE = 1.8
TEST_ENV = {
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "COLUMNS": "100",
}
TESTS = (sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", ".", "-rf")


class Git:
    """The repository of a story, as its user's terminal sees it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def run(self, *arguments: str, fails: bool = False) -> None:
        """Run git; `fails` when it must, as a merge that meets a conflict."""
        try:
            git(self.root, *arguments)
        except subprocess.CalledProcessError as error:
            if not fails:
                raise RuntimeError(f"git {' '.join(arguments)}: {error.stderr}") from error
        else:
            assert not fails, f"git {' '.join(arguments)} went well, which it must not"

    def change(self, path: str, old: str, new: str) -> None:
        """Change a file on disk, as another program would."""
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        file.write_text(text.replace(old, new), encoding="utf-8", newline="")


class Stage:
    """Plays one story. With `by_word`, typing is recorded word by word instead of line by line."""

    def __init__(
        self, editor: Editor, root: Path, scribe: Scribe, *, by_word: bool = False
    ) -> None:
        self._editor = editor
        self._root = root
        self._scribe = scribe
        self._by_word = by_word
        self._git = Git(root)
        self._before: dict[Path, str] = {}
        self._failed: set[str] = set()

    # In the editor.

    async def open(self, path: str) -> None:
        """Open a file."""
        self._scribe.rest(BREATH)
        self._editor.open(self._root / path, language=language_of(path))
        await self._recorded(Open, MOMENT, path=path)

    async def create(self, path: str) -> None:
        """Make an empty file in the editor, and open it."""
        self._scribe.rest(2 * BREATH)
        file = self._root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(exist_ok=False)
        created = types.CreateFilesParams([types.FileCreate(file.as_uri())])
        self._editor.client.workspace_did_create_files(created)
        await self._recorded(FileOperation, MOMENT, path=path)
        await self.open(path)

    async def rename(self, path: str, to: str) -> None:
        """Give a file that is not open another path in the editor's tree of files."""
        self._scribe.rest(2 * BREATH)
        old, new = self._root / path, self._root / to
        assert old not in self._editor.buffers, f"{path} is open"
        new.parent.mkdir(parents=True, exist_ok=True)
        old.rename(new)
        renamed = types.RenameFilesParams([types.FileRename(old.as_uri(), new.as_uri())])
        self._editor.client.workspace_did_rename_files(renamed)
        await self._recorded(FileOperation, MOMENT, path=path)

    async def delete(self, path: str) -> None:
        """Delete a file that is not open in the editor's tree of files."""
        self._scribe.rest(2 * BREATH)
        file = self._root / path
        assert file not in self._editor.buffers, f"{path} is open"
        file.unlink()
        deleted = types.DeleteFilesParams([types.FileDelete(file.as_uri())])
        self._editor.client.workspace_did_delete_files(deleted)
        await self._recorded(FileOperation, MOMENT, path=path)

    async def close(self, path: str) -> None:
        """Close a file."""
        self._scribe.rest(BREATH)
        self._editor.close(self._root / path)
        await self._recorded(Close, MOMENT, path=path)

    async def edit(self, path: str, old: str, new: str, *, first: bool = False) -> None:
        """Turn `old` into `new`: what differs is deleted from its end, then typed, key by key."""
        file = self._root / path
        buffer = self._editor.buffers[file]
        count = buffer.text.count(old)
        assert count == 1 or (first and count), f"{old!r} stands {count} times in {path}"
        same, gone, typed = _difference(old, new)
        offset = buffer.text.index(old) + same
        self._scribe.rest(BREATH)
        if gone:
            for end in range(offset + gone, offset, -1):
                self._replace(file, end - 1, end, "")
            if not typed or self._by_word:
                await self._recorded(Edit, gone * DELETED_KEY, path=path, still=0)
                gone = 0
        for piece in re.findall(r"\s*\S+(?:\s+$)?|\s+$", typed) if self._by_word else [typed]:
            if not piece:
                continue
            # An editor indents the new line by itself.
            for key in re.findall(r"\n *|.", piece):
                self._replace(file, offset, offset, key)
                offset += len(key)
            length = gone * DELETED_KEY + len(piece) * KEY
            await self._recorded(Edit, length, path=path, still=0)
            gone = 0

    async def save(self, path: str) -> None:
        """Save a file."""
        self._scribe.rest(BREATH)
        self._editor.save(self._root / path)
        await self._recorded(Save, MOMENT, path=path)

    async def save_all(self) -> None:
        """Save every open file that differs from the disk."""
        for file, buffer in list(self._editor.buffers.items()):
            if file.read_text(encoding="utf-8") != buffer.text:
                await self.save(file.relative_to(self._root).as_posix())

    async def pause(self, seconds: float, *, really: float = PAUSE) -> None:
        """Nothing happens for so long; the server really waits for its quiet time at least."""
        await asyncio.sleep(really)
        await self._settled(STILL)
        self._scribe.stamp(min(seconds, PAUSE))
        self._scribe.rest(max(0.0, seconds - PAUSE))

    # Around the editor.

    async def outside(self, path: str, old: str, new: str) -> None:
        """Another program changes a file; an editor's watchers see that."""
        self._git.change(path, old, new)
        self._editor.watched((self._root / path, types.FileChangeType.Changed))
        self._scribe.rest(BREATH)

    async def git(self, *arguments: str, fails: bool = False) -> None:
        """Run git in a terminal."""
        self._scribe.rest(BREATH)
        self._git.run(*arguments, fails=fails)
        names = ("HEAD", "index", "logs/HEAD")
        changes = [(self._root / ".git" / name, types.FileChangeType.Changed) for name in names]
        self._editor.watched(*changes)
        await self._recorded(GitEvent, MOMENT)

    async def run_tests(self) -> None:
        """Run the tests in a terminal, for real, and tell what failed or no longer fails."""
        self._scribe.rest(BREATH)
        done = await asyncio.to_thread(
            subprocess.run,
            TESTS,
            cwd=self._root,
            env={**os.environ, **TEST_ENV},
            capture_output=True,
            text=True,
        )
        told = re.findall(r"^FAILED (\S+?::\S+)(?: - (.*))?$", done.stdout, re.MULTILINE)
        tail = re.sub(r" in [\d.]+s$", "", done.stdout.rstrip().rpartition("\n")[2])
        self._scribe.rest(1.0)
        failed = dict(told)
        for key in (*failed, *sorted(self._failed - failed.keys())):
            path, _, name = key.partition("::")
            event = {"path": path, "name": name, "outcome": "failed" if key in failed else "passed"}
            if failed.get(key):
                event["message"] = failed[key]
            self._tell(type="test", **event)
            await self._recorded(TestResult, 0.02, still=0.1)
        self._failed = set(failed)
        self._tell(type="command", line="python -m pytest -q", exit=done.returncode, tail=tail)
        await self._recorded(Command, 0.02)

    # With the cards.

    async def accept(self, *, unsure: bool = False) -> None:
        """Accept the newest card as an editor does: action, resolve, apply, command.

        Files that were not open are opened first, as VS Code does. With `unsure` the user ticks
        the uncertain places too.
        """
        card = await self._newest()
        self._scribe.rest(4 * BREATH)
        path = _path(card["path"])
        if path not in self._editor.buffers:
            await self.open(path.relative_to(self._root).as_posix())
        where = types.Position(card["range"]["start"]["line"], card["range"]["start"]["character"])
        actions = await self._editor.actions(path, types.Range(where, where), invoked=False)
        (action,) = (action for action in actions if isinstance(action, types.CodeAction))
        action = await self._editor.resolve(action)
        assert action.edit is not None
        self._before = {}
        for file in _files(action.edit):
            if file not in self._editor.buffers:
                self._editor.open(file, language=language_of(file.name))
            self._before[file] = self._editor.buffers[file].text
        self._editor.apply(action.edit, unsure=unsure)
        await self._editor.run(action)
        await self._recorded(Answer, MOMENT)

    async def undo(self) -> None:
        """Take back what was accepted last, in every file."""
        self._scribe.rest(2 * BREATH)
        for file, before in self._before.items():
            after = self._editor.buffers[file].text
            start, gone, text = _difference(after, before)
            self._replace(file, start, start + gone, text)
        await self._recorded(Answer, MOMENT)

    async def dismiss(self) -> None:
        """Say no to the newest card."""
        card = await self._newest()
        self._scribe.rest(4 * BREATH)
        await self._editor.run_command("proactive.server.dismiss", card["id"])
        await self._recorded(Answer, MOMENT)

    # What is wanted.

    def expect(self, need: str, path: str, line: str, after: str, *, within: float = 3.0) -> None:
        """From now on a card is wanted at this line, which must read `after` once accepted.

        A card that only points leaves the line as it is.
        `line` is the whole line or, where no line equals it, a part of one; the last counts.
        """
        file = self._root / path
        buffer = self._editor.buffers.get(file)
        lines = (buffer.text if buffer else file.read_text(encoding="utf-8")).splitlines()
        found = [number for number, text in enumerate(lines) if text == line]
        found = found or [number for number, text in enumerate(lines) if line in text]
        assert found, f"{line!r} is not in {path}"
        number = found[-1]
        range = span(number, 0, number, len(lines[number]))
        self._scribe.expect(need, path, range, within=within, after=after)

    @asynccontextmanager
    async def quiet(self) -> AsyncIterator[None]:
        """Silence is wanted for as long as this block lasts."""
        number = self._scribe.begin_quiet()
        yield
        await self._settled(STILL)
        self._scribe.stamp(MOMENT)
        self._scribe.end_quiet(number)

    # Inside.

    def _tell(self, **event: object) -> None:
        self._editor.tell("proactive/event", event)

    def _replace(self, file: Path, start: int, end: int, text: str) -> None:
        whole = self._editor.buffers[file].text
        range = types.Range(_position(whole, start), _position(whole, end))
        self._editor.change(file, types.TextDocumentContentChangePartial(range, text))

    async def _newest(self) -> dict[str, Any]:
        """The card that was offered last."""
        await self._editor.until(lambda: self._editor.suggestions, "a card")
        return self._editor.suggestions[-1]

    async def _recorded(
        self, kind: type[Event], seconds: float, *, path: str | None = None, still: float = STILL
    ) -> None:
        """Wait until such an event was recorded and what follows from it, then stamp it all."""

        def happened() -> bool:
            return any(
                isinstance(event, kind) and path in (None, getattr(event, "path", None))
                for event in self._scribe.fresh()
            )

        await _until(happened, f"{kind.__name__} {path or ''}")
        if still:
            await self._settled(still)
        self._scribe.stamp(seconds)

    async def _settled(self, still: float) -> None:
        """Wait until the recording stops growing."""
        loop = asyncio.get_running_loop()
        count, since = len(self._scribe.fresh()), loop.time()
        while loop.time() - since < still:
            await asyncio.sleep(0.03)
            if len(self._scribe.fresh()) != count:
                count, since = len(self._scribe.fresh()), loop.time()


async def _until(condition: Callable[[], bool], what: str) -> None:
    end = asyncio.get_running_loop().time() + LONGEST
    while not condition():
        if asyncio.get_running_loop().time() > end:
            raise TimeoutError(f"the server recorded no {what}")
        await asyncio.sleep(0.02)


def _difference(old: str, new: str) -> tuple[int, int, str]:
    """Where the two begin to differ, how much of the old is to go, and what comes instead."""
    shorter = min(len(old), len(new))
    same = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    left = shorter - same
    rest = next((at for at in range(left) if old[-1 - at] != new[-1 - at]), left)
    return same, len(old) - same - rest, new[same : len(new) - rest]


def _position(text: str, offset: int) -> types.Position:
    assert text.isascii(), "positions here are counted in ASCII"
    line_start = text.rfind("\n", 0, offset) + 1
    return types.Position(text.count("\n", 0, offset), offset - line_start)


def _files(edit: types.WorkspaceEdit) -> Sequence[Path]:
    uris = [
        change.text_document.uri
        for change in edit.document_changes or ()
        if isinstance(change, types.TextDocumentEdit)
    ]
    return [_path(uri) for uri in uris]


def _path(uri: str) -> Path:
    return Path(to_fs_path(uri) or "")
