"""Look at the repository when something says that it moved, and tell what happened.

Watchers, saves and polling only say "look"; what happened is read from the repository itself.
"""

from collections.abc import Callable, Collection
from pathlib import Path

from proactive_lsp.clock import Clock
from proactive_lsp.events import Git
from proactive_lsp.workspace.git_moments import moments
from proactive_lsp.workspace.repository import Repository

# One git command moves several files; they are looked at together.
GATHER_SECONDS = 0.2
POLL_SECONDS = 10.0


class GitSignals:
    """Follows one repository. Without `watched` it looks by itself every 10 s, at three files."""

    def __init__(
        self,
        repository: Repository,
        *,
        clock: Clock,
        record: Callable[[Git], None],
        known: Callable[[], Collection[str]],
        watched: bool,
    ) -> None:
        self._repository = repository
        self._clock = clock
        self._record = record
        self._known = known
        self._watched = watched
        self._stamp = repository.stamp()
        self._state = repository.state()
        self._signal_due: float | None = None
        self._poll_due = clock.now() + POLL_SECONDS
        self._tell_operation()

    def signal(self) -> None:
        """Something of git's own was said to have changed: look soon."""
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

    def _look(self, now: float) -> None:
        self._stamp = self._repository.stamp()
        before, self._state = self._state, self._repository.state()
        known = self._known()
        for event in moments(before, self._state, self._repository, now, known=known):
            self._record(event)

    def _tell_operation(self) -> None:
        """A merge or rebase that was in progress already keeps everything quiet."""
        state, now = self._state, self._clock.now()
        if state.merging:
            self._record(Git(now, "merge", state.head, state.branch, phase="started"))
        if state.rebasing:
            self._record(Git(now, "rebase", state.head, state.branch, phase="started"))


def git_dirs(root: Path) -> tuple[Path, Path] | None:
    """The git folder of the repository that `root` lies in, and the one shared by its worktrees.

    A linked worktree and a submodule have a `.git` file that says where the folder is. None
    outside of any repository.
    """
    found = next((at for folder in (root, *root.parents) if (at := folder / ".git").exists()), None)
    if found is None:
        return None
    try:
        git = (
            found if found.is_dir() else found.parent / _line(found).removeprefix("gitdir:").strip()
        )
        common = git / "commondir"
        shared = git / _line(common) if common.is_file() else git
    except (OSError, UnicodeDecodeError):
        return None
    return git.resolve(), shared.resolve()


def _line(file: Path) -> str:
    return file.read_text(encoding="utf-8").strip()
