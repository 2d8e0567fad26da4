"""Cut a piece out of a session; it begins with the workspace as it was by then."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from msgspec.structs import replace

from proactive_lsp.events import Event, FileOperation, Git, Save
from proactive_lsp.replay.session import Expect, Header, Item, Quiet, SessionError, Unknown
from proactive_lsp.sessions.moment import Moment
from proactive_lsp.sessions.reading import whole_items
from proactive_lsp.sessions.shifting import shifted, shifted_label
from proactive_lsp.sessions.texts import carried, opened, still_found
from proactive_lsp.sessions.writing import write_session
from proactive_lsp.workspace.past import Past


def trim(
    path: Path,
    target: Path,
    *,
    start: float,
    end: float,
    repo: Path | None = None,
    warn: Callable[[str], None] = lambda text: None,
) -> int:
    """Write what happened from `start` to `end`, both included, as a session of its own.

    Its time counts from `start`. Files that were changed before are as they were saved last, open
    ones are opened at its first moment. How many lines it has; `SessionError` when it has none.
    """
    if not 0 <= start <= end:
        raise SessionError(f"{path}: a piece from {start:g} to {end:g} s holds nothing")
    header, base, past = opened(path, repo)
    moment = Moment(base)
    items = whole_items(path, warn)
    changed = False
    first: Item | None = None
    for item in items:
        if item.t >= start:
            first = item
            break
        if not isinstance(item, Expect | Quiet | Unknown):
            changed = changed or isinstance(item, Save | Git | FileOperation)
            past = _after(past, item)
            moment.apply(item)
    if first is None or first.t > end:
        raise SessionError(f"{path}: nothing happened from {start:g} to {end:g} s")
    if changed:
        header = replace(header, workspace=carried(moment.saved, past, path))
    else:
        header = still_found(header, path, target)
    header = replace(header, created=_later(header, start))
    return write_session(target, header, _piece(moment, first, items, start, end))


def _piece(
    moment: Moment, first: Item, items: Iterator[Item], start: float, end: float
) -> Iterator[Item]:
    yield from moment.opens(0.0)
    item: Item | None = first
    while item is not None and item.t <= end:
        match item:
            case Unknown():
                yield _moved(item, -start)
            case Expect() | Quiet():
                yield shifted_label(item, -start)
            case _:
                yield shifted(item, -start)
        item = next(items, None)


def _moved(item: Unknown, by: float) -> Unknown:
    fields = msgspec.json.decode(item.raw, type=dict[str, object])
    t = max(0.0, item.t + by)
    return Unknown(t, item.type, msgspec.json.encode(fields | {"t": t}))


def _after(past: Past, event: Event) -> Past:
    if isinstance(event, Git) and event.op == "commit":
        return past.after(event.paths or (), event.message)
    return past


def _later(header: Header, seconds: float) -> str:
    try:
        began = datetime.fromisoformat(header.created)
    except ValueError:
        return header.created
    return (began + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")
