"""Files that came, went or moved, told by the editor or by its watchers; and git's own files."""

from typing import TYPE_CHECKING, Literal

from lsprotocol import types
from pygls.uris import from_fs_path

from proactive_lsp.events import FileOperation
from proactive_lsp.server.news import GitFound

if TYPE_CHECKING:
    from proactive_lsp.server.server import ProactiveServer

# A notification about more files than this is a checkout or an install, told by git or not at all.
MOST_TOLD = 20
# The editor tells of its own file operations first, and its watchers of the same ones again.
ECHO_SECONDS = 5.0
MOST_ECHOES = 1_000

_GIT_OWN = ("HEAD", "index", "logs/HEAD", "MERGE_HEAD", "REBASE_HEAD")
_GIT_SHARED = ("refs/**", "packed-refs")
_SOURCES = ("**/*.py", "**/*.pyi", "**/.gitignore")

FILTER = types.FileOperationRegistrationOptions(
    [types.FileOperationFilter(types.FileOperationPattern("**/*"), scheme="file")]
)


def did_create(server: "ProactiveServer", params: types.CreateFilesParams) -> None:
    """The user created files in the editor."""
    for file in params.files:
        _tell(server, "created", file.uri)


def did_delete(server: "ProactiveServer", params: types.DeleteFilesParams) -> None:
    """The user deleted files in the editor."""
    for file in params.files:
        _tell(server, "deleted", file.uri)


def did_rename(server: "ProactiveServer", params: types.RenameFilesParams) -> None:
    """The user renamed files in the editor; across folders that is a deletion and a creation."""
    for file in params.files:
        old, new = server.folders.locate(file.old_uri), server.folders.locate(file.new_uri)
        if old is None or new is None or old[0] != new[0]:
            _tell(server, "deleted", file.old_uri)
            _tell(server, "created", file.new_uri)
            continue
        now = server.clock.now()
        _expect_echo(server, now, ("deleted", file.old_uri), ("created", file.new_uri))
        server.host.post(old[0], FileOperation(now, "renamed", old[1], new[1]))


def did_change_watched(
    server: "ProactiveServer", params: types.DidChangeWatchedFilesParams
) -> None:
    """Files changed on disk, by whomever: git's own are a signal, others may come and go."""
    changes = [change for change in params.changes if not _is_git(server, change.uri)]
    if len(changes) < len(params.changes):
        server.host.call(lambda engines: engines.signal_git(watcher=True))
    # The editor itself tells what becomes of a file that it holds open.
    moved = [
        change
        for change in changes
        if change.type != types.FileChangeType.Changed and change.uri not in server.board.open
    ]
    if len(moved) > MOST_TOLD or any(change.uri.endswith("/.gitignore") for change in changes):
        server.host.call(lambda engines: engines.files_moved())
    if len(moved) > MOST_TOLD:
        return
    for change in moved:
        op = "created" if change.type == types.FileChangeType.Created else "deleted"
        told = server.told_files.pop((op, change.uri), None)
        if told is None or server.clock.now() - told > ECHO_SECONDS:
            _tell(server, op, change.uri)


def watch_sources(server: "ProactiveServer") -> None:
    """Ask the editor to tell when source files come and go outside of it."""
    watchers = [types.FileSystemWatcher(pattern) for pattern in _SOURCES]
    _register(server, "proactive-sources", watchers)


def watch_git(server: "ProactiveServer", found: GitFound) -> None:
    """Ask the editor to tell when git's own files change."""
    if server.client.watches_files and found.git_dir not in server.git_dirs:
        git_dirs = ((found.git_dir, _GIT_OWN), (found.common_dir, _GIT_SHARED))
        watchers = [
            types.FileSystemWatcher(
                types.RelativePattern(from_fs_path(str(folder)) or "", pattern)
                if server.client.relative_patterns
                else f"{folder.as_posix()}/{pattern}"
            )
            for folder, patterns in git_dirs
            for pattern in patterns
        ]
        _register(server, f"proactive-git-{len(server.git_dirs)}", watchers)
    server.git_dirs |= {found.git_dir, found.common_dir}


def _register(server: "ProactiveServer", id: str, watchers: list[types.FileSystemWatcher]) -> None:
    server.register(
        id,
        types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
        types.DidChangeWatchedFilesRegistrationOptions(watchers),
    )


def _is_git(server: "ProactiveServer", uri: str) -> bool:
    roots = (f"{from_fs_path(str(folder))}/" for folder in server.git_dirs)
    return "/.git/" in uri or any(uri.startswith(root) for root in roots)


def _tell(server: "ProactiveServer", op: Literal["created", "deleted"], uri: str) -> None:
    located = server.folders.locate(uri)
    if located is None:
        return
    folder, path = located
    now = server.clock.now()
    _expect_echo(server, now, (op, uri))
    server.host.post(folder, FileOperation(now, op, path))


def _expect_echo(server: "ProactiveServer", now: float, *told: tuple[str, str]) -> None:
    """The watchers will tell of this once more, if there are any."""
    if len(server.told_files) > MOST_ECHOES:
        server.told_files.clear()
    server.told_files |= dict.fromkeys(told, now)
