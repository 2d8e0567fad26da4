"""Mine a history: each commit that counts becomes a session file that `replay` can play.

Its workspace is the parent commit by reference, its events are the hunks with their saves and the
commit at the end. What is typed is redacted as in any other recording. A file stands under its
name only once it is whole, so a run that was broken off goes on where it stopped.
"""

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from proactive_lsp.evaluation.commits import Commit
from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.evaluation.steps import (
    Order,
    commit_event,
    session_events,
    steps_of,
    time_of,
)
from proactive_lsp.events import Event, encode_event
from proactive_lsp.redaction import redact_event
from proactive_lsp.replay.session import GitWorkspace, Header, encode_header
from proactive_lsp.workspace.git_history import History

MANIFEST = "mine.json"
_SHA1 = 40  # hex digits; sessions know no other


class Manifest(Struct, frozen=True):
    """What a folder of mined sessions was made from; `commits` are those of the last run."""

    name: str
    repository: str
    head: str
    order: Order
    seed: int
    commits: tuple[str, ...] = ()


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a mined folder; None where there is none. Raises `EvaluationError`."""
    file = folder / MANIFEST
    try:
        return msgspec.json.decode(file.read_bytes(), type=Manifest)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise EvaluationError(
            f"{file} cannot be read ({error}); mine into another --out"
        ) from error


def begin(folder: Path, manifest: Manifest) -> None:
    """Make the folder, or go on in it; raises `EvaluationError` when it holds something else."""
    old = read_manifest(folder)
    if old is not None and (old.order, old.seed) != (manifest.order, manifest.seed):
        what = f"--order {old.order} --seed {old.seed}"
        raise EvaluationError(f"{folder} was mined with {what}; give another --out")
    if old is not None and old.repository != manifest.repository:
        raise EvaluationError(f"{folder} was mined from {old.repository}; give another --out")
    make_folder(folder)


def make_folder(out: Path) -> None:
    """Make the folder of an --out; raises `EvaluationError` where something else is there."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise EvaluationError(f"--out {out}: this is no folder; give another --out") from error


def finish(folder: Path, manifest: Manifest) -> None:
    """Write down what was mined."""
    content = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
    write_whole(folder / MANIFEST, content + b"\n")


def mine_commit(history: History, commit: Commit, folder: Path, manifest: Manifest) -> bool:
    """Write the session of one commit; False when it was there already."""
    file = folder / f"{commit.id[:12]}.jsonl"
    if file.exists():
        return False
    if len(commit.id) != _SHA1:
        raise EvaluationError("a repository with SHA-256 ids cannot be mined; sessions know SHA-1")
    facts = history.commit(commit.id)
    header = Header(
        name=f"{manifest.name} {commit.id[:12]}",
        created=date_of(facts.time) if facts is not None else "",
        client="proactive-lsp mine",
        workspace=GitWorkspace(commit.parent, manifest.name),
    )
    message = facts.message if facts is not None else ""
    events = _events(commit, message, manifest)
    lines = (encode_header(header), *(encode_event(redact_event(event)) for event in events))
    write_whole(file, b"".join(line + b"\n" for line in lines))
    return True


def _events(commit: Commit, message: str, manifest: Manifest) -> Iterator[Event]:
    steps = steps_of(commit, manifest.order, manifest.seed)
    yield from (event for _, event in session_events(steps))
    yield commit_event(commit, time_of(len(steps)), message=message)


def date_of(seconds: int) -> str:
    """A time in seconds since 1970 as ISO 8601 in UTC; "" for one that no calendar knows."""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    except (OverflowError, ValueError, OSError):
        # Git writes down whatever time it is told, in the year 30 000 as well.
        return ""


def write_whole(file: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all."""
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=".mining-")
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
