"""What a stage may look at: built once per boundary, handed to every stage, frozen."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from operator import itemgetter
from posixpath import basename, splitext
from typing import Literal

from msgspec import Struct

from proactive_lsp.events import FileOperation
from proactive_lsp.memory import Memory
from proactive_lsp.workspace.changes import LineHunk, SemanticChange
from proactive_lsp.workspace.headers import enclosing_name
from proactive_lsp.workspace.literals import literals_of_interest
from proactive_lsp.workspace.past import Past
from proactive_lsp.workspace.search import Index
from proactive_lsp.workspace.siblings import arrivals
from proactive_lsp.workspace.texts import bare_lines
from proactive_lsp.workspace.tokens import (
    SHORTEST_WORD,
    added_words,
    vanished_strings,
    vanished_words,
    words,
)
from proactive_lsp.workspace.tree import Tree
from proactive_lsp.workspace.work import Committed, Work

BoundaryKind = Literal[
    "answer",
    "pause",
    "test",
    "command",
    "save",
    "stage",
    "stash",
    "checkout",
    "rebase",
    "merge",
    "conflict",
    "push",
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
        "stage",
        "stash",
        "checkout",
        "rebase",
        "merge",
        "conflict",
        "push",
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
SHORTEST_LINE = 12
# What is looked for in the whole workspace comes from so many hunks, those worked on last.
RECENT_HUNKS = 12
# And of each of them so many words and lines; more is a rewrite, which says little.
MOST_TEXTS = 40
# A longer line is data.
LONGEST_LINE = 500


class Cancelled(Exception):
    """A newer event made this analysis pointless; whoever started it keeps the boundary."""


class Finder:
    """Which files mention a text, found in one pass over the tree for all texts of interest.

    Words and lines that the recent changes are about are gathered when the situation is made;
    the pass runs when a detector first asks. Asking for something else costs a pass of its own.
    """

    def __init__(
        self,
        index: Index,
        interest: Collection[str],
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self._index = index
        self._interest = frozenset(interest)
        self._cancelled = cancelled
        self._looked = False

    def interested(self, text: str) -> bool:
        """Whether asking for `text` costs no pass of its own."""
        return text in self._interest

    def files(self, text: str) -> tuple[str, ...]:
        """Paths of the files that contain `text`, in path order; raises `Cancelled`."""
        if not self._looked:
            if not self._index.look(sorted(self._interest), cancelled=self._cancelled):
                raise Cancelled
            self._looked = True
        return self._index.files(text)


class Situation(Struct, frozen=True):
    """The moment as every stage sees it.

    `changes` is what was edited since the stretch of work began, `committed` what the last two
    commits did that no editor event told about; `hunks` are the edited lines, `recent` those
    worked on last, newest first. `tree` reads open buffers over the files below them; `cited` has
    the number of each commit's event.

    `touched` are the files that differ from the last commit as far as events tell, `moved` the
    files that came, went or have another name since. `staged` and `conflicts` are paths, as git
    told them last. `past` is what earlier commits touched. `written` are the lines of the hunks, as
    `edited` looks them up.
    """

    boundary: Boundary
    tree: Tree
    changes: tuple[SemanticChange, ...]
    committed: tuple[Committed, ...]
    hunks: tuple[LineHunk, ...]
    memory: Memory
    finder: Finder
    cited: Mapping[str, int] = {}
    recent: tuple[LineHunk, ...] = ()
    touched: tuple[str, ...] = ()
    moved: tuple[FileOperation, ...] = ()
    staged: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    past: Past = Past()
    written: Mapping[str, Sequence[tuple[int, int]]] = {}

    @property
    def now(self) -> float:
        """Seconds since the session began."""
        return self.boundary.t

    def files(self, text: str) -> tuple[str, ...]:
        """Short for `finder.files`."""
        return self.finder.files(text)

    def lines(self, path: str) -> Sequence[str]:
        """The file's lines without terminators; empty when it cannot be read."""
        text = self.tree.read(path)
        return bare_lines(text) if text is not None else ()

    def edited(self, path: str, line: int) -> bool:
        """Whether the line was edited or written in this stretch of work."""
        written = self.written.get(path)
        if written is None:
            return False
        number = bisect_right(written, line, key=itemgetter(0)) - 1
        return number >= 0 and line < written[number][1]


def _written(hunks: Iterable[LineHunk]) -> Mapping[str, Sequence[tuple[int, int]]]:
    """By file, from which line to which, not included, each hunk wrote; from top to bottom."""
    found: dict[str, list[tuple[int, int]]] = {}
    for hunk in hunks:
        end = hunk.after_start + len(hunk.after)
        found.setdefault(hunk.path, []).append((hunk.after_start, end))
    return {path: sorted(spans) for path, spans in found.items()}


def look(
    work: Work,
    *,
    boundary: Boundary,
    memory: Memory,
    index: Index,
    cancelled: Callable[[], bool] = lambda: False,
    cited: Mapping[str, int] | None = None,
) -> Situation:
    """The situation as the work stands now; `work.compare` comes first."""
    changes, recent = work.changes(), work.recent(RECENT_HUNKS)
    told = [change for each in work.committed for change in each.changes]
    interest = interest_of((*changes, *told), recent, work.moved, work.lines)
    hunks = work.hunks()
    return Situation(
        boundary=boundary,
        tree=work.tree,
        changes=changes,
        committed=work.committed,
        hunks=hunks,
        memory=memory,
        finder=Finder(index, interest, cancelled),
        cited=cited or {},
        recent=recent,
        touched=work.touched(),
        moved=work.moved,
        staged=work.staged,
        conflicts=work.conflicts,
        past=work.past,
        written=_written(hunks),
    )


def interest_of(
    changes: Collection[SemanticChange],
    recent: Sequence[LineHunk],
    moved: Collection[FileOperation] = (),
    lines: Callable[[str], Sequence[str]] = lambda path: (),
) -> frozenset[str]:
    """The words and lines a detector may ask for without a pass over the tree of its own.

    Names before and after; of recent hunks the lines that went, the words that went or came, the
    strings that went, the lines around an insertion, and the names beside those that came; of a
    moved file its path and its name, with and without the ending. `lines` reads a file.
    """
    names = {
        definition.name
        for change in changes
        if change.kind in ("renamed", "signature", "removed")
        for definition in (change.before, change.after)
        if definition is not None
    }
    texts = {text for hunk in recent for text in _texts_of(hunk, lines)[:MOST_TEXTS]}
    texts.update(word for hunk in recent for word in _short_words(hunk))
    paths = {text for each in moved for text in path_texts(each.path)}
    beside = {name for hunk in recent for each in arrivals(hunk, lines) for name in each.siblings}
    literals = {each for hunk in recent for each in literals_of_interest(hunk, lines(hunk.path))}
    around = {name for hunk in recent if (name := enclosing_name(hunk, lines(hunk.path)))}
    return frozenset(names | texts | literals | paths | beside | around)


def path_texts(path: str) -> tuple[str, ...]:
    """How other files may write a path: whole or its last part, dotted or bare of its ending."""
    stem = splitext(path)[0]
    texts = (path, basename(path), stem, stem.replace("/", "."), basename(stem))
    return tuple(dict.fromkeys(texts))


def _texts_of(hunk: LineHunk, lines: Callable[[str], Sequence[str]]) -> list[str]:
    texts = [line.strip() for line in hunk.before]
    if not hunk.before:
        around = lines(hunk.path)
        above, below = hunk.after_start - 1, hunk.after_start + len(hunk.after)
        texts += [around[line].strip() for line in (above, below) if 0 <= line < len(around)]
    texts = [text for text in texts if SHORTEST_LINE <= len(text) <= LONGEST_LINE]
    return [*vanished_words(hunk), *vanished_strings(hunk), *texts, *added_words(hunk)]


def _short_words(hunk: LineHunk) -> list[str]:
    """What came and is too short to be an added word: `os` and `np` want to be imported, too."""
    came = dict.fromkeys(word for line in hunk.after for word in words(line))
    return [word for word in came if len(word) < SHORTEST_WORD]
