"""The tables of a store: how they are made, and how an older file becomes one of today."""

import sqlite3
from collections.abc import Iterable, Mapping

from msgspec.structs import astuple, replace

from proactive_lsp.events import BadEvent, Edit, Event, decode_event
from proactive_lsp.memory.state import Where
from proactive_lsp.memory.tally import MOST_WEIGHT, Counts, Tally, weighed

SCHEMA_VERSION = 2
_SCHEMA = """
CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, at REAL NOT NULL, line BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS dismissed (id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS mutes (kind TEXT, prefix TEXT, PRIMARY KEY (kind, prefix));
CREATE TABLE IF NOT EXISTS learned (
    kind TEXT, trigger TEXT, prefix TEXT,
    accepted INTEGER, dismissed INTEGER, ignored INTEGER, undone INTEGER, muted INTEGER,
    PRIMARY KEY (kind, trigger, prefix)
);
CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS weights (
    kind TEXT, trigger TEXT, prefix TEXT,
    accepted REAL, by_hand REAL, dismissed REAL, undone REAL, ignored REAL,
    PRIMARY KEY (kind, trigger, prefix)
);
"""


def bring_up_to_date(db: sqlite3.Connection) -> None:
    """Make what is missing, all or nothing; what version 1 counted is weighed by version 2.

    Version 1 goes on working on the file, since its tables are as they were.
    """
    db.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have done it while this one waited.
        version = db.execute("PRAGMA user_version").fetchone()[0]
        for statement in _SCHEMA.split(";"):
            db.execute(statement)
        if version == 1:
            old = {row[:3]: Counts(*row[3:]) for row in db.execute("SELECT * FROM learned")}
            for kind in sorted({key[0] for key in old}):
                rows = {key[1:]: weighed(old[key]) for key in sorted(old) if key[0] == kind}
                write_weights(db, kind, rows)
        db.execute(f"PRAGMA user_version = {max(version, SCHEMA_VERSION)}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def read_weights(db: sqlite3.Connection, kind: str | None = None) -> dict[str, dict[Where, Tally]]:
    """The weights of a kind, or of all, in the order of their names."""
    found: dict[str, dict[Where, Tally]] = {}
    rows = db.execute(
        "SELECT * FROM weights WHERE ?1 IS NULL OR kind = ?1 ORDER BY kind, trigger, prefix",
        (kind,),
    )
    for name, trigger, prefix, *numbers in rows:
        found.setdefault(name, {})[trigger, prefix] = Tally(*map(_sane, numbers))
    return found


def write_weights(db: sqlite3.Connection, kind: str, rows: Mapping[Where, Tally]) -> None:
    """Let these be the weights of a kind, and no others."""
    db.execute("DELETE FROM weights WHERE kind = ?", (kind,))
    db.executemany(
        "INSERT INTO weights VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(kind, *where, *astuple(tally)) for where, tally in rows.items()],
    )


def forget(db: sqlite3.Connection, kinds: Iterable[str | None]) -> None:
    """Forget what was learned of these kinds; None stands for all."""
    for kind in kinds:
        for table in ("learned", "weights"):
            db.execute(f"DELETE FROM {table} WHERE ?1 IS NULL OR kind = ?1", (kind,))  # noqa: S608 - our own names


def _sane(number: object) -> float:
    """A weight as it may be; whatever else somebody wrote there weighs nothing."""
    return float(number) if isinstance(number, (int, float)) and 0 <= number <= MOST_WEIGHT else 0.0


def read_events(db: sqlite3.Connection, limit: int, began: float | None = None) -> list[Event]:
    """The newest events, oldest first; bad rows are left out.

    Their times are seconds up to 0, counted from `began`, a time of day, else from the newest.
    """
    rows = db.execute("SELECT at, line FROM events ORDER BY id DESC LIMIT ?", (limit,)).fetchall()
    events: list[Event] = []
    for at, line in rows:
        try:
            zero = rows[0][0] if began is None else began
            events.append(_moved(decode_event(line), min(0.0, at - zero)))
        except (BadEvent, TypeError):
            continue
    return events[::-1]


def count_events(db: sqlite3.Connection) -> int:
    """How many events are stored."""
    return db.execute("SELECT count(*) FROM events").fetchone()[0]


def forget_events(db: sqlite3.Connection) -> None:
    """Forget all events, and the values that were drawn from them."""
    db.execute("DELETE FROM events")
    db.execute("DELETE FROM kept")


def _moved(event: Event, t: float) -> Event:
    """The event at another time; a burst keeps its length."""
    if isinstance(event, Edit) and event.since is not None:
        return replace(event, t=t, since=t - (event.t - event.since))
    return replace(event, t=t)
