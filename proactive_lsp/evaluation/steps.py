"""Turn a commit into the steps of a developer at the keyboard, in canonical or random order.

After the last step comes the commit itself, told as a server would that looks at the repository.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from random import Random
from typing import Literal

from msgspec import Struct

from proactive_lsp.evaluation.commits import Commit, FileChange, Hunk
from proactive_lsp.events import (
    Change,
    CommittedFile,
    Edit,
    Event,
    FileOperation,
    Git,
    Open,
    Save,
    span,
)
from proactive_lsp.workspace.documents import apply_changes
from proactive_lsp.workspace.kinds import ORDER, file_kind
from proactive_lsp.workspace.languages import language_of

# Seconds from one hunk to the next. Twelve cards an hour is the default budget, and at this pace
# an hour has twelve boundaries: a mined session is never silenced by the clock.
SPACING = 300.0
# From the edit to its save, less than makes a pause: each hunk is one boundary.
_SAVE_AFTER = 1.0
# Of the texts that a server tells with a commit.
_MOST_FILES = 20
_MOST_CHARACTERS = 200_000

Order = Literal["canonical", "random"]


class Step(Struct, frozen=True):
    """One hunk of one file, or a file that only came, went or moved."""

    file: FileChange
    hunk: Hunk | None


def steps_of(commit: Commit, order: Order, seed: int) -> tuple[Step, ...]:
    """Every step of a commit.

    Canonical: source, tests, docs, config, changelog; by path, from top to bottom. Random: all of
    them shuffled, by seed and commit alone.
    """
    files = sorted(commit.files, key=lambda file: (ORDER.index(file_kind(file.path)), file.path))
    steps = [Step(file, hunk) for file in files for hunk in file.hunks or (None,)]
    if order == "random":
        Random(f"{seed} {commit.id}").shuffle(steps)  # noqa: S311 - for repetition, not secrecy
    return tuple(steps)


class Desk:
    """What was done of a commit so far, and where that leaves each of its files.

    A file is opened, created or renamed right before its first hunk: an editor that had it open
    from the start would give away where the commit is going.
    """

    def __init__(self) -> None:
        self._done: dict[str, list[Hunk]] = {}

    def path(self, file: FileChange) -> str:
        """What the file is called by now."""
        if file.old_path is not None and file.path not in self._done:
            return file.old_path
        return file.path

    def line(self, file: FileChange, hunk: Hunk) -> int:
        """The line on which the hunk starts by now, counted from 0."""
        return hunk.start + sum(
            len(done.after) - len(done.before)
            for done in self._done.get(file.path, ())
            if done.start < hunk.start
        )

    def events(self, step: Step, t: float) -> Iterator[Event]:
        """What the editor tells of this step, `t` being its last event's time or shortly before."""
        file, hunk = step.file, step.hunk
        if file.path not in self._done:
            yield from _arrival(file, t, opens=hunk is not None)
            self._done[file.path] = []
        if hunk is None:
            return
        start = self.line(file, hunk)
        done = self._done[file.path]
        done.append(hunk)
        change = Change(span(start, 0, start + len(hunk.before), 0), hunk.text)
        yield Edit(t, file.path, len(done) + 1, (change,))
        yield Save(t + _SAVE_AFTER, file.path)


def _arrival(file: FileChange, t: float, *, opens: bool) -> Iterator[Event]:
    match file.op:
        case "added":
            yield FileOperation(t, "created", file.path)
        case "deleted":
            yield FileOperation(t, "deleted", file.path)
        case "renamed":
            yield FileOperation(t, "renamed", file.old_path or file.path, file.path)
        case "modified":
            pass
    if opens:
        yield Open(t, file.path, 1, language_of(file.path) or "plaintext", file.text)


def time_of(index: int) -> float:
    """When the step with this index is made, in seconds of the session."""
    return SPACING * (index + 1)


def session_events(steps: Sequence[Step]) -> Iterator[tuple[int, Event]]:
    """All events of a commit's steps in time order, each with the index of its step."""
    desk = Desk()
    for index, step in enumerate(steps):
        for event in desk.events(step, time_of(index)):
            yield index, event


def commit_event(commit: Commit, t: float, *, message: str | None = None) -> Git:
    """The commit of everything that was typed.

    It brings texts as far as they are few and small; a renamed file is two, as in a live server.
    """
    sides = (side for file in commit.files for side in _sides(file))
    paths = dict.fromkeys(
        path for file in commit.files for path in (file.old_path, file.path) if path is not None
    )
    return Git(
        t,
        "commit",
        head=commit.id,
        paths=tuple(paths),
        message=message,
        files=tuple(islice(_fitting(sides), _MOST_FILES)),
    )


def text_after(file: FileChange) -> str:
    """What the commit made of the file's text."""
    # From bottom to top, so that the line numbers of the parent stay true.
    changes = [
        Change(span(hunk.start, 0, hunk.start + len(hunk.before), 0), hunk.text)
        for hunk in reversed(file.hunks)
    ]
    return apply_changes(file.text, changes)


def _sides(file: FileChange) -> Iterator[CommittedFile]:
    after = text_after(file)
    match file.op:
        case "added":
            yield CommittedFile(file.path, None, after)
        case "deleted":
            yield CommittedFile(file.path, file.text, None)
        case "renamed":
            yield CommittedFile(file.old_path or file.path, file.text, None)
            yield CommittedFile(file.path, None, after)
        case "modified":
            yield CommittedFile(file.path, file.text, after)


def _fitting(files: Iterable[CommittedFile]) -> Iterator[CommittedFile]:
    left = _MOST_CHARACTERS
    for file in files:
        size = len(file.before or "") + len(file.after or "")
        if language_of(file.path) is not None and size <= left:
            left -= size
            yield file
