"""A session file as entries to read, without playing it."""

from collections.abc import Iterator
from pathlib import Path

from proactive_lsp.events import Diagnostics, Edit, Event, Git, TestResult
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
from proactive_lsp.replay.story import Entry
from proactive_lsp.replay.wording import describe, describe_change

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
    """Name, origin and workspace of a session."""
    match header.workspace:
        case FolderWorkspace(path=path):
            workspace = f"over the folder {path}"
        case FilesWorkspace(files=files):
            workspace = f"over {len(files)} files in the session itself"
        case GitWorkspace(commit=commit, repository=repository):
            workspace = f"over commit {commit[:12]} of {repository or 'a repository'}"
    made = [part for part in (header.created, header.client) if part]
    recorded = f"recorded {', '.join(made)}, " if made else "recorded "
    return Entry("session", 0.0, header.name, (recorded + workspace,))


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
