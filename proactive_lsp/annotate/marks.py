"""What people said of the suggestions of a session: one file of marks for each of them.

The marks that ada made of `run.jsonl` stand beside it in `run.ada.marks.ndjson`: a header, then one
line for each mark or undo, only ever appended. A crash costs at most the line being written.
"""

import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta, Struct

from proactive_lsp.events import BadEvent, Range, check_path
from proactive_lsp.replay.find import MARKS_SUFFIX
from proactive_lsp.replay.session import Seconds, SessionError

FORMAT = (1, 0)
MOST_BYTES = 32 * 1024 * 1024
Worth = Literal["accept", "dismiss", "not-now", "wrong"]
WORTHS: tuple[Worth, ...] = get_args(Worth)
# No dot, which ends the name in a file's name.
_NAME = re.compile(r"\w[\w-]{0,39}")
_READABLE = "letters, digits, _ and -, at most 40"

Text = Annotated[str, Meta(max_length=1_000)]


class Judged(Struct, frozen=True, kw_only=True, tag_field="type", tag="worth"):
    """What one suggestion was worth; `card` is its id and, behind a dot, which time it was offered.

    What it was stands here too, so that labels can be made of it whatever later versions offer.
    """

    card: Text
    worth: Worth
    t: Seconds
    need: Text
    path: Text
    range: Range


class Missing(
    Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type", tag="missing"
):
    """A card that should have been offered, from `t` on within so many seconds."""

    t: Seconds
    need: Text
    path: Text
    range: Range | None = None
    within: Seconds
    note: Text = ""


class Undo(Struct, frozen=True, tag_field="type", tag="undo"):
    """The mark of this number is taken back; the first line below the header is number 1."""

    number: int


Mark = Judged | Missing
Line = Mark | Undo


class Marks(Struct, frozen=True):
    """What holds in the end: of each card the newest mark that was not taken back."""

    annotator: str
    lines: tuple[Line, ...] = ()

    @property
    def standing(self) -> dict[int, Mark]:
        """Every mark that was not taken back, by its number, oldest first."""
        gone = {line.number for line in self.lines if isinstance(line, Undo)}
        return {
            number: line
            for number, line in enumerate(self.lines, start=1)
            if not isinstance(line, Undo) and number not in gone
        }

    @property
    def judged(self) -> dict[str, Judged]:
        """By card."""
        return {mark.card: mark for mark in self.standing.values() if isinstance(mark, Judged)}

    @property
    def missing(self) -> dict[int, Missing]:
        """By number."""
        standing = self.standing.items()
        return {number: mark for number, mark in standing if isinstance(mark, Missing)}

    @property
    def latest(self) -> tuple[int, Mark] | None:
        """What an undo would take back."""
        return next(reversed(self.standing.items()), None)


class _Header(Struct, frozen=True):
    proactive_marks: tuple[int, int]
    annotator: str


_header = msgspec.json.Decoder(_Header)
_line = msgspec.json.Decoder(Line)


def check_name(name: str) -> str:
    """The name of an annotator in its one spelling; raises `SessionError` when it cannot be one."""
    spelled = unicodedata.normalize("NFC", name)
    if not _NAME.fullmatch(spelled):
        raise SessionError(f"--as {name!r}: a name has {_READABLE}; give another with --as NAME")
    return spelled


def marks_file(session: Path, annotator: str) -> Path:
    """Where the marks are.

    >>> str(marks_file(Path("a/run.jsonl"), "ada"))
    'a/run.ada.marks.ndjson'
    """
    return session.with_name(f"{session.name.removesuffix('.jsonl')}.{annotator}{MARKS_SUFFIX}")


def annotators(session: Path) -> tuple[str, ...]:
    """Everybody who has marks of the session, by name."""
    start = f"{session.name.removesuffix('.jsonl')}."
    names = (
        entry.name.removeprefix(start).removesuffix(MARKS_SUFFIX)
        for entry in session.parent.iterdir()
        if entry.name.startswith(start) and entry.name.endswith(MARKS_SUFFIX)
    )
    return tuple(sorted(name for name in names if _NAME.fullmatch(name)))


def read_marks(session: Path, annotator: str) -> Marks:
    """None made yet is no error; raises `SessionError` for a file that holds something else."""
    file = marks_file(session, annotator)
    content = _content(file)
    whole, _, _ = content.rpartition(b"\n")
    if not whole:
        return Marks(annotator)
    first, *rest = whole.split(b"\n")
    try:
        version = _header.decode(first).proactive_marks
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise SessionError(f"{file}:1: not the marks of an annotator; move it away") from error
    if version[0] != FORMAT[0]:
        reason = "these marks are of a newer format; update proactive-lsp"
        raise SessionError(f"{file}:1: {reason}")
    return Marks(annotator, tuple(_read_lines(file, rest)))


def append_mark(session: Path, annotator: str, line: Line) -> None:
    """Write one line, and be sure that it is on the disk; raises `SessionError` when it is not.

    The tail that a crash left is cut off first, as it was never told to be kept.
    """
    file = marks_file(session, annotator)
    content = _content(file)
    kept = content.rfind(b"\n") + 1
    batch = msgspec.json.encode(line) + b"\n"
    if not kept:
        header = msgspec.json.encode(_Header(FORMAT, annotator))
        batch = header + b"\n" + batch
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _NO_LINKS, 0o600)
        try:
            if kept < len(content):
                os.ftruncate(descriptor, kept)
            _write_all(descriptor, batch)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise SessionError(f"{file}: the mark was not kept: {error.strerror}") from error


# Beside a session of somebody else's, a link may lead anywhere.
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)


def _content(file: Path) -> bytes:
    try:
        descriptor = os.open(file, os.O_RDONLY | _NO_LINKS)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise SessionError(f"{file}: cannot read it: {error.strerror}") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise SessionError(f"{file}: not a regular file; move it away")
    with os.fdopen(descriptor, "rb") as opened:
        content = opened.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise SessionError(f"{file}: larger than {MOST_BYTES >> 20} MiB; move it away")
    return content


def _read_lines(file: Path, lines: Iterable[bytes]) -> Iterator[Line]:
    for number, raw in enumerate(lines, start=2):
        try:
            line = _line.decode(raw)
            if not isinstance(line, Undo):
                check_path(line.path)
        except (msgspec.MsgspecError, BadEvent, RecursionError, UnicodeDecodeError) as error:
            reason = " ".join(str(error).split())
            raise SessionError(f"{file}:{number}: no mark: {reason}") from error
        yield line


def _write_all(descriptor: int, batch: bytes) -> None:
    view = memoryview(batch)
    while view:
        view = view[os.write(descriptor, view) :]
