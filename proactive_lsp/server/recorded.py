"""Which workspace a recording names, so that its replay finds the files as they were."""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from proactive_lsp.redaction import redact_file, redact_path
from proactive_lsp.replay.session import (
    FilesWorkspace,
    FolderWorkspace,
    GitWorkspace,
    Workspace,
)
from proactive_lsp.workspace.past import Past
from proactive_lsp.workspace.repository import NoRepository, Repository
from proactive_lsp.workspace.tree import DiskTree, language_of

# A workspace up to this size is written into the recording itself, redacted.
MOST_FILES = 300
MOST_CHARACTERS = 2_000_000


def recorded_workspace(root: Path | None, repository: Repository | NoRepository) -> Workspace:
    """The texts themselves when they are few; else the commit, else the folder.

    A recording that holds the texts replays anywhere and whatever became of the files. The
    other two need the repository (`--repo`), or the folder as it was.
    """
    if root is None:
        return FilesWorkspace({})
    tracked = repository.tracked if isinstance(repository, Repository) else None
    texts = _texts(DiskTree(root, tracked))
    if texts is not None:
        past = _past(repository)
        return FilesWorkspace(texts, past.commits, past.subjects)
    head = repository.state().head if isinstance(repository, Repository) else None
    if head is not None and len(head) == 40:
        return GitWorkspace(head, redact_path(root.name))
    return FolderWorkspace(str(root))


def nearest_workspace(
    root: Path | None, repository: Repository | NoRepository, touched: Iterable[str]
) -> FilesWorkspace:
    """As many texts as there is room for: those worked on, those beside them, then the others."""
    if root is None:
        return FilesWorkspace({})
    tracked = repository.tracked if isinstance(repository, Repository) else None
    tree, worked_on = DiskTree(root, tracked), frozenset(touched)
    folders = {PurePosixPath(path).parent for path in worked_on}

    def distance(path: str) -> tuple[bool, bool, str]:
        return path not in worked_on, PurePosixPath(path).parent not in folders, path

    texts: dict[str, str] = {}
    left = MOST_CHARACTERS
    for path in sorted(tree.paths(), key=distance)[:MOST_FILES]:
        text = tree.read(path)
        if text is not None and len(text) <= left:
            left -= len(text)
            texts[redact_path(path)] = redact_file(path, text, language_of(path))
    past = _past(repository)
    return FilesWorkspace(texts, past.commits, past.subjects)


def _past(repository: Repository | NoRepository) -> Past:
    past = repository.past() if isinstance(repository, Repository) else Past()
    commits = (tuple(map(redact_path, paths)) for paths in past.commits)
    return Past(commits, past.subjects)


def _texts(tree: DiskTree) -> dict[str, str] | None:
    paths = tree.paths()
    if len(paths) > MOST_FILES:
        return None
    texts: dict[str, str] = {}
    left = MOST_CHARACTERS
    for path in paths:
        text = tree.read(path)
        if text is None:
            continue
        left -= len(text)
        if left < 0:
            return None
        texts[redact_path(path)] = redact_file(path, text, language_of(path))
    return texts
