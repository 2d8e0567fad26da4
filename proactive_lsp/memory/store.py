"""Where memory outlives the process: one SQLite file per workspace folder, or nothing.

No failure of a store is an exception for its user. Locked or full: the batch is kept and offered
again. Corrupt: set aside and started afresh. Newer, read-only, out of reach: RAM alone. Each is
said once in `messages`.
"""

import errno
import hashlib
import os
import sqlite3
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

from proactive_lsp.events import Event
from proactive_lsp.memory.state import Batch, State
from proactive_lsp.memory.tables import (
    SCHEMA_VERSION,
    bring_up_to_date,
    count_events,
    forget,
    forget_events,
    read_events,
    read_weights,
    write_weights,
)
from proactive_lsp.memory.tally import Counts

BUSY_SECONDS = 0.2
_FOLDER = "memory"
_T = TypeVar("_T")


class Store(Protocol):
    """What `Memory` needs of a store."""

    messages: list[str]

    @property
    def status(self) -> str:
        """`ok`, or `ram-only: ` and the reason."""
        ...

    @property
    def durable(self) -> bool:
        """Whether it makes sense to keep events for a later write."""
        ...

    def state(self) -> State | None:
        """The state as stored; None when it did not change since it was last asked for."""
        ...

    def earlier(self, limit: int) -> list[Event]:
        """The newest stored events, oldest first, their times relative to the start of this run."""
        ...

    def count(self) -> int:
        """How many events are stored."""
        ...

    def write(self, batch: Batch) -> bool:
        """Whether the batch is done with; False asks to offer it again."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


class NoStore:
    """Keeps nothing: replays and tests start empty and leave no trace."""

    status = "ok"
    durable = False

    def __init__(self) -> None:
        self.messages: list[str] = []

    def state(self) -> State | None:
        """None: there is nothing stored."""
        return None

    def earlier(self, limit: int) -> list[Event]:
        """Nothing."""
        return []

    def count(self) -> int:
        """None of them."""
        return 0

    def write(self, batch: Batch) -> bool:
        """True: forgotten is done with."""
        return True

    def close(self) -> None:
        """Nothing to let go of."""


def store_path(root: Path, state_dir: Path | None) -> Path:
    """The store of a workspace folder: below `state_dir`, or the user's own state directory."""
    if state_dir is None:
        import platformdirs

        state_dir = Path(platformdirs.user_state_dir("proactive-lsp", appauthor=False))
    digest = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:16]
    return state_dir / _FOLDER / f"{digest}.sqlite3"


def _keep_private(folder: Path) -> None:
    """A folder of ours that others can write, made by some tool that restored it, is ours again."""
    if folder.name != _FOLDER or not hasattr(os, "geteuid"):
        return
    found = folder.stat()
    if found.st_uid == os.geteuid() and found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        folder.chmod(0o700)


_ADD_LEARNED = """
INSERT INTO learned VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (kind, trigger, prefix) DO UPDATE SET
    accepted = accepted + excluded.accepted, dismissed = dismissed + excluded.dismissed,
    ignored = ignored + excluded.ignored, undone = undone + excluded.undone,
    muted = muted + excluded.muted
"""
_CORRUPT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
# These pass by themselves, so what could not be written is offered again.
_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PROTOCOL,
}
_PRUNE_EVERY = 100


class _NewerSchemaError(Exception):
    """The file was written by a newer version."""


class SqliteStore:
    """Durable memory in one file, 0600, shared by every process that works on the same folder.

    `wall` is the time of day, which places the events of different runs on one line.
    """

    def __init__(
        self,
        path: Path,
        *,
        max_rows: int = 50_000,
        max_days: float = 30.0,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.messages: list[str] = []
        self.status = "ok"
        self.durable = True
        self._path = path
        self._max_rows = max_rows
        self._max_days = max_days
        self._wall = wall
        self._began = wall()
        self._connection: sqlite3.Connection | None = None
        self._seen_version = -1
        self._writes = 0
        self._guarded(lambda _: None, otherwise=None)

    def state(self) -> State | None:
        """The stored state; None when nobody else changed it since, or it cannot be read now."""
        return self._guarded(self._read_state, otherwise=None)

    def earlier(self, limit: int) -> list[Event]:
        """The newest stored events, oldest first, at times up to 0; bad rows are left out."""
        return self._guarded(lambda db: self._read_events(db, limit), otherwise=[])

    def count(self) -> int:
        """How many events are stored; 0 when they cannot be read now."""
        return self._guarded(count_events, otherwise=0)

    def write(self, batch: Batch) -> bool:
        """Write a batch at once or not at all; False when it is worth trying again."""
        if batch.empty or not self.durable:
            return True
        written = self._guarded(lambda db: self._write(db, batch), otherwise=False)
        if written and batch.lost:
            self.messages.append(
                f"memory: {batch.lost} events were not saved while {self._path} was out of reach"
            )
        return written or not self.durable

    def close(self) -> None:
        """Let go of the file; SQLite then folds its log into it."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    # --- one way in for every access, where foreign errors become a status -----------------------

    def _guarded(self, work: Callable[[sqlite3.Connection], _T], *, otherwise: _T) -> _T:
        if not self.durable:
            return otherwise
        for _ in range(2):  # the second time on a fresh file, when the first was corrupt
            try:
                if self._connection is None:
                    self._connection = self._open()
                result = work(self._connection)
            except _NewerSchemaError:
                self._give_up("the file was written by a newer version; update proactive-lsp")
                return otherwise
            except (sqlite3.Error, OSError) as error:
                code = getattr(error, "sqlite_errorcode", 0) & 0xFF
                if code in _CORRUPT and self._set_aside():
                    continue
                if code in _PASSING:
                    self._say("ram-only", f"{error}; will try again")
                else:
                    self._give_up(str(error))
                return otherwise
            else:
                self.status = "ok"
                return result
        return otherwise

    def _say(self, status: str, reason: str) -> None:
        """Set the status, with one message for as long as it lasts."""
        if self.status == "ok":
            self.messages.append(f"memory: works from RAM only, {self._path}: {reason}")
        self.status = f"{status}: {reason}"

    def _give_up(self, reason: str) -> None:
        self.close()
        self._say("ram-only", reason)
        self.durable = False

    def _open(self) -> sqlite3.Connection:
        if not self._path.parent.exists():
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _keep_private(self._path.parent)
        for log in ("-wal", "-shm", "-journal"):
            if self._path.with_name(self._path.name + log).is_symlink():
                raise OSError(errno.ELOOP, f"its {log} file is a symbolic link")
        # SQLite gives its log files the mode of the database, so that is set before it opens it.
        # A link that somebody put in its place would have us write into another file.
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        handle = os.open(self._path, flags, 0o600)
        os.close(handle)
        self._path.chmod(0o600)
        db = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version > SCHEMA_VERSION:
                raise _NewerSchemaError
            db.execute("PRAGMA secure_delete = ON")
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("PRAGMA journal_size_limit = 4000000")
            if version < SCHEMA_VERSION:
                bring_up_to_date(db)
        except BaseException:
            db.close()
            raise
        self._seen_version = -1
        return db

    def _set_aside(self) -> bool:
        """Rename the corrupt file and its logs to `*.corrupt-<n>`; False when that fails too."""
        self.close()
        number = 1
        while (aside := self._path.with_name(f"{self._path.name}.corrupt-{number}")).exists():
            number += 1
        try:
            self._path.rename(aside)
            for log in ("-wal", "-shm"):
                beside = self._path.with_name(self._path.name + log)
                if beside.exists():
                    beside.rename(aside.with_name(aside.name + log))
        except OSError:
            return False
        self.messages.append(
            f"memory: {self._path} was corrupt; kept as {aside.name}, began afresh"
        )
        return True

    # --- statements ------------------------------------------------------------------------------

    def _read_state(self, db: sqlite3.Connection) -> State | None:
        version = db.execute("PRAGMA data_version").fetchone()[0]  # rises when others write
        if version == self._seen_version:
            return None
        state = read_state(db)
        self._seen_version = version
        return state

    def _read_events(self, db: sqlite3.Connection, limit: int) -> list[Event]:
        return read_events(db, limit, self._began)

    def _write(self, db: sqlite3.Connection, batch: Batch) -> bool:
        db.execute("BEGIN IMMEDIATE")
        try:
            if batch.without_events:
                forget_events(db)
            db.executemany(
                "INSERT INTO events (at, line) VALUES (?, ?)",
                [(self._began + t, line) for t, line in batch.events],
            )
            db.executemany(
                "INSERT OR IGNORE INTO dismissed VALUES (?)", [(name,) for name in batch.dismissed]
            )
            for key, muted in batch.mutes.items():
                db.execute("DELETE FROM mutes WHERE kind = ? AND prefix = ?", key)
                if muted:
                    db.execute("INSERT INTO mutes VALUES (?, ?)", key)
            forget(db, batch.forgotten)
            db.executemany(
                _ADD_LEARNED,
                [(*key, *msgspec.structs.astuple(counts)) for key, counts in batch.learned.items()],
            )
            for kind, weighing in batch.weights.items():
                write_weights(db, kind, weighing.of(read_weights(db, kind).get(kind, {})))
            db.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", batch.values.items())
            if self._writes % _PRUNE_EVERY == 0:
                self._prune(db)
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
        self._writes += 1
        if batch.without_events:
            # What was deleted still stands in SQLite's log, until that is folded into the file.
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return True

    def _prune(self, db: sqlite3.Connection) -> None:
        db.execute("DELETE FROM events WHERE at < ?", (self._wall() - self._max_days * 86_400,))
        db.execute(
            "DELETE FROM events WHERE id <= (SELECT max(id) FROM events) - ?", (self._max_rows,)
        )


def read_state(db: sqlite3.Connection) -> State:
    """Everything but the events; raises `sqlite3.Error`."""
    return State(
        {row[0] for row in db.execute("SELECT id FROM dismissed")},
        set(db.execute("SELECT kind, prefix FROM mutes")),
        {row[:3]: Counts(*row[3:]) for row in db.execute("SELECT * FROM learned")},
        read_weights(db),
        dict(db.execute("SELECT key, value FROM kept")),
    )
