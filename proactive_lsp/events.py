"""What can happen in a session: a closed union of frozen events, each one JSON object on the wire.

The wire form is `{"t": seconds, "type": tag, ...fields}`. Positions count UTF-16 code units,
as the LSP 3.18 specification does by default. Paths are relative to the workspace, with `/`.
"""

import re
from functools import lru_cache
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

Unsigned = Annotated[int, Meta(ge=0)]


class Position(Struct, frozen=True, order=True, gc=False):
    """A place between two UTF-16 code units; both numbers start at 0."""

    line: Unsigned
    character: Unsigned


class Range(Struct, frozen=True, order=True, gc=False):
    """From `start` up to, not including, `end`."""

    start: Position
    end: Position

    def touches(self, other: "Range") -> bool:
        """Whether the two share a position, their ends included."""
        return self.start <= other.end and other.start <= self.end


def span(line: int, character: int, end_line: int, end_character: int) -> Range:
    """Short for a `Range` from four numbers."""
    return Range(Position(line, character), Position(end_line, end_character))


class Change(Struct, frozen=True, gc=False):
    """One replacement; without a range, `text` is the whole new document."""

    range: Range | None
    text: str


class DiagnosticItem(Struct, frozen=True, omit_defaults=True):
    """One finding of another tool, with LSP's severities (1 error … 4 hint)."""

    range: Range
    severity: int
    message: str
    code: str | None = None


class CommittedFile(Struct, frozen=True, omit_defaults=True):
    """What a move of the repository did to a file; None is "not there"."""

    path: str
    before: str | None = None
    after: str | None = None


class Open(Struct, frozen=True, tag_field="type", tag="open"):
    """A document was opened with this text."""

    t: float
    path: str
    version: int
    language: str
    text: str


class Close(Struct, frozen=True, tag_field="type", tag="close"):
    """A document was closed; unsaved text is gone."""

    t: float
    path: str


class Save(Struct, frozen=True, tag_field="type", tag="save"):
    """A document was written to disk as it stands."""

    t: float
    path: str


class Edit(Struct, frozen=True, tag_field="type", tag="edit", omit_defaults=True):
    """Changes applied in order, each against the result of the one before.

    `origin` names the suggestion whose execution this was. `since` is the time of the first
    keystroke when a burst was coalesced into this one event, so that pauses stay measurable.
    """

    t: float
    path: str
    version: int
    changes: tuple[Change, ...]
    origin: str | None = None
    since: float | None = None


class Focus(Struct, frozen=True, tag_field="type", tag="focus", omit_defaults=True):
    """The user looks at a file, or at a range of it.

    `window` says that the editor's window was left, with this file in front, or come back to.
    """

    t: float
    path: str
    range: Range | None = None
    window: Literal["left", "back"] | None = None


class FileOperation(Struct, frozen=True, tag_field="type", tag="file", omit_defaults=True):
    """A file was created, renamed (`to` is the new path) or deleted."""

    t: float
    op: Literal["created", "renamed", "deleted"]
    path: str
    to: str | None = None


class Diagnostics(Struct, frozen=True, tag_field="type", tag="diagnostics"):
    """What another tool says of a file now; empty items clear it."""

    t: float
    path: str
    source: str
    items: tuple[DiagnosticItem, ...]


class Git(Struct, frozen=True, tag_field="type", tag="git", omit_defaults=True):
    """The repository moved. Without `paths` nobody knows which files it touched.

    A `phase` of "started" says that a merge or rebase is now in progress; without one, the
    operation is over. A stash is "started" when it is put away and "finished" when it is taken
    back. A conflict without paths says that the last one was resolved. `files` carries the texts
    of files that it changed, as far as they are few and small, so that a replay needs no
    repository to know what happened.
    """

    t: float
    op: Literal["commit", "checkout", "stage", "merge", "conflict", "rebase", "stash", "push"]
    head: str | None = None
    branch: str | None = None
    paths: tuple[str, ...] | None = None
    message: str | None = None
    phase: Literal["started", "finished"] | None = None
    files: tuple[CommittedFile, ...] = ()


class Command(Struct, frozen=True, tag_field="type", tag="command", omit_defaults=True):
    """A terminal command ended; `tail` is the end of its output.

    With a `phase` it is a program under the debugger, as `debug NAME`, and has no exit code of its
    own: `exit` is 0 then. One that ended with a code is a command like any other.
    """

    t: float
    line: str
    exit: int
    seconds: float | None = None
    tail: str | None = None
    phase: Literal["started", "stopped"] | None = None


class TestResult(Struct, frozen=True, tag_field="type", tag="test", omit_defaults=True):
    """A test ended."""

    __test__ = False  # pytest collects classes by this name

    t: float
    name: str
    outcome: str
    path: str | None = None
    message: str | None = None


class SuggestionEvent(Struct, frozen=True, tag_field="type", tag="suggestion"):
    """A suggestion changed its state."""

    t: float
    id: str
    op: Literal["offered", "shown", "withdrawn", "stale"]
    need: str
    path: str
    range: Range


class Answer(Struct, frozen=True, tag_field="type", tag="answer"):
    """The user's reaction to a suggestion."""

    t: float
    id: str
    op: Literal["accepted", "dismissed", "ignored", "muted", "undone"]


Event = (
    Open
    | Close
    | Save
    | Edit
    | Focus
    | FileOperation
    | Diagnostics
    | Git
    | Command
    | TestResult
    | SuggestionEvent
    | Answer
)


class _Peek(Struct):
    type: str


_decoder = msgspec.json.Decoder(Event)
_peek = msgspec.json.Decoder(_Peek)
_encoder = msgspec.json.Encoder()
EVENT_TYPES = frozenset(
    {
        *("open", "close", "save", "edit", "focus", "file", "diagnostics"),
        *("git", "command", "test", "suggestion", "answer"),
    }
)


class BadEvent(ValueError):
    """A line that is no event of ours; the message says what was wrong with it."""


class BadPath(BadEvent):
    """A path that is not inside the workspace."""


def event_type(line: bytes | str) -> str:
    """The `type` of a JSON object, known or not; raises `BadEvent` when there is none."""
    try:
        return _peek.decode(line).type
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadEvent(_one_line(error)) from error


def decode_event(line: bytes | str) -> Event:
    """Read one event strictly; raises `BadEvent` with the place and the reason."""
    try:
        event = _decoder.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadEvent(_one_line(error)) from error
    for path in paths_of(event):
        check_path(path)
    if isinstance(event, FileOperation) and event.op == "renamed" and event.to is None:
        raise BadEvent("a renamed file needs its new path as `to`")
    return event


def _one_line(error: Exception) -> str:
    """The message; a wrong value that it quotes may hold line breaks."""
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return " ".join(str(error).splitlines())


def encode_event(event: Event) -> bytes:
    """One line of JSON without the newline; fields in declaration order, so always the same."""
    return _encoder.encode(event)


def paths_of(event: Event) -> tuple[str, ...]:
    """Every workspace path that the event names."""
    match event:
        case Git():
            return (*(event.paths or ()), *(file.path for file in event.files))
        case FileOperation(to=str(to)):
            return (event.path, to)
        case TestResult():
            return (event.path,) if event.path is not None else ()
        case Command() | Answer():
            return ()
        case _:
            return (event.path,)


_DRIVE = re.compile(r"[A-Za-z]:")


@lru_cache(maxsize=4_096)
def check_path(path: str) -> str:
    """The path itself when it stays inside the workspace; raises `BadPath` otherwise."""
    if not path or "\0" in path or "\\" in path or path.startswith("/") or _DRIVE.match(path):
        raise BadPath(f"path {path!r} is not relative to the workspace with '/'")
    if any(part in ("", ".", "..") for part in path.split("/")):
        raise BadPath(f"path {path!r} leaves the workspace or is not normal")
    return path


def starts_at(event: Event) -> float:
    """When the event began: the first keystroke of a coalesced burst, else its time."""
    if isinstance(event, Edit) and event.since is not None:
        return event.since
    return event.t
