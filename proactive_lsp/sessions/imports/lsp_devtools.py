"""Read what `lsp-devtools record` wrote: with `--to-sqlite` a database, with `--to-file` lines.

A database has the time of each message. Lines have none: there every message that the editor sent
is taken to have come a quarter of a second after the one before, which is said.
"""

import json
import shutil
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from proactive_lsp.replay.session import MAX_LINE, SessionError
from proactive_lsp.sessions.imports.messages import (
    DID_CHANGE,
    LOST_EDIT,
    Lost,
    Message,
    as_object,
    message_of,
)
from proactive_lsp.sessions.imports.text import BEGINNING, text_lines

SQLITE = b"SQLite format 3\0"
STEP = 0.25
# A view by that name could compute for ever.
_TABLE = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'messages'"
_QUERY = (
    "SELECT CASE WHEN length(metadata) <= ? THEN metadata END,"
    " CASE WHEN length(body) <= ? THEN body END FROM messages ORDER BY rowid"
)
_LONGEST_METADATA = 1 << 16
# A value may be computed, too; one that is longer than this ends the reading.
_LONGEST_VALUE = 2 * MAX_LINE


def is_recording(start: str) -> bool:
    """Whether a line of the file is a message as it went over the wire."""
    try:
        return message_of(json.loads(start), None) is not None
    except (ValueError, RecursionError):
        return start.startswith('{"jsonrpc":')


def read_recording(path: Path, lost: Lost) -> Iterator[Message]:
    """The messages in the order they were recorded; what does not parse is counted."""
    with path.open("rb") as file:
        start = file.read(len(SQLITE))
    return _from_database(path, lost) if start == SQLITE else _from_lines(path, lost)


def _from_lines(path: Path, lost: Lost) -> Iterator[Message]:
    t = 0.0
    lost.note(f"no times were recorded; {STEP:g} s are taken between two notifications")
    for line in text_lines(path, lost):
        if not line.strip():
            continue
        message = message_of(_parsed(line), t)
        if message is None:
            lost.add("messages that do not parse")
            if DID_CHANGE in line[:BEGINNING]:
                yield Message(t, LOST_EDIT, None, None)
            continue
        if message.method.startswith(("textDocument/did", "workspace/did")):
            t += STEP
        yield message


def _from_database(path: Path, lost: Lost) -> Iterator[Message]:
    try:
        with _opened(path) as database:
            for metadata, body in database.execute(_QUERY, (_LONGEST_METADATA, MAX_LINE)):
                if body is None:
                    lost.add(f"messages longer than {MAX_LINE >> 20} MiB")
                    # Nothing but an edit or a text is so long, and a text is told for itself.
                    yield Message(_time(metadata), LOST_EDIT, None, None)
                    continue
                message = message_of(_parsed(body), _time(metadata))
                if message is None:
                    lost.add("messages that do not parse")
                else:
                    yield message
    except sqlite3.Error as error:
        reason = f"no whole recording of lsp-devtools ({error})"
        raise SessionError(f"{path}: {reason}; record it again with --to-sqlite") from error


@contextmanager
def _opened(path: Path) -> Generator[sqlite3.Connection]:
    """The database, read-only: beside somebody's recording no file appears, and none is changed.

    What was not checkpointed stands in a file beside it, and is read from a copy of both.
    """
    with TemporaryDirectory() as folder:
        log = path.with_name(f"{path.name}-wal")
        if log.is_file() and log.stat().st_size:
            for file in (path, log):
                shutil.copyfile(file, Path(folder) / file.name)
            address = (Path(folder) / path.name).as_uri()
        else:
            address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
            if database.execute(_TABLE).fetchone() is None:
                raise SessionError(f"{path}: a database, but not one of lsp-devtools")
            yield database


def _time(metadata: object) -> float | None:
    """What `datetime.isoformat` or a clock in seconds left there."""
    stamp: Any = as_object(_parsed(metadata)).get("timestamp")
    try:
        if isinstance(stamp, (int, float)):
            return float(stamp)
        time = datetime.fromisoformat(str(stamp))
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _parsed(text: object) -> object:
    if not isinstance(text, (str, bytes)):
        return None
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value
