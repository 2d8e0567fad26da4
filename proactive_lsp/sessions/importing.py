"""Make sessions of what other tools recorded, and say what was lost on the way."""

import os
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from proactive_lsp.events import Event, FileOperation, Open
from proactive_lsp.redaction import redact, redact_file, redact_path
from proactive_lsp.replay.recorder import Recorder
from proactive_lsp.replay.session import FilesWorkspace, FolderWorkspace, Header, SessionError
from proactive_lsp.sessions.imports.converting import Converter, Started
from proactive_lsp.sessions.imports.lsp_devtools import SQLITE, is_recording, read_recording
from proactive_lsp.sessions.imports.messages import Lost
from proactive_lsp.sessions.imports.proactivebench import is_bench, read_bench
from proactive_lsp.sessions.imports.text import text_lines
from proactive_lsp.sessions.imports.vscode_trace import is_trace, read_trace
from proactive_lsp.sessions.imports.writing import Writer

# The texts of files as they were opened stand in the header, up to so many characters.
MOST_CHARACTERS = 2_000_000
# So many lines are looked at for what the file may be.
MOST_LINES = 200
MOST_SESSIONS = 10_000


class Format(StrEnum):
    """Who wrote the file."""

    AUTO = "auto"
    VSCODE_TRACE = "vscode-trace"
    LSP_DEVTOOLS = "lsp-devtools"
    PROACTIVEBENCH = "proactivebench"


class Imported(Struct, frozen=True):
    """What came of one file: the sessions with their events, and what was lost."""

    source: Path
    format: Format
    sessions: tuple[tuple[Path, int], ...]
    lost: tuple[tuple[str, int], ...]
    notes: tuple[str, ...]


def import_file(source: Path, format: Format, workspace: Path | None, out: Path) -> Imported:
    """Write the sessions of one file into the folder `out`; those that are there already stay.

    The file is read twice and never held. Raises `SessionError` when it cannot be read, is of no
    known format or holds no event at all; then nothing is left behind.
    """
    if not source.is_file():
        problem = "not a regular file" if source.exists() else "no such file"
        raise SessionError(f"{source}: {problem}; name a recording that is there")
    kind = format if format is not Format.AUTO else detected(source)
    texts = list(_first_texts(source, kind, workspace))
    lost = Lost()
    written: list[tuple[Path, int]] = []
    writer: Writer | None = None
    recorder: Recorder | None = None
    try:
        for item in _items(source, kind, workspace, lost):
            if isinstance(item, Started):
                _finish(writer, recorder, written)
                header = _header(source, item, workspace, out, texts.pop(0) if texts else {})
                recorder = Recorder(out / f"{_stem(source)}.jsonl", header)
                writer = Writer(recorder)
            elif writer is not None:
                writer.add(item)
    except BaseException:
        if recorder is not None:
            recorder.close()
        raise
    _finish(writer, recorder, written)
    notes = tuple(lost.notes)
    if not written:
        reasons = ", ".join(f"{number} {reason}" for reason, number in lost.told())
        raise SessionError(f"{source}: nothing in it became an event ({reasons or 'it is empty'})")
    return Imported(source, kind, tuple(written), tuple(lost.told()), notes)


def detected(source: Path) -> Format:
    """What the beginning of the file looks like; raises `SessionError` when it is nothing known."""
    with source.open("rb") as file:
        if file.read(len(SQLITE)) == SQLITE:
            return Format.LSP_DEVTOOLS
    start: list[str] = []
    for number, line in enumerate(text_lines(source, Lost())):
        if number == MOST_LINES:
            break
        if is_trace(line):
            return Format.VSCODE_TRACE
        if line.strip():
            start.append(line)
            if is_bench("\n".join(start[:5])):
                return Format.PROACTIVEBENCH
            if len(start) == 1 and is_recording(line):
                return Format.LSP_DEVTOOLS
    if start and start[0].startswith("Content-Length:"):
        advice = "raw traffic of both sides; record it with lsp-devtools record --to-sqlite"
        raise SessionError(f"{source}: {advice}")
    kinds = ", ".join(each for each in Format if each is not Format.AUTO)
    raise SessionError(f"{source}: looks like none of {kinds}; say which with --format")


def _items(
    source: Path, kind: Format, workspace: Path | None, lost: Lost
) -> Iterator[Event | Started]:
    if kind is Format.PROACTIVEBENCH:
        yield from read_bench(source, lost)
        return
    read = read_trace if kind is Format.VSCODE_TRACE else read_recording
    converter = Converter(lost, str(workspace.absolute()) if workspace is not None else None)
    started = False
    for message in read(source, lost):
        for item in converter.convert(message):
            if not started and not isinstance(item, Started):
                lost.note("it begins in the middle of a session; the folder is not known")
                yield Started("", converter.places.root)
            started = True
            yield item


def _first_texts(source: Path, kind: Format, workspace: Path | None) -> Iterator[dict[str, str]]:
    """Of each session the files as they were opened first, redacted; created ones are left out."""
    texts: dict[str, str] | None = None
    created: set[str] = set()
    left = MOST_CHARACTERS
    sessions = 0
    for item in _items(source, kind, workspace, Lost()):
        if isinstance(item, Started):
            if texts is not None:
                yield texts
            sessions += 1
            if sessions > MOST_SESSIONS:
                raise SessionError(f"{source}: more than {MOST_SESSIONS} sessions; split it first")
            texts, created = {}, set()
        elif isinstance(item, FileOperation):
            created.add(item.to if item.to is not None else item.path)
        elif isinstance(item, Open) and texts is not None and workspace is None:
            path = redact_path(item.path)
            if item.path not in created and path not in texts and len(item.text) <= left:
                left -= len(item.text)
                texts[path] = redact_file(item.path, item.text, item.language)
    if texts is not None:
        yield texts


def _header(
    source: Path, started: Started, workspace: Path | None, out: Path, texts: dict[str, str]
) -> Header:
    name = redact(started.root.rstrip("/").rsplit("/", 1)[-1]) if started.root else _stem(source)
    client = redact(" ".join(started.client.split())[:100])
    if workspace is not None:
        way = Path(os.path.relpath(workspace.resolve(), out.resolve())).as_posix()
        return Header(name=name, client=client, workspace=FolderWorkspace(way))
    return Header(name=name, client=client, workspace=FilesWorkspace(texts))


def _finish(
    writer: Writer | None, recorder: Recorder | None, written: list[tuple[Path, int]]
) -> None:
    """Close a session; one without an event is taken away again."""
    if writer is None or recorder is None:
        return
    writer.close()
    if writer.events:
        written.append((recorder.path, writer.events))
    else:
        recorder.path.unlink()


def _stem(source: Path) -> str:
    """A name for files made of this one; a hidden or odd name becomes a plain one."""
    stem = "".join(c if c.isalnum() or c in "-_." else "-" for c in source.stem).strip("-.")
    return redact_path(stem[:80]) or "session"
