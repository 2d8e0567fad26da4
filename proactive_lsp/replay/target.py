"""Tell before any work is done whether a file can be written at its end."""

import os
from pathlib import Path

from proactive_lsp.replay.session import SessionError


def check_target(option: str, file: Path) -> None:
    """Refuse the file of an option before anything is done; raises `SessionError`."""
    problem = unwritable(file)
    if problem is not None:
        raise SessionError(f"{option} {file}: {problem}")


def unwritable(file: Path) -> str | None:
    """Why nothing can be written to this file, and what to do; None when it looks fine.

    Nothing is created or opened: what is there stays as it is if the work then fails.
    """
    try:
        if file.is_dir():
            return "this is a folder; name a file in it"
        if not file.parent.is_dir():
            return f"there is no folder {file.parent}; create it first"
        # A pipe or /dev/stdout may be written where no file can be created.
        if not os.access(file if file.exists() else file.parent, os.W_OK):
            return "you may not write there; name another file"
    except OSError as error:
        return f"{error.strerror}; name another file"
    return None
