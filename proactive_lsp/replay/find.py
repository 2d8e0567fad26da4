"""Find the session files that a command line means."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from proactive_lsp.replay.session import SessionError

SESSION_NAME = "session.jsonl"
# What people said of a session stands beside it, in files that are no sessions.
MARKS_SUFFIX = ".marks.ndjson"


def find_sessions(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The session files of all paths, in the order given and sorted within a folder.

    A file is a session whatever its name. A folder that holds `session.jsonl` is that session;
    any other is descended into for `*.jsonl`, except for hidden folders and symbolic links to
    folders. Raises `SessionError` when a path is missing or holds no session.
    """
    return tuple(session for path in paths for session in _sessions_of(path))


def find_session(path: Path) -> Path:
    """The one session file that a path means; raises `SessionError` when it means several."""
    first, *more = find_sessions([path])
    if more:
        raise SessionError(f"{path}: holds {len(more) + 1} sessions; name one, such as {first}")
    return first


def _sessions_of(path: Path) -> tuple[Path, ...]:
    try:
        if path.is_dir():
            found = tuple(_descend(path))
        elif path.exists():
            found = (path,)
        else:
            raise SessionError(f"{path}: no such file or folder; name a recording that is there")
    except OSError as error:
        raise SessionError(f"{error.filename or path}: cannot read it: {error.strerror}") from error
    if not found:
        advice = "sessions are *.jsonl files; record one with proactive-lsp serve --record FILE"
        raise SessionError(f"{path}: no session in this folder; {advice}")
    return found


def _descend(folder: Path) -> Iterator[Path]:
    if (folder / SESSION_NAME).is_file():
        yield folder / SESSION_NAME
        return
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            if not entry.name.startswith(".") and not entry.is_symlink():
                yield from _descend(entry)
        elif entry.suffix == ".jsonl":
            yield entry
