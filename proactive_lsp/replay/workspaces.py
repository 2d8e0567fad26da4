"""Open the workspace that a session was recorded over, read-only."""

from pathlib import Path
from typing import TYPE_CHECKING

from proactive_lsp.replay.answering import SUFFIX
from proactive_lsp.replay.find import MARKS_SUFFIX
from proactive_lsp.replay.session import (
    FilesWorkspace,
    FolderWorkspace,
    GitWorkspace,
    Session,
    SessionError,
)
from proactive_lsp.workspace.past import Past
from proactive_lsp.workspace.tree import DiskTree, FilesTree, GitTree, Tree

if TYPE_CHECKING:
    from proactive_lsp.workspace.git_history import History


def open_workspace(session: Session, repo: Path | None) -> Tree:
    """The files as they were when the session began.

    A folder is taken as it stands on disk, whatever a git repository around it ignores. `repo`
    holds the commit of a session that was recorded over git; nothing is fetched. Raises
    `SessionError` when the files are not there.
    """
    match session.header.workspace:
        case FolderWorkspace(path=path):
            return _folder(session, path)
        case FilesWorkspace(files=files):
            return FilesTree(files)
        case GitWorkspace() as workspace:
            return _commit(session, workspace, repo)


def open_past(session: Session, repo: Path | None) -> Past:
    """What the commits before the session touched, as far as the session tells where they are."""
    match session.header.workspace:
        case FilesWorkspace() | FolderWorkspace() as workspace:
            return Past(workspace.past, workspace.subjects)
        case GitWorkspace(commit=commit) if repo is not None:
            return _history(session.header.workspace.repository, repo).past(commit)
        case _:
            return Past()


def check_repository(repo: Path) -> None:
    """Refuse what is no repository, whether or not a session needs it; raises `SessionError`."""
    from proactive_lsp.workspace.git_history import History
    from proactive_lsp.workspace.repository import NoRepository

    if not repo.is_dir():
        raise SessionError(f"--repo {repo}: no such folder; give a clone of the repository")
    found = History.open(repo)
    if isinstance(found, NoRepository):
        raise SessionError(f"--repo {repo}: {found.reason}; give a clone of the repository")


def _folder(session: Session, path: str) -> Tree:
    root = session.path.parent / path
    if not root.is_dir():
        raise SessionError(f"{session.path}:1: its workspace folder {root} does not exist")
    # The session may lie in its own workspace, where it would mention every name in it. So would
    # the answers and marks beside it and its neighbours, which come and go while others replay.
    own = session.path.resolve()
    walked = DiskTree(root)
    resolved = root.resolve()
    paths = tuple(name for name in walked.paths() if not _recorded(resolved / name, own))
    return DiskTree(root, tracked=lambda: paths)


def _recorded(path: Path, session: Path) -> bool:
    beside = path.parent == session.parent and path.name.endswith((SUFFIX, MARKS_SUFFIX))
    return path == session or beside


def _commit(session: Session, workspace: GitWorkspace, repo: Path | None) -> Tree:
    name, commit = workspace.repository or "its repository", workspace.commit
    if repo is None:
        what = f"recorded over commit {commit[:12]} of {name}"
        raise SessionError(f"{session.path}:1: {what}; give a clone of it with --repo DIR")
    tree = _history(name, repo).tree(commit)
    if tree is None:
        fetch = f"git -C {repo} fetch origin {commit}"
        reason = f"commit {commit[:12]} of {name} is not in {repo}"
        raise SessionError(f"{session.path}:1: {reason}; fetch it there first, as with: {fetch}")
    return GitTree(tree)


def _history(name: str, repo: Path) -> "History":
    from proactive_lsp.workspace.git_history import History
    from proactive_lsp.workspace.repository import NoRepository

    found = History.open(repo)
    if isinstance(found, NoRepository):
        raise SessionError(f"{repo}: {found.reason}; give a clone of {name} with --repo DIR")
    return found
