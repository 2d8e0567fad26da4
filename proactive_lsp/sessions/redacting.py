"""Run today's rules over an old session, or leave of it nothing but its structure."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from msgspec.structs import replace

from proactive_lsp.events import Edit
from proactive_lsp.redaction import redact, redact_edit, redact_event, redact_file, redact_path
from proactive_lsp.replay.session import (
    Expect,
    FilesWorkspace,
    FolderWorkspace,
    Item,
    Quiet,
    Unknown,
    Workspace,
    read_header,
)
from proactive_lsp.sessions.moment import Moment
from proactive_lsp.sessions.reading import whole_items
from proactive_lsp.sessions.structure import Shaper
from proactive_lsp.sessions.texts import still_found
from proactive_lsp.sessions.writing import write_session
from proactive_lsp.workspace.languages import language_of
from proactive_lsp.workspace.tree import FilesTree


def redact_session(
    path: Path,
    target: Path,
    *,
    secret: bytes | None = None,
    warn: Callable[[str], None] = lambda text: None,
) -> int:
    """Write a session with every secret masked that is known today; how many lines it has.

    With a `secret`, its structure alone. A line of a newer version, whose fields we do not know,
    may hold anything, so it is left out, and said.
    """
    header = read_header(path)
    header = replace(
        header,
        name=redact(header.name),
        client=redact(header.client),
        workspace=_workspace(header.workspace),
    )
    items = _redacted(whole_items(path, warn), warn)
    if secret is None:
        return write_session(target, still_found(header, path, target), items)
    shaper = Shaper(secret)
    return write_session(target, shaper.header(header), _shaped(items, shaper))


def _redacted(items: Iterable[Item], warn: Callable[[str], None]) -> Iterator[Item]:
    moment = Moment(FilesTree({}))
    left_out = 0
    for item in items:
        match item:
            case Unknown():
                left_out += 1
            case Expect():
                after = item.after
                if after is not None:
                    after = redact_file(item.path, after, language_of(item.path))
                yield replace(item, path=redact_path(item.path), after=after)
            case Quiet():
                yield item
            case _:
                moment.apply(item)
                document = moment.open.get(item.path) if isinstance(item, Edit) else None
                if isinstance(item, Edit) and document is not None:
                    item = redact_edit(item, document.lines, document.language)
                yield redact_event(item)
    if left_out:
        warn(f"left out {left_out} lines of a newer version, in which nobody knows what is secret")


def _shaped(items: Iterable[Item], shaper: Shaper) -> Iterator[Item]:
    for item in items:
        match item:
            case Expect() | Quiet():
                yield shaper.label(item)
            case Unknown():
                continue
            case _:
                yield shaper.event(item)


def _workspace(workspace: Workspace) -> Workspace:
    match workspace:
        case FilesWorkspace():
            files = {
                redact_path(path): redact_file(path, text, language_of(path))
                for path, text in workspace.files.items()
            }
            return replace(
                workspace, files=files, past=_past(workspace), subjects=_subjects(workspace)
            )
        case FolderWorkspace():
            return replace(workspace, past=_past(workspace), subjects=_subjects(workspace))
        case _:
            return replace(workspace, repository=redact(workspace.repository))


def _past(workspace: FilesWorkspace | FolderWorkspace) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(map(redact_path, paths)) for paths in workspace.past)


def _subjects(workspace: FilesWorkspace | FolderWorkspace) -> tuple[str, ...]:
    return tuple(map(redact, workspace.subjects))
