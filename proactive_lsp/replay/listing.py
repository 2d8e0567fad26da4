"""A session file as entries to read, without playing it."""

from collections.abc import Iterator
from pathlib import Path

from proactive_lsp.events import Diagnostics, Edit, Event, Git, TestResult
from proactive_lsp.replay.entry import Entry
from proactive_lsp.replay.labels import wanted_card, wanted_quiet
from proactive_lsp.replay.session import (
    Expect,
    FilesWorkspace,
    FolderWorkspace,
    GitWorkspace,
    Header,
    Quiet,
    Unknown,
    read_header,
    read_items,
)
from proactive_lsp.replay.wording import counted, describe, describe_change

MOST_DETAILS = 3


def list_session(path: Path) -> Iterator[Entry]:
    """The header, then each event and label as it is read; raises `SessionError` on the way."""
    yield describe_header(read_header(path))
    for _, item in read_items(path):
        match item:
            case Expect():
                yield Entry("label", item.t, f"expects {wanted_card(item)}")
            case Quiet():
                yield Entry("label", item.t, f"expects {wanted_quiet(item)}")
            case Unknown():
                yield Entry("message", item.t, f"unknown type {item.type}, skipped by a replay")
            case _:
                yield Entry("happened", item.t, describe(item), _details(item))


def describe_header(header: Header) -> Entry:
    """The name; behind it when and with what it was recorded, and over what."""
    match header.workspace:
        case FolderWorkspace(path=path):
            workspace = f"{path}/"
        case FilesWorkspace(files=files):
            workspace = f"{counted(len(files), 'file')} in the session"
        case GitWorkspace(commit=commit, repository=repository):
            workspace = f"{repository or 'a repository'} at {commit[:12]}"
    day = header.created.partition("T")[0]
    parts = [part for part in (day, header.client, workspace) if part]
    return Entry("session", 0.0, header.name, excerpt=", ".join(parts))


def _details(event: Event) -> tuple[str, ...]:
    match event:
        case Edit():
            lines = [describe_change(change) for change in event.changes]
        case Diagnostics():
            lines = [f"line {item.range.start.line + 1}: {item.message}" for item in event.items]
        case Git():
            lines = [file.path for file in event.files]
        case TestResult(message=str(message)):
            lines = message.splitlines()
        case _:
            return ()
    more = len(lines) - MOST_DETAILS
    return (*lines[:MOST_DETAILS], *((f"and {more} more",) if more > 0 else ()))
