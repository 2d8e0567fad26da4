"""The session file: what its lines are, and a strict reader that streams them.

The first line is the header, every other one an event or a label, in time order. The reader keeps
one line in memory at a time; whatever is wrong is a `SessionError` that starts with `file:line:`.
Blank lines, CRLF line ends and a UTF-8 byte order mark carry nothing and are tolerated.
"""

import os
import shlex
import stat
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Annotated, BinaryIO

import msgspec
from msgspec import Meta, Struct

from proactive_lsp.events import (
    EVENT_TYPES,
    BadEvent,
    Edit,
    Event,
    Range,
    check_path,
    decode_event,
    event_type,
)

FORMAT = (1, 0)
MAX_LINE = 64 * 1024 * 1024
# An event with more changes is no typing, and would take many times its length in memory.
MAX_CHANGES = 100_000
_CHUNK = 1 << 20

Seconds = Annotated[float, Meta(ge=0)]
CommitId = Annotated[str, Meta(pattern=r"\A[0-9a-f]{40}\Z")]


class FolderWorkspace(Struct, frozen=True, tag_field="kind", tag="folder", omit_defaults=True):
    """Files in a folder; `path` is relative to the session file, and never written to.

    `past` has the paths that each earlier commit touched, newest first, `subjects` how the newest
    of them are called.
    """

    path: str
    past: tuple[tuple[str, ...], ...] = ()
    subjects: tuple[str, ...] = ()


class FilesWorkspace(Struct, frozen=True, tag_field="kind", tag="files", omit_defaults=True):
    """The texts themselves, by workspace path.

    `past` and `subjects` are those of a folder.
    """

    files: dict[str, str]
    past: tuple[tuple[str, ...], ...] = ()
    subjects: tuple[str, ...] = ()


class GitWorkspace(Struct, frozen=True, tag_field="kind", tag="git"):
    """The tree of one commit, to be found in the repository given with `--repo`."""

    commit: CommitId
    repository: str = ""


Workspace = FolderWorkspace | FilesWorkspace | GitWorkspace


class Header(Struct, frozen=True, kw_only=True):
    """The first line of a session file; `client` is for people alone, and so is `created`, but for
    the merging of two recordings, which lie in time as it says.
    """

    proactive_session: tuple[int, int] = FORMAT
    name: str
    created: str = ""
    client: str = ""
    workspace: Workspace


class Expect(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type", tag="expect"):
    """From `t` on, within so many seconds, a card of kind `need` must be offered at this place.

    With `after`, the whole lines of the place must read so once the card is accepted.
    """

    t: Seconds
    need: str
    path: str
    range: Range | None = None
    within: Seconds
    after: str | None = None

    def covers(self, t: float) -> bool:
        """Whether `t` lies in the time in which the card is wanted, both ends included."""
        return self.t <= t <= self.t + self.within


class Quiet(Struct, frozen=True, tag_field="type", tag="quiet"):
    """No card may be offered from `t` to `until`, both ends included."""

    t: Seconds
    until: Seconds

    def covers(self, t: float) -> bool:
        """Whether silence is wanted at `t`."""
        return self.t <= t <= self.until


Label = Expect | Quiet


class Unknown(Struct, frozen=True):
    """A line of a type that a newer minor version brought, kept as it stands."""

    t: float
    type: str
    raw: bytes


Item = Event | Label | Unknown


class LabelLine(Struct, frozen=True):
    """A label and the line of the file it stands on."""

    line: int
    label: Label


class Session(Struct, frozen=True):
    """What one pass over a valid file tells: all but the events, which `read_items` streams."""

    path: Path
    header: Header
    labels: tuple[LabelLine, ...]
    events: int
    end: float
    warnings: tuple[str, ...]


class SessionError(ValueError):
    """A session that cannot be used; one line that names the file, the line and the reason."""


class CutOffError(SessionError):
    """The last line is not whole, as after a crash; what stands before it is."""


class _Version(Struct):
    proactive_session: tuple[int, int]


class _Stamp(Struct):
    t: Seconds


_version = msgspec.json.Decoder(_Version)
_header = msgspec.json.Decoder(Header)
_label = msgspec.json.Decoder(Label)
_stamp = msgspec.json.Decoder(_Stamp)
_LABEL_TYPES = frozenset({"expect", "quiet"})
# What a broken line can raise: values as well as text that is nested beyond any sense.
_BROKEN = (BadEvent, msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def scan(path: Path) -> Session:
    """Read the whole file once and say what is in it; raises `SessionError` at the first fault.

    A replay scans before it plays, so that a broken file is refused before anything is shown.
    """
    labels: list[LabelLine] = []
    unknown: dict[str, int] = {}
    events = 0
    end = 0.0
    header = read_header(path)
    for line, item in read_items(path):
        end = item.t
        match item:
            case Expect() | Quiet():
                labels.append(LabelLine(line, item))
            case Unknown():
                unknown[item.type] = unknown.get(item.type, 0) + 1
            case _:
                events += 1
    warnings = (_skipped(path, header, unknown),) if unknown else ()
    return Session(path, header, tuple(labels), events, end, warnings)


def read_header(path: Path) -> Header:
    """The first line; raises `SessionError` when it is no header of a version we read."""
    with _opened(path) as file:
        return _decode_header(path, _next_line(path, file, 1))


def read_items(path: Path) -> Iterator[tuple[int, Item]]:
    """Each event and label with its line number, in order; raises `SessionError` on a bad line."""
    for number, item in examine(path):
        if isinstance(item, SessionError):
            raise item
        yield number, item


def examine(path: Path) -> Iterator[tuple[int, "Item | SessionError"]]:
    """The same, but with an error in the place of each bad line, and on to the end of the file.

    Raises `SessionError` when the header is none, or the file can be read no further.
    """
    with _opened(path) as file:
        header = _decode_header(path, _next_line(path, file, 1))
        newer = header.proactive_session > FORMAT
        number, last = 1, 0.0
        while raw := _read_line(path, file):
            number += 1
            if len(raw) > MAX_LINE:
                whole = raw.endswith(b"\n")
                # Not held while the rest of it is skipped.
                del raw
                if not whole:
                    _skip_line(path, file)
                yield number, _too_long(path, number)
                continue
            text = raw.strip()
            if not text:
                continue
            try:
                item = _decode_item(text, newer)
            except _BROKEN as error:
                found = _broken(path, number, raw, error)
                found.__cause__ = error
                yield number, found
                continue
            if item.t < last:
                reason = f"time goes backwards, from {last:g} to {item.t:g} seconds"
                yield number, SessionError(f"{path}:{number}: {reason}")
                continue
            last = item.t
            yield number, item


def encode_header(header: Header) -> bytes:
    """The first line without its newline."""
    return msgspec.json.encode(header)


def _decode_header(path: Path, raw: bytes) -> Header:
    text = raw.removeprefix(b"\xef\xbb\xbf").strip()
    if not text:
        raise SessionError(f"{path}:1: the file is empty; a session starts with a header line")
    try:
        text.decode()
        version = _version.decode(text).proactive_session
    except _BROKEN as error:
        if _is_cut_off(raw):
            raise _broken(path, 1, raw, error) from error
        reason = 'no session header, which starts with {"proactive_session": [1, 0], …}'
        raise SessionError(f"{path}:1: {reason}: {_reason(error)}") from error
    if version[0] != FORMAT[0]:
        written, known = ".".join(map(str, version)), ".".join(map(str, FORMAT))
        reason = f"format {written} is not one this version reads ({known}); update proactive-lsp"
        raise SessionError(f"{path}:1: {reason}")
    try:
        header = _header.decode(text)
        for name in _names(header.workspace):
            check_path(name)
    except _BROKEN as error:
        raise SessionError(f"{path}:1: bad header: {_reason(error)}") from error
    return header


def _names(workspace: Workspace) -> Iterator[str]:
    """The paths that a header names."""
    if isinstance(workspace, FilesWorkspace):
        yield from workspace.files
    if not isinstance(workspace, GitWorkspace):
        yield from chain(*workspace.past)


def _decode_item(text: bytes, newer: bool) -> Item:
    if len(text) > MAX_CHANGES and text.count(b'"range"') > MAX_CHANGES:
        raise BadEvent(f"more than {MAX_CHANGES:,} changes in one line")
    if text.startswith(b'{"proactive_session"'):
        raise BadEvent("a second session begins here; keep each in a file of its own")
    if not text.isascii():
        # Fields that we do not know are skipped unseen, and they too must be UTF-8.
        text.decode()
    try:
        return _checked_event(decode_event(text))
    except BadEvent:
        kind = event_type(text)
        if kind in EVENT_TYPES:
            raise
    if kind in _LABEL_TYPES:
        return _checked_label(_label.decode(text))
    if newer:
        return Unknown(_stamp.decode(text).t, kind, text)
    raise BadEvent(f"unknown type {kind!r}")


def _checked_event(event: Event) -> Event:
    if isinstance(event, Edit) and event.since is not None and event.since > event.t:
        raise BadEvent("`since` is later than `t`")
    return event


def _checked_label(label: Label) -> Label:
    if isinstance(label, Expect):
        check_path(label.path)
    elif label.until < label.t:
        raise BadEvent("`until` is earlier than `t`")
    return label


def _opened(path: Path) -> BinaryIO:
    try:
        file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115 - the caller closes it
    except OSError as error:
        raise SessionError(f"{path}: cannot read it: {error.strerror}") from error
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        reason = "not a regular file; a session is read twice, so save it to a file first"
        raise SessionError(f"{path}: {reason}")
    return file


def _without_waiting(path: str, flags: int) -> int:
    """Open a file; a pipe at once, too, instead of when somebody writes to it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _next_line(path: Path, file: BinaryIO, number: int) -> bytes:
    raw = _read_line(path, file)
    if len(raw) > MAX_LINE:
        raise _too_long(path, number)
    return raw


def _read_line(path: Path, file: BinaryIO, most: int = MAX_LINE + 1) -> bytes:
    try:
        return file.readline(most)
    except OSError as error:
        raise SessionError(f"{path}: cannot read it: {error.strerror}") from error


def _skip_line(path: Path, file: BinaryIO) -> None:
    while (rest := _read_line(path, file, _CHUNK)) and not rest.endswith(b"\n"):
        pass


def _too_long(path: Path, number: int) -> SessionError:
    return SessionError(f"{path}:{number}: the line is longer than {MAX_LINE >> 20} MiB")


def _broken(path: Path, number: int, raw: bytes, error: BaseException) -> SessionError:
    if not _is_cut_off(raw):
        return SessionError(f"{path}:{number}: {_reason(error)}")
    if number == 1:
        return SessionError(f"{path}:1: the header is cut off; there is nothing to replay")
    trim = f"sed -i '$d' {shlex.quote(str(path))}"
    advice = f"the last line is cut off, as after a crash; trim it with: {trim}"
    return CutOffError(f"{path}:{number}: {advice}")


def _is_cut_off(raw: bytes) -> bool:
    if raw.endswith(b"\n"):
        return False
    try:
        msgspec.json.decode(raw)
    except _BROKEN:
        return True
    return False


def _reason(error: BaseException) -> str:
    match error:
        case UnicodeDecodeError():
            return f"not UTF-8 (byte {error.start + 1} of the line)"
        case RecursionError():
            return "nested too deeply"
        case _:
            return " ".join(str(error).split())


def _skipped(path: Path, header: Header, unknown: dict[str, int]) -> str:
    count, types = sum(unknown.values()), ", ".join(sorted(unknown))
    version = ".".join(map(str, header.proactive_session))
    lines = "1 line" if count == 1 else f"{count} lines"
    return f"{path}: skipped {lines} of unknown type ({types}), written by format {version}"
