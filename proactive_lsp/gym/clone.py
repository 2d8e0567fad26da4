"""Make a real git workspace of one commit in a folder of its own, and work in it.

The folder borrows the objects of the repository it is made from and has nothing else of it: no
configuration, no hooks, no remotes, no attributes that convert, and links are plain files. So
nothing in a hostile repository can run, be fetched, or lead out of the folder.
"""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.events import Git
from proactive_lsp.workspace.git_command import GitCommand
from proactive_lsp.workspace.git_moments import moments
from proactive_lsp.workspace.repository import NoRepository, Repository

BRANCH = "main"
_CONFIG = (
    ("core.symlinks", "false"),
    ("core.autocrlf", "false"),
    ("core.logAllRefUpdates", "true"),
    ("commit.gpgSign", "false"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("merge.conflictStyle", "merge"),
)
# Of highest precedence, so that what the files in the tree say of themselves has no effect.
_ATTRIBUTES = "* -text -eol -ident -filter -working-tree-encoding -diff !merge\n"
_NAME, _MAIL = "Gym", "gym@localhost"
# When the clock of a session stands at 0, in seconds since 1970.
_EPOCH = 1_600_000_000


class Clone:
    """A repository in `folder`; what its commands did is told by `moved`, as a server would.

    Not for use from several threads at once.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        found = Repository.find(folder, user_config=False)
        if isinstance(found, NoRepository):
            raise EvaluationError(f"{folder}: {found.reason}")
        self._repository = found
        self._state = found.state()

    def run(self, *arguments: str, t: float = 0.0, stdin: str | None = None) -> bool:
        """Run git at `t` seconds of the session; whether it went well."""
        return _run(self.folder, arguments, _EPOCH + int(t), stdin=stdin)

    def moved(self, t: float) -> tuple[Git, ...]:
        """What happened to the repository since the last time."""
        before, self._state = self._state, self._repository.state()
        return moments(before, self._state, self._repository, t)

    def changed(self) -> bool:
        """Whether anything is staged."""
        return bool(self._repository.staged())

    @property
    def branch(self) -> str | None:
        """The branch as of the last look; None when HEAD is detached."""
        return self._state.branch

    @property
    def conflicts(self) -> tuple[str, ...]:
        """The paths with conflicts as of the last look."""
        return self._state.unmerged

    def tracked(self) -> tuple[str, ...]:
        """Tracked files, and those that could be added."""
        self._repository.forget()
        return self._repository.tracked()

    def without_inner(self) -> None:
        """Remove every repository within ours; raises `OSError` where one cannot be removed.

        Git would look into it when it stages, and run the filters of its configuration.
        """
        for place, folders, files in os.walk(self.folder):
            inner = [name for name in folders if is_gits(name)]
            if Path(place) == self.folder:
                inner = [name for name in inner if name != ".git"]
                folders.remove(".git")
            for name in inner:
                folders.remove(name)
                full = Path(place, name)
                full.unlink() if full.is_symlink() else shutil.rmtree(full)
            for name in filter(is_gits, files):
                Path(place, name).unlink()

    def close(self) -> None:
        """End the helper process."""
        self._repository.close()


def clone_commit(folder: Path, objects: Path, commit: str) -> Clone:
    """The files of a commit, checked out on a branch `main`; raises `EvaluationError`."""
    _begin(folder)
    _borrow(folder, objects)
    _must(folder, "update-ref", "-m", "clone", f"refs/heads/{BRANCH}", commit)
    _must(folder, "read-tree", "--reset", "-u", "HEAD")
    return Clone(folder)


def new_repository(folder: Path, files: Mapping[str, str]) -> Clone:
    """A repository with these files in its first commit; raises `EvaluationError`."""
    _begin(folder)
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")
    _must(folder, "add", "--force", "--", *map(literal, files))
    _must(folder, "commit", "--quiet", "--allow-empty", "--no-verify", "--message", "Begin")
    return Clone(folder)


def is_gits(path: str) -> bool:
    """Whether it lies in a repository's own folder, in ours or in one within."""
    return ".git" in path.casefold().split("/")


def literal(path: str) -> str:
    """A path that git does not take for a pattern."""
    return f":(literal,top){path}"


def _begin(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _must(folder, "init", "--quiet", "--template=", f"--initial-branch={BRANCH}")
    for key, value in _CONFIG:
        _must(folder, "config", key, value)
    info = folder / ".git" / "info"
    info.mkdir(exist_ok=True)
    (info / "attributes").write_text(_ATTRIBUTES)


def _borrow(folder: Path, objects: Path) -> None:
    name = str(objects)
    if "\n" in name or name.startswith('"') or not objects.is_dir():
        raise EvaluationError(f"the objects of the repository at {name!r} cannot be borrowed")
    alternates = folder / ".git" / "objects" / "info" / "alternates"
    alternates.parent.mkdir(exist_ok=True)
    alternates.write_text(f"{name}\n", encoding="utf-8", errors="surrogateescape")


def _must(folder: Path, *arguments: str) -> None:
    if not _run(folder, arguments, _EPOCH):
        raise EvaluationError(f"git {arguments[0]} failed in {folder}; is the repository whole?")


def _run(folder: Path, arguments: Sequence[str], time: int, *, stdin: str | None = None) -> bool:
    date = f"{time} +0000"
    identity = {
        "GIT_AUTHOR_NAME": _NAME,
        "GIT_AUTHOR_EMAIL": _MAIL,
        "GIT_AUTHOR_DATE": date,
        "GIT_COMMITTER_NAME": _NAME,
        "GIT_COMMITTER_EMAIL": _MAIL,
        "GIT_COMMITTER_DATE": date,
        "GIT_EDITOR": "true",
        "GIT_MERGE_AUTOEDIT": "no",
    }
    command = GitCommand(folder, user_config=False, identity=identity)
    content = stdin.encode("utf-8", "replace") if stdin is not None else None
    return command.run(*arguments, stdin=content).status == 0
