"""Read the memory of a folder beside a server that may be running: nothing is written or changed.

Not even SQLite's own log files are made: where there are none nobody writes, so the file is read
as it lies there.
"""

import sqlite3
from pathlib import Path

from proactive_lsp.events import Event
from proactive_lsp.memory.store import BUSY_SECONDS, SCHEMA_VERSION, Batch, State, read_state


class UnreadableError(Exception):
    """A memory that cannot be read; one line that names the file, the reason and what to do."""


class ReadStore:
    """The state of a store as it was when this was made; there are no events in it.

    Raises `UnreadableError` when the file is missing, foreign, locked or of another version.
    """

    status = "ok"
    durable = False

    def __init__(self, path: Path) -> None:
        self.messages: list[str] = []
        if not path.is_file():
            raise UnreadableError(f"{path}: no such memory")
        try:
            self._state: State | None = _read(path)
        except (sqlite3.Error, TypeError) as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            advice = "try again" if code in _BUSY else "the server sets a broken one aside"
            raise UnreadableError(f"{path}: cannot be read ({error}); {advice}") from error

    def state(self) -> State | None:
        """The stored state, once."""
        state, self._state = self._state, None
        return state

    def earlier(self, limit: int) -> list[Event]:
        """None of the events."""
        return []

    def write(self, batch: Batch) -> bool:
        """True: nothing is written, and nobody should offer it again."""
        return True

    def close(self) -> None:
        """The file was let go of already."""


_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def _read(path: Path) -> State:
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
        return read_state(db)
    finally:
        db.close()
