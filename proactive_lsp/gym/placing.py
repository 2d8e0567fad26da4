"""Where a path of the workspace is on disk, if it may be there at all."""

import stat
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from proactive_lsp.events import BadPath, check_path
from proactive_lsp.gym.activities import Impossible
from proactive_lsp.gym.clone import is_gits


def placed(folder: Path, path: str) -> Path:
    """The place of a file, be it there or not.

    Raises `Impossible` outside of the folder, in `.git`, behind a link, and where something is
    that is neither a file nor on the way to one: whoever opened a named pipe would wait for ever.
    """
    try:
        parts = check_path(path).split("/")
    except BadPath as error:
        raise Impossible(str(error)) from error
    if is_gits(path):
        raise Impossible(f"{path} is git's own")
    place = folder
    for number, part in enumerate(parts, start=1):
        place = place / part
        with on_disk(path):
            try:
                mode = place.lstat().st_mode
            except FileNotFoundError:
                continue
        if stat.S_ISLNK(mode):
            raise Impossible(f"{path} lies behind a link")
        if not (stat.S_ISREG(mode) if number == len(parts) else stat.S_ISDIR(mode)):
            raise Impossible(f"there can be no {path}: something else is at {part}")
    return place


@contextmanager
def on_disk(path: str) -> Generator[None]:
    """What the disk refuses is impossible for whoever works there, and no fault of ours."""
    try:
        yield
    except OSError as error:
        raise Impossible(f"{path} cannot be had: {error.strerror}") from error
