"""Read the memory of a folder beside a server that may be running: nothing is written or changed.

Not even SQLite's own log files are made: where there are none nobody writes, so the file is read
as it lies there.
"""

import sqlite3
from pathlib import Path

from proactive_lsp.events import Event
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
        if not path.is_file():
            raise UnreadableError(f"{path}: no such memory")
        try:
            self._state: State | None
            self._state, self._events, self._count = _read(path, events)
        except (sqlite3.Error, TypeError) as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            advice = "try again" if code in _BUSY else "the server sets a broken one aside"
            raise UnreadableError(f"{path}: cannot be read ({error}); {advice}") from error

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


def _read(path: Path, events: int) -> tuple[State, list[Event], int]:
    alone = not path.with_name(f"{path.name}-wal").exists()
    uri = f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if alone else ''}"
    db = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version != SCHEMA_VERSION:
            age = "newer" if version > SCHEMA_VERSION else "older"
            advice = "update proactive-lsp" if version > SCHEMA_VERSION else "start the server once"
            raise UnreadableError(f"{path}: written by a version that is {age}; {advice}")
        db.execute("BEGIN")
        return read_state(db), read_events(db, events), count_events(db)
    finally:
        db.close()
