"""Short ways to a session file and to the command line."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from proactive_lsp.events import Change, Edit, Open, span
from proactive_lsp.replay.session import FilesWorkspace, Header, Item, Workspace
from proactive_lsp.sessions.writing import write_session

CREATED = "2026-01-01T09:00:00+00:00"


def session(
    file: Path,
    items: Iterable[Item],
    *,
    files: Mapping[str, str] | None = None,
    created: str = CREATED,
    workspace: Workspace | None = None,
) -> Path:
    """A session file with these events over these files."""
    over = workspace or FilesWorkspace(dict(files or {}))
    write_session(file, Header(name=file.stem, created=created, workspace=over), items)
    return file


def opened(t: float, path: str, text: str, language: str = "python") -> Open:
    return Open(t, path, 1, language, text)


def typed(t: float, path: str, line: int, text: str, *, over: int = 0, version: int = 2) -> Edit:
    """Whole lines in the place of `over` lines."""
    return Edit(t, path, version, (Change(span(line, 0, line + over, 0), text),))
