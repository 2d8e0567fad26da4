"""Where recordings are kept, how they are called, and which are too old or too many."""

import os
import re
import time
from datetime import UTC, datetime
from pathlib import Path

from proactive_lsp.redaction import redact_path
from proactive_lsp.replay.recorder import is_recorded_to
from proactive_lsp.replay.session import SessionError, read_header

_FOLDER = "sessions"
_NAMED = re.compile(r"\d{8}T\d{6}Z-[\w.+-]+\.jsonl\Z")
_UNUSUAL = re.compile(r"[^\w.+-]+")
_LONGEST_NAME = 40
MEGABYTE = 1_000_000
_DAY = 24 * 60 * 60.0


def recordings_folder(folder: str | None) -> Path:
    """The folder of a user's choice; without one, below the user's own state folder."""
    if folder:
        return Path(folder).expanduser()
    import platformdirs

    return Path(platformdirs.user_state_dir("proactive-lsp", appauthor=False)) / _FOLDER


def new_recording(folder: Path, name: str, now: datetime) -> Path:
    """The file of a recording that begins now; its name sorts by time and is free of surprises."""
    plain = _UNUSUAL.sub("-", redact_path(name)).strip("-.")[:_LONGEST_NAME] or "session"
    return folder / f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{plain}.jsonl"


def make_private(folder: Path) -> None:
    """Create a folder that only the user may look into; raises `OSError`."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def tidy(
    folder: Path, *, max_bytes: int, max_days: float, now: float | None = None
) -> tuple[Path, ...]:
    """Remove whole recordings: those too old, then the oldest until the rest has room.

    Only files that are called as ours are and begin as a session does; none that some server
    still writes to. What cannot be removed stays. Returns what is gone.
    """
    now = time.time() if now is None else now
    found: list[tuple[float, Path, int]] = []
    for path in _recordings(folder):
        status = path.stat(follow_symlinks=False)
        found.append((status.st_mtime, path, status.st_size))
    found.sort()
    total = sum(size for _, _, size in found)
    removed: list[Path] = []
    for written, path, size in found:
        if written >= now - max_days * _DAY and total <= max_bytes:
            break
        if _remove(path):
            total -= size
            removed.append(path)
    return tuple(removed)


def _recordings(folder: Path) -> tuple[Path, ...]:
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return ()
    return tuple(
        path
        for path in entries
        if _NAMED.match(path.name) and path.is_file() and not path.is_symlink()
    )


def _remove(path: Path) -> bool:
    try:
        read_header(path)
        descriptor = os.open(path, os.O_RDONLY)
        try:
            if is_recorded_to(descriptor):
                return False
        finally:
            os.close(descriptor)
        path.unlink()
    except (OSError, SessionError):
        return False
    return True
