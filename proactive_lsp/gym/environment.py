"""A developer's desk: files, open buffers, branches, tests and a terminal, in a real git workspace.

Whatever is done is done for real, in a temporary folder, and the events tell what came of it:
files are written and read again, git's state is read by the code that the server reads it with,
programs run in a sandbox. Time alone is virtual: it passes as for a person at a keyboard.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from proactive_lsp.agent.write import result
from proactive_lsp.events import (
    Change,
    Close,
    Edit,
    Event,
    FileOperation,
    Focus,
    Git,
    Open,
    Save,
    TestResult,
    span,
)
from proactive_lsp.gym import activities as do
from proactive_lsp.gym.activities import Activity, Impossible
from proactive_lsp.gym.clone import Clone, literal
from proactive_lsp.gym.placing import on_disk, placed
from proactive_lsp.gym.rhythm import Rhythm, typed
from proactive_lsp.gym.terminal import Ran, Terminal
from proactive_lsp.suggestions import Plan
from proactive_lsp.workspace.contents import encode
from proactive_lsp.workspace.tree import DiskTree, language_of

_BOM = b"\xef\xbb\xbf"
# A program that changed more files than these did no work that anybody follows.
_MOST_CHANGED = 50


class State(Struct, frozen=True):
    """Where the desk stands: what a user may look at before the next activity."""

    branch: str | None
    open: tuple[str, ...]
    unsaved: tuple[str, ...]
    conflicts: tuple[str, ...]
    tests: Mapping[str, str]
    terminal: Ran | None


class Environment:
    """One desk. `now` is the virtual time of the last event; each activity moves it on."""

    def __init__(self, clone: Clone, rhythm: Rhythm, terminal: Terminal) -> None:
        self.now = 0.0
        self._clone = clone
        self._rhythm = rhythm
        self._terminal = terminal
        self._disk = DiskTree(clone.folder, tracked=tuple)
        self._buffers: dict[str, str] = {}
        self._saved: dict[str, str] = {}
        self._versions: dict[str, int] = {}
        self._tests: dict[str, str] = {}
        self._ran: Ran | None = None

    # What is there.

    def text(self, path: str) -> str | None:
        """What the editor shows of a file; None when it is not there or no text."""
        return self._buffers[path] if path in self._buffers else self._disk.read(path)

    def paths(self) -> Sequence[str]:
        """Every file that belongs to the workspace and is there."""
        there = (path for path in self._clone.tracked() if self._exists(path))
        return sorted({*there, *self._buffers})

    def state(self) -> State:
        """What a user may look at."""
        return State(
            branch=self._clone.branch,
            open=tuple(self._buffers),
            unsaved=self._unsaved(),
            conflicts=self._clone.conflicts,
            tests=dict(self._tests),
            terminal=self._ran,
        )

    # What is done.

    def carry_out(self, activity: Activity) -> Iterator[Event]:
        """Do it and tell the events of it, in time order; raises `Impossible`."""
        self.think()
        match activity:
            case do.OpenFile(path):
                self._must_read(path)
                yield from self._opened(path)
            case do.EditFile(path, old, new):
                yield from self._edited(path, old, new)
            case do.SaveFile(path):
                self._must_be_open(path)
                yield self._save(path)
            case do.CloseFile(path):
                self._must_be_open(path)
                yield self._close(path)
            case do.CreateFile(path, text):
                yield from self.create(path, text)
            case do.RenameFile(path, to):
                yield from self.rename(path, to)
            case do.DeleteFile(path):
                yield from self.delete(path)
            case do.FocusLine(path, line):
                yield from self.look_at(path, line - 1)
            case do.Stage(paths):
                yield from self._stage(paths)
            case do.MakeCommit(message, paths):
                yield from self.commit(message, paths)
            case do.Checkout(branch, create):
                option = ("-b",) if create else ()
                yield from self._git("checkout", "--quiet", *option, branch, "--", names=branch)
            case do.Merge(branch):
                yield from self._git("merge", "--quiet", "--no-edit", branch, names=branch)
            case do.Stash(op):
                untracked = ("--include-untracked",) if op == "push" else ()
                yield from self._git("stash", op, "--quiet", *untracked, names="")
            case do.RunProgram(line):
                yield from self._run(line)
            case do.Wait(seconds):
                self.pass_time(seconds)
            case _:
                assert_never(activity)

    def pass_time(self, seconds: float) -> None:
        """Let so much time go by; what falls due meanwhile is done before the next event."""
        self.now = round(self.now + seconds, 3)

    def think(self) -> None:
        """Let the time go by that lies between two things to do."""
        self.pass_time(self._rhythm.step())

    def look_at(self, path: str, line: int) -> Iterator[Event]:
        """Go to a line of a file, counted from 0; the file is opened if it is not."""
        self._must_read(path)
        yield from self._opened(path)
        yield Focus(self.now, path, span(line, 0, line, 0))

    def change(self, path: str, after: str, *, save: bool = True) -> Iterator[Event]:
        """Type until a file reads so, and save it; the file is opened if it is not."""
        before = self._must_read(path)
        yield from self._opened(path)
        yield from self._typed(path, before, after)
        if save:
            self.pass_time(self._rhythm.moment())
            yield self._save(path)

    def create(self, path: str, text: str) -> Iterator[Event]:
        """Make a file and type its text."""
        file = self._place(path)
        if path in self._buffers or file.exists():
            raise Impossible(f"{path} is there already")
        self._write(path, "")
        yield FileOperation(self.now, "created", path)
        self.pass_time(self._rhythm.moment())
        yield from self._opened(path)
        if text:
            yield from self._typed(path, "", text)
            self.pass_time(self._rhythm.moment())
            yield self._save(path)

    def rename(self, path: str, to: str) -> Iterator[Event]:
        """Give a file another path; when it is open it is saved and closed first."""
        self._must_read(path)
        old, new = self._place(path), self._place(to)
        if new.exists():
            raise Impossible(f"{to} is there already")
        yield from self._put_aside(path)
        with on_disk(to):
            new.parent.mkdir(parents=True, exist_ok=True)
            old.rename(new)
        yield FileOperation(self.now, "renamed", path, to)

    def delete(self, path: str) -> Iterator[Event]:
        """Delete a file."""
        file = self._place(path)
        if not file.is_file():
            raise Impossible(f"there is no {path}")
        if path in self._buffers:
            yield self._close(path)
        file.unlink()
        yield FileOperation(self.now, "deleted", path)

    def apply(self, plan: Plan) -> Iterator[Event]:
        """Carry out an accepted plan as an editor does: one change a file, all at once."""
        for file in plan.files:
            before = "" if file.create else self._must_read(file.path)
            after = result(before, file.edits)
            if file.create:
                self._write(file.path, after)
                yield FileOperation(self.now, "created", file.path)
                yield from self._opened(file.path)
                continue
            yield from self._opened(file.path)
            # From the end on, so that each range is still true when its turn comes.
            changes = tuple(Change(edit.range, edit.new_text) for edit in reversed(file.edits))
            self._buffers[file.path] = after
            yield Edit(self.now, file.path, self._next_version(file.path), changes)

    def save_all(self) -> Iterator[Event]:
        """Save every file that is not saved."""
        for path in self._unsaved():
            self.pass_time(self._rhythm.moment())
            yield self._save(path)

    def commit(self, message: str, paths: Sequence[str] = ()) -> Iterator[Event]:
        """Stage these paths, or everything, and commit; a look at what is staged lies between."""
        yield from self._stage(paths)
        if not self._clone.changed():
            raise Impossible("there is nothing to commit")
        self.pass_time(self._rhythm.step())
        flags = ("--quiet", "--no-verify", "--cleanup=verbatim", "--file=-")
        if not self._clone.run("commit", *flags, t=self.now, stdin=message or "Work\n"):
            raise Impossible("git did not commit; are there conflicts left?")
        yield from self._clone.moved(self.now)

    # Inside: git and programs.

    def _stage(self, paths: Sequence[str]) -> Iterator[Event]:
        yield from self.save_all()
        for path in paths:
            self._place(path)
        what = [literal(path) for path in paths if self._exists(path) or self._is_tracked(path)]
        if paths and not what:
            raise Impossible(f"there is no {paths[0]} to stage")
        self.pass_time(self._rhythm.moment())
        named = ("--force", "--", *what) if what else ()
        if not self._clone.run("add", "--all", *named, t=self.now):
            raise Impossible("git did not stage")
        yield from self._clone.moved(self.now)

    def _git(self, *arguments: str, names: str) -> Iterator[Event]:
        """Run git on saved files and reload what it changed under the editor."""
        if names.startswith("-"):
            raise Impossible(f"{names!r} is no branch")
        yield from self.save_all()
        self.pass_time(self._rhythm.moment())
        done = self._clone.run(*arguments, t=self.now)
        events = self._clone.moved(self.now)
        if not done and not any(event.op in ("conflict", "merge") for event in events):
            raise Impossible(f"git {arguments[0]} {names} failed".rstrip())
        yield from events
        yield from self._reloaded(events)

    def _reloaded(self, events: Sequence[Git]) -> Iterator[Event]:
        self.pass_time(0.1)
        for path in tuple(self._buffers):
            text = self._disk.read(path)
            if text is None:
                yield self._close(path)
            elif text != self._buffers[path]:
                self._buffers[path] = self._saved[path] = text
                version = self._next_version(path)
                yield Edit(self.now, path, version, (Change(None, text),))
        for path in (file.path for event in events for file in event.files):
            self._saved.pop(path, None)

    def _run(self, line: Sequence[str]) -> Iterator[Event]:
        yield from self.save_all()
        before = {path: self._disk.read(path) for path in self.paths()}
        self.pass_time(self._rhythm.moment())
        ran = self._terminal.run(line, self._clone.folder)
        self._clone.without_inner()
        if isinstance(ran, str):
            raise Impossible(ran)
        self.pass_time(self._rhythm.step())
        self._ran = ran
        yield from self._written_by_program(before)
        for name, (path, outcome, message) in ran.tests.items():
            self._tests[name] = outcome
            yield TestResult(self.now, name, outcome, path, message or None)
        yield ran.event(self.now)

    def _written_by_program(self, before: Mapping[str, str | None]) -> Iterator[Event]:
        """What a program did to the files, told as the server tells of files nobody has open."""
        now = {path: self._disk.read(path) for path in self.paths()}
        gone = [path for path in before if path not in now]
        changed = [path for path, text in now.items() if text != before.get(path, "")]
        for path in [*gone, *changed][:_MOST_CHANGED]:
            text, old = now.get(path), before.get(path)
            if path in gone:
                if path in self._buffers:
                    yield self._close(path)
                yield FileOperation(self.now, "deleted", path)
            elif text is None:
                continue
            elif path in self._buffers:
                self._buffers[path] = self._saved[path] = text
                yield Edit(self.now, path, self._next_version(path), (Change(None, text),))
                yield Save(self.now, path)
            else:
                if path not in before:
                    yield FileOperation(self.now, "created", path)
                yield Open(self.now, path, 0, language_of(path) or "plaintext", old or "")
                yield Edit(self.now, path, 1, (Change(None, text),))
                yield Save(self.now, path)
                yield Close(self.now, path)

    # Inside: the editor.

    def _edited(self, path: str, old: str, new: str) -> Iterator[Event]:
        before = self._must_read(path)
        count = before.count(old) if old else 1
        if count != 1:
            raise Impossible(f"{old[:60]!r} stands {count} times in {path}, not once")
        at = before.index(old) if old else len(before)
        yield from self._opened(path)
        yield from self._typed(path, before, before[:at] + new + before[at + len(old) :])

    def _typed(self, path: str, before: str, after: str) -> Iterator[Event]:
        self._buffers[path] = after
        for edit in typed(path, before, after, t=self.now, rhythm=self._rhythm):
            self.now = edit.t
            yield replace(edit, version=self._next_version(path))

    def _opened(self, path: str) -> Iterator[Event]:
        if path in self._buffers:
            return
        text = self._must_read(path)
        self._buffers[path] = self._saved[path] = text
        language = language_of(path) or "plaintext"
        yield Open(self.now, path, self._next_version(path), language, text)

    def _save(self, path: str) -> Event:
        self._write(path, self._buffers[path])
        self._saved[path] = self._buffers[path]
        return Save(self.now, path)

    def _close(self, path: str) -> Event:
        del self._buffers[path]
        self._saved.pop(path, None)
        return Close(self.now, path)

    def _put_aside(self, path: str) -> Iterator[Event]:
        if path in self._buffers:
            if path in self._unsaved():
                yield self._save(path)
            yield self._close(path)

    def _unsaved(self) -> tuple[str, ...]:
        return tuple(path for path, text in self._buffers.items() if text != self._saved.get(path))

    def _next_version(self, path: str) -> int:
        self._versions[path] = self._versions.get(path, 0) + 1
        return self._versions[path]

    # Inside: the disk.

    def _must_read(self, path: str) -> str:
        self._place(path)
        text = self.text(path)
        if text is None:
            raise Impossible(f"there is no text file {path}")
        return text

    def _must_be_open(self, path: str) -> None:
        if path not in self._buffers:
            raise Impossible(f"{path} is not open")

    def _exists(self, path: str) -> bool:
        return (self._clone.folder / path).is_file()

    def _is_tracked(self, path: str) -> bool:
        return path in self._clone.tracked()

    def _write(self, path: str, text: str) -> None:
        file = self._place(path)
        content = encode(text)
        assert content is not None
        with on_disk(path):
            file.parent.mkdir(parents=True, exist_ok=True)
            marked = file.is_file() and file.read_bytes()[: len(_BOM)] == _BOM
            file.write_bytes(_BOM + content if marked else content)

    def _place(self, path: str) -> Path:
        return placed(self._clone.folder, path)
