"""Read the memory of a folder beside a server that may be running: nothing is written or changed.

Not even SQLite's own log files are made: where there are none nobody writes, so the file is read
as it lies there.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from proactive_lsp.events import BadEvent, Event, decode_event
from proactive_lsp.memory.days import Day, days_of
from proactive_lsp.memory.store import BUSY_SECONDS, SCHEMA_VERSION, Batch, State, read_state
from proactive_lsp.memory.tables import count_events, read_events


class UnreadableError(Exception):
    """A memory that cannot be read; one line that names the file, the reason and what to do."""


class ReadStore:
    """The state of a store and its newest `events` as they were when this was made.

    Raises `UnreadableError` when the file is missing, foreign, locked or of another version.
    """

    status = "ok"
    durable = False

    def __init__(self, path: Path, events: int = 0) -> None:
        self.messages: list[str] = []
        self._state: State | None
        self._state, self._events, self._count = _guarded(
            path,
            lambda db: (read_state(db), read_events(db, events), count_events(db)),
            oldest=SCHEMA_VERSION,
        )

    def state(self) -> State | None:
        """The stored state, once."""
        state, self._state = self._state, None
        return state

    def earlier(self, limit: int) -> list[Event]:
        """The newest of the events that were read, at times up to 0, the newest at 0."""
        return self._events[-limit:] if limit > 0 else []

    def count(self) -> int:
        """How many events there were."""
        return self._count

    def write(self, batch: Batch) -> bool:
        """True: nothing is written, and nobody should offer it again."""
        return True

    def close(self) -> None:
        """The file was let go of already."""


_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
# A time of day that every calendar has.
_LATEST = 4e9
_T = TypeVar("_T")


def read_days(path: Path) -> tuple[Day, ...]:
    """What every day came to, oldest first; of a file of an earlier version what its events tell.

    Raises `UnreadableError` when the file is missing, foreign, locked or of a newer version.
    """
    return _guarded(path, _read_days, oldest=1)


def _guarded(path: Path, work: Callable[[sqlite3.Connection], _T], *, oldest: int) -> _T:
    """What `work` reads, of a file that is no older than that version."""
    if not path.is_file():
        raise UnreadableError(f"{path}: no such memory")
    try:
        return _read(path, work, oldest)
    except (sqlite3.Error, TypeError) as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        advice = "try again" if code in _BUSY else "the server sets a broken one aside"
        raise UnreadableError(f"{path}: cannot be read ({error}); {advice}") from error


def _read(path: Path, work: Callable[[sqlite3.Connection], _T], oldest: int) -> _T:
    alone = not path.with_name(f"{path.name}-wal").exists()
    uri = f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if alone else ''}"
    db = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if not oldest <= version <= SCHEMA_VERSION:
            age = "newer" if version > SCHEMA_VERSION else "older"
            advice = "update proactive-lsp" if version > SCHEMA_VERSION else "start the server once"
            raise UnreadableError(f"{path}: written by a version that is {age}; {advice}")
        db.execute("BEGIN")
        return work(db)
    finally:
        db.close()


def _read_days(db: sqlite3.Connection) -> tuple[Day, ...]:
    has_sums = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'days'").fetchone()
    rows = db.execute("SELECT day, kind, figure, count FROM days") if has_sums else ()
    return days_of(rows, _events(db.execute("SELECT at, line FROM events ORDER BY id")))


def _events(lines: Iterable[tuple[float, bytes]]) -> Iterator[tuple[float, Event]]:
    """The stored events with the time of day; what cannot be read is left out."""
    for at, line in lines:
        try:
            if 0 <= at < _LATEST:
                yield float(at), decode_event(line)
        except (BadEvent, TypeError, ValueError):
            continue
