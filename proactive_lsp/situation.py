"""What a stage may look at: built once per boundary, handed to every stage, frozen."""

from collections.abc import Callable, Collection, Mapping
from typing import Literal

from msgspec import Struct

from proactive_lsp.memory import Memory
from proactive_lsp.workspace.changes import LineHunk, SemanticChange
from proactive_lsp.workspace.search import files_with
from proactive_lsp.workspace.tree import Tree
from proactive_lsp.workspace.work import Committed

BoundaryKind = Literal[
    "answer",
    "pause",
    "test",
    "command",
    "save",
    "stash",
    "checkout",
    "rebase",
    "merge",
    "commit",
]
# Weakest first: when two boundaries fall together, the stronger one names the moment. An
# answer is no moment to speak: only the standing cards are looked at again.
STRENGTH: tuple[BoundaryKind, ...] = (
    *(
        "answer",
        "pause",
        "test",
        "command",
        "save",
        "stash",
        "checkout",
        "rebase",
        "merge",
        "commit",
    ),
)


class Boundary(Struct, frozen=True):
    """A moment at which speaking is allowed; `event` is the memory's number of what woke it."""

    kind: BoundaryKind
    t: float
    path: str | None = None
    event: int | None = None

    def stronger(self, other: "Boundary | None") -> "Boundary":
        """The one of the two that names the moment; the later one when they are of a kind."""
        if other is None or STRENGTH.index(other.kind) <= STRENGTH.index(self.kind):
            return self
        return other


# A shorter line that stands elsewhere says nothing: `return None` is everywhere.
SHORTEST_LINE = 30
# More edited lines than this are a rewrite, of which clones say little.
MOST_LINES = 12


class Cancelled(Exception):
    """A newer event made this analysis pointless; whoever started it keeps the boundary."""


class Finder:
    """Which files mention a text, found in one pass over the tree for all texts of interest.

    Words and lines that the recent changes are about are gathered when the situation is made;
    the pass runs when a detector first asks. Asking for something else costs a pass of its own.
    """

    def __init__(
        self,
        tree: Tree,
        interest: Collection[str],
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self._tree = tree
        self._interest = frozenset(interest)
        self._cancelled = cancelled
        self._found: dict[str, tuple[str, ...]] = {}

    def interested(self, text: str) -> bool:
        """Whether asking for `text` costs no pass of its own."""
        return text in self._interest

    def files(self, text: str) -> tuple[str, ...]:
        """Paths of the files that contain `text`, in path order; raises `Cancelled`."""
        if text not in self._found:
            wanted = self._interest if text in self._interest else {text}
            wanted = {needle for needle in wanted if needle not in self._found}
            self._found |= files_with(self._tree, sorted(wanted), cancelled=self._cancelled)
            if self._cancelled():
                raise Cancelled
        return self._found[text]


class Situation(Struct, frozen=True):
    """The moment as every stage sees it.

    `changes` is what was edited since the stretch of work began, `committed` what the last two
    commits did that no editor event told about; `hunks` are the edited lines. `tree` reads open
    buffers over the files below them; `cited` has the number of each commit's event.
    """

    boundary: Boundary
    tree: Tree
    changes: tuple[SemanticChange, ...]
    committed: tuple[Committed, ...]
    hunks: tuple[LineHunk, ...]
    memory: Memory
    finder: Finder
    cited: Mapping[str, int] = {}

    @property
    def now(self) -> float:
        """Seconds since the session began."""
        return self.boundary.t

    def files(self, text: str) -> tuple[str, ...]:
        """Short for `finder.files`."""
        return self.finder.files(text)


def interest_of(changes: Collection[SemanticChange], hunks: Collection[LineHunk]) -> frozenset[str]:
    """The words and lines a detector may ask for: names before and after, and edited lines.

    Each costs about 2 µs per file of the workspace, so the lines of the latest hunks count only
    up to a limit; a detector that asks for more pays a pass of its own.
    """
    names = {
        definition.name
        for change in changes
        if change.kind in ("renamed", "signature")
        for definition in (change.before, change.after)
        if definition is not None
    }
    lines = [
        line.strip()
        for hunk in hunks
        if len(hunk.before) == len(hunk.after)
        for line in hunk.before
        if len(line.strip()) >= SHORTEST_LINE
    ]
    return frozenset(names) | frozenset(lines[-MOST_LINES:])
