"""A temporary folder for one session, which is removed whatever happens.

A process that is killed cannot tidy up, so the next one removes what it finds: each folder holds
a lock of the process that lives in it, and the kernel lets go of the locks of the dead.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "proactive-gym-"
_LOCK = "in-use"
_TRIES, _MOMENT = 20, 0.05


@contextmanager
def room() -> Generator[Path]:
    """A folder of our own; its `work` is empty and for the workspace."""
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    try:
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _locks(lock)
            yield folder
        finally:
            os.close(lock)
    finally:
        _remove(folder)


def tidy_up() -> int:
    """Remove the folders of processes that were killed; how many there were."""
    removed = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                continue
            lock = os.open(folder / _LOCK, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
            try:
                if _locks(lock):
                    _remove(folder)
                    removed += 1
            finally:
                os.close(lock)
    return removed


def _remove(folder: Path) -> None:
    """Remove a folder, also when a git that was interrupted still writes its last file to it."""
    for _ in range(_TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(_MOMENT)


def _locks(descriptor: int) -> bool:
    """Take the lock; False when somebody has it, or where locks are not to be had."""
    try:
        import fcntl
    except ImportError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
