"""Put two recordings of one workspace into one, in the order of the time of day."""

from collections.abc import Callable, Iterator
from datetime import datetime
from heapq import merge as merged
from pathlib import Path

from msgspec import Struct

from proactive_lsp.events import Close, Edit, Event, Open, Save
from proactive_lsp.replay.session import (
    FilesWorkspace,
    FolderWorkspace,
    Header,
    Item,
    SessionError,
    read_header,
)
from proactive_lsp.sessions.reading import events_of
from proactive_lsp.sessions.shifting import shifted
from proactive_lsp.sessions.texts import still_found
from proactive_lsp.sessions.writing import write_session


def merge(
    one: Path, other: Path, target: Path, *, warn: Callable[[str], None] = lambda text: None
) -> int:
    """Write what both tell, beginning with the workspace of the earlier one; how many lines.

    When each began stands in its first line. A file that both have open is told by the one that
    opened it first, as long as the other only looks at it. Labels are left out, since what they
    want was decided with one recording alone. Raises `SessionError` when the two do not belong
    together, or both changed one file at the same time.
    """
    sides = sorted(
        (_Side(path, header := read_header(path), _began(path, header)) for path in (one, other)),
        key=lambda side: side.began,
    )
    first, second = sides
    if not _belong_together(first, second):
        raise SessionError(
            f"{one} and {other} were not recorded over the same workspace; "
            "if they were, export both and merge those"
        )
    later = (second.began - first.began).total_seconds()
    told = merged(
        ((event, first) for event in events_of(first.path, warn)),
        ((shifted(event, later), second) for event in events_of(second.path, warn)),
        key=lambda pair: pair[0].t,
    )
    return write_session(target, still_found(first.header, first.path, target), _one_each(told))


class _Side(Struct, frozen=True):
    path: Path
    header: Header
    began: datetime


def _began(path: Path, header: Header) -> datetime:
    try:
        began = datetime.fromisoformat(header.created)
    except ValueError:
        began = None
    if began is None or began.tzinfo is None:
        reason = f'"created" is {header.created!r} and does not tell when it began'
        raise SessionError(f"{path}:1: {reason}; write a time with its zone there")
    return began


def _belong_together(one: _Side, other: _Side) -> bool:
    ours, theirs = one.header.workspace, other.header.workspace
    if isinstance(ours, FilesWorkspace) and isinstance(theirs, FilesWorkspace):
        known = ours.files.keys() & theirs.files.keys()
        return bool(known) or not (ours.files and theirs.files)
    if isinstance(ours, FolderWorkspace) and isinstance(theirs, FolderWorkspace):
        folders = {
            (side.path.parent / name).resolve()
            for side, name in ((one, ours.path), (other, theirs.path))
        }
        return len(folders) == 1
    return type(ours) is type(theirs) and ours == theirs


def _one_each(told: Iterator[tuple[Event, _Side]]) -> Iterator[Item]:
    """Let each open file be told by one side alone."""
    owners: dict[str, Path] = {}
    waiting: dict[str, tuple[Path, Open]] = {}
    for event, side in told:
        if not isinstance(event, Open | Edit | Save | Close):
            yield event
            continue
        path = event.path
        if owners.get(path, side.path) == side.path:
            yield event
            match event:
                case Open():
                    owners[path] = side.path
                case Close():
                    owners.pop(path, None)
                    if path in waiting:
                        owner, opened = waiting.pop(path)
                        owners[path] = owner
                        yield shifted(opened, event.t - opened.t)
                case _:
                    pass
            continue
        match event:
            case Open():
                waiting[path] = side.path, event
            case Close():
                waiting.pop(path, None)
            case Edit():
                where = f"{path} was changed in both at {event.t:g} s"
                raise SessionError(f"{side.path}: {where}; the two cannot be told as one session")
            case _:
                pass
