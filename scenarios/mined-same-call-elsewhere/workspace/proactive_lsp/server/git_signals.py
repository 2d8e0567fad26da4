"""Look at the repository when something says that it moved, and tell what happened.

Watchers, saves and polling only say "look"; what happened is read from the repository itself.
Some editors register watchers and then look at none of git's files (Helix, eglot), so that an
editor watches is believed once it has told of them.
"""

import os
from collections.abc import Callable
from pathlib import Path

from proactive_lsp.clock import Clock
from proactive_lsp.events import Git
from proactive_lsp.workspace.git_files import read_file
from proactive_lsp.workspace.git_moments import MAX_PATHS, moments
from proactive_lsp.workspace.repository import Repository

# One git command moves several files; they are looked at together.
GATHER_SECONDS = 0.2
POLL_SECONDS = 10.0
_MOST_BYTES = 8_192  # of a file that tells a folder; a path is at most 4 KiB


class GitSignals:
    """Follows one repository, looking at three files every 10 s until a watcher tells of it."""

    def __init__(
        self,
        repository: Repository,
        *,
        clock: Clock,
        record: Callable[[Git], None],
    ) -> None:
        self._repository = repository
        self._clock = clock
        self._record = record
        self._watched = False
        self._stamp = repository.stamp()
        self._state = repository.state()
        self._signal_due: float | None = None
        self._poll_due = clock.now() + POLL_SECONDS
        self._tell_operation()

    def signal(self, *, watcher: bool = False) -> None:
        """Something of git's own was said to have changed, by a watcher or not: look soon."""
        self._watched = self._watched or watcher
        if self._signal_due is None:
            self._signal_due = self._clock.now() + GATHER_SECONDS

    def glance(self) -> None:
        """Look soon if one of three files of git changed."""
        if self._repository.stamp() != self._stamp:
            self.signal()

    def next_due(self) -> float | None:
        """When to look next, in seconds of the clock; None for not before a signal."""
        if self._signal_due is not None or self._watched:
            return self._signal_due
        return self._poll_due

    def run_due(self) -> None:
        """Look if it is time to, and record what happened."""
        now = self._clock.now()
        if self._signal_due is not None and self._signal_due <= now:
            self._signal_due = None
            self._look(now)
        elif not self._watched and self._poll_due <= now:
            self._poll_due = now + POLL_SECONDS
            self.glance()

    def run_before(self, due: float | None) -> None:
        """Look first when the engine is about to: after a checkout, reloads are nobody's work."""
        now = self._clock.now()
        if due is not None and due <= now and self._repository.stamp() != self._stamp:
            self._signal_due = None
            self._look(now)

    def _look(self, now: float) -> None:
        self._stamp = self._repository.stamp()
        before, self._state = self._state, self._repository.state()
        for event in moments(before, self._state, self._repository, now):
            self._record(event)

    def _tell_operation(self) -> None:
        """A merge or rebase that was in progress already keeps everything quiet."""
        state, now = self._state, self._clock.now()
        if state.merging:
            self._record(Git(now, "merge", state.head, state.branch, phase="started"))
        if state.rebasing:
            self._record(Git(now, "rebase", state.head, state.branch, phase="started"))
        if state.unmerged:
            paths = state.unmerged[:MAX_PATHS]
            self._record(Git(now, "conflict", state.head, state.branch, paths=paths))


def git_dirs(root: Path) -> tuple[Path, Path] | None:
    """The git folder of the repository that `root` lies in, and the one shared by its worktrees.

    A linked worktree and a submodule have a `.git` file that says where the folder is. None
    outside of any repository.
    """
    places = (folder / ".git" for folder in (root, *root.parents))
    try:
        # Like git, past anything that is neither folder nor file.
        found = next((place for place in places if place.is_dir() or place.is_file()), None)
        git = found if found is None or found.is_dir() else _line(found)
        if git is None:
            return None
        return git.resolve(), (_line(git / "commondir") or git).resolve()
    except (OSError, RuntimeError, ValueError):
        return None


def _line(file: Path) -> Path | None:
    """The folder that a small file of git's tells, from where the file is; None without one."""
    content = read_file(file, _MOST_BYTES)
    name = os.fsdecode(content or b"").removeprefix("gitdir:").strip()
    return file.parent / name if name else None
