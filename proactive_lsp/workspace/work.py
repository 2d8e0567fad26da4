"""The state of the workspace as the events tell it: open texts, files, the stretch of work.

Everything that happens to text goes through here in the order of the events, live and in a
replay alike; what a repository did is known from its events alone.
"""

from collections.abc import Sequence

from msgspec import Struct

from proactive_lsp.events import Close, CommittedFile, Edit, Event, FileOperation, Git, Open, Save
from proactive_lsp.redaction import redact_edit
from proactive_lsp.workspace.changes import LineHunk, SemanticChange, compare_files
from proactive_lsp.workspace.documents import Documents
from proactive_lsp.workspace.past import Past
from proactive_lsp.workspace.stretch import Stretch
from proactive_lsp.workspace.syntax import parse
from proactive_lsp.workspace.texts import bare_lines
from proactive_lsp.workspace.tree import OverlayTree, Tree, language_of

# An editor reloads files within moments of a checkout; such edits are nobody's work.
RELOAD_SECONDS = 2.0
MOVES = frozenset({"checkout", "rebase", "stash", "merge"})
# An event with so many paths does not name them all.
MANY = 1_000
# So many commits are kept in mind for what they owe.
COMMITS = 5
# So many stashes are kept in mind for when they are taken back.
STASHES = 10
# So many files that came, went or moved are kept in mind until the next commit.
MOVES_KEPT = 50


class Committed(Struct, frozen=True):
    """What the last commit did that no editor event told about."""

    id: str
    changes: tuple[SemanticChange, ...]


class Work:
    """Open documents, the tree below them, and what changed since the stretch of work began."""

    def __init__(self, base: Tree, *, live: bool, max_bytes: int, past: Past | None = None) -> None:
        self.documents = Documents()
        self.tree = OverlayTree(base, self.documents, live=live, max_bytes=max_bytes)
        self.past = past if past is not None else Past()
        self.committed: tuple[Committed, ...] = ()
        self.operation: str | None = None
        self.moved: tuple[FileOperation, ...] = ()
        self.staged: tuple[str, ...] = ()
        self.conflicts: tuple[str, ...] = ()
        self._stretch = Stretch()
        self._reload_until = -1.0
        self._reloaded: set[str] = set()
        self._unread: set[str] = set()
        self._last_commit: Git | None = None
        # For each stash put away, what its files were when work on them began; the newest last.
        self._away: tuple[dict[str, str], ...] = ()

    def warm_up(self) -> None:
        """Load what the first look needs, so that it comes no later than the others."""
        self.tree.paths()
        parse("python", "")

    def apply(self, event: Event) -> None:
        """Take in what an event does to text and files; `settle` comes first, but for edits."""
        match event:
            case Edit():
                self.documents.edit(event)
            case Open():
                self.documents.open(event)
                language = language_of(event.path) or event.language.lower()
                self._stretch.begin(event.path, language, event.text)
            case Close():
                self._close(event.path)
            case Save():
                document = self.documents.get(event.path)
                if document is not None:
                    self.tree.wrote(event.path, document.text)
            case FileOperation():
                self._file(event)
            case Git():
                self._git(event)
            case _:
                pass

    def settle(self) -> tuple[Edit, ...]:
        """What was typed since the last time, as one whole-line edit per file.

        Free of secrets that only the lines around them give away.
        """
        settled: list[Edit] = []
        for path in self.documents.unsettled():
            edit = self.documents.settle(path)
            document = self.documents.get(path)
            if edit is None or document is None:
                continue
            settled.append(redact_edit(edit, document.lines, document.language))
            if edit.t <= self._reload_until and path in self._reloaded:
                self._stretch.rebase(path, document.text)
                self._unread.discard(path)
            else:
                self._unread.add(path)
        return tuple(settled)

    def compare(self) -> None:
        """Compare what was settled since the last time with what it was: a boundary's work.

        Files worked on and closed since may be changed by anybody; those gone are forgotten.
        """
        closed = [path for path in self._stretch.edited() if self.documents.get(path) is None]
        for path in sorted({*self._unread, *closed}):
            text = self.tree.read(path)
            if text is not None:
                self._stretch.settle(path, text)
            elif self.documents.get(path) is None:
                self._stretch.forget(path)
        self._unread.clear()

    def changes(self) -> tuple[SemanticChange, ...]:
        """Definitions and imports that differ from what they were when work on them began."""
        return self._stretch.changes()

    def hunks(self) -> tuple[LineHunk, ...]:
        """Lines that differ from what they were when work on their file began."""
        return self._stretch.hunks()

    def recent(self, most: int) -> tuple[LineHunk, ...]:
        """Of the hunks those that were worked on last, newest first."""
        return self._stretch.recent(most)

    def touched(self) -> tuple[str, ...]:
        """The files that are not what they were, and those that came or moved since a commit."""
        moved = (each.to or each.path for each in self.moved if each.op != "deleted")
        return tuple(dict.fromkeys((*self._stretch.touched(), *moved)))

    def lines(self, path: str) -> Sequence[str]:
        """A file's lines without terminators; none when it cannot be read."""
        text = self.tree.read(path)
        return bare_lines(text) if text is not None else ()

    def version(self, path: str) -> int | None:
        """The version of an open document, None for a file on disk."""
        document = self.documents.get(path)
        return document.version if document is not None else None

    def _close(self, path: str) -> None:
        """What was not saved is gone, and the work on it with it."""
        self.compare()
        self.documents.close(path)
        kept = self.tree.read(path)
        # A file that is not there may have been renamed, which is told later.
        if kept is not None:
            self._stretch.settle(path, kept)
            if path not in self._stretch.edited():
                self._stretch.forget(path)

    def _file(self, event: FileOperation) -> None:
        self.moved = (*self.moved, event)[-MOVES_KEPT:]
        if event.op == "deleted":
            self.tree.removed(event.path)
            self._stretch.forget(event.path)
        elif event.op == "created":
            self.tree.created(event.path)
        elif event.op == "renamed" and event.to is not None:
            self.tree.renamed(event.path, event.to)
            self._stretch.rename(event.path, event.to)

    def _git(self, event: Git) -> None:
        self._stage(event)
        if self._progresses(event):
            return
        for file in event.files:
            self._take_in(file)
        self.compare()
        match event.op:
            case "commit":
                self._commit(event)
            case "stash" if event.phase == "finished":
                self._taken_back(event)
            case "stash" if event.phase == "started":
                self._put_away(event)
                self._moved(event)
            case _ if event.op in MOVES:
                self._last_commit = None
                self._moved(event)
            case _:
                pass

    def _stage(self, event: Git) -> None:
        """What is staged and which files have conflicts, as far as this event tells."""
        match event.op:
            case "stage":
                self.staged = event.paths or ()
            case "conflict":
                self.conflicts = event.paths or ()
            case "push":
                pass
            case _ if event.phase != "started" or event.op == "stash":
                self.staged = self.conflicts = ()
            case _:
                pass

    def _progresses(self, event: Git) -> bool:
        """Note which operation is in progress; whether the event tells of nothing else."""
        if event.op == "conflict":
            for file in event.files:
                self._take_in(file)
            # A conflict in a rebase under way does not make it a merge; the last one resolved
            # does not end either.
            if event.paths != ():
                self.operation = self.operation or "merge"
            return True
        if event.phase == "started" and event.op != "stash":
            self.operation = "rebase" if event.op == "rebase" else self.operation or "merge"
            return True
        # A rebase that stops for an edit goes on after the commits made there.
        ends = MOVES - {"stash"} if self.operation == "rebase" else MOVES | {"commit"}
        if event.op in ends:
            self.operation = None
        return False

    def _take_in(self, file: CommittedFile) -> None:
        if file.after is None:
            self.tree.removed(file.path)
        else:
            self.tree.wrote(file.path, file.after)

    def _commit(self, event: Git) -> None:
        amended = self._last_commit if _amends(event, self._last_commit) else None
        told = {_what(change) for change in self._stretch.changes()}
        fresh = tuple(one for one in _changes_of(event) if _what(one) not in told)
        self._stretch.committed(event.paths, (amended.paths if amended else None) or ())
        if amended is not None:
            self.past, self.committed = self.past.before(), self.committed[:-1]
        self.past = self.past.after(event.paths or (), event.message)
        self.moved = ()
        self.committed = (*self.committed, Committed(event.head or "", fresh))[-COMMITS:]
        self._last_commit = event

    def _put_away(self, event: Git) -> None:
        """Remember since when work on the files of a stash went on."""
        away = {file.path: file.after for file in event.files if file.after is not None}
        for path in event.paths or ():
            start = self._stretch.start(path)
            if start is not None:
                away[path] = start
        self._away = (*self._away, away)[-STASHES:]

    def _taken_back(self, event: Git) -> None:
        """The work in a stash goes on from what it was begun with.

        An editor may reload its files before or after this is told: both is the user's work.
        """
        away = self._away[-1] if self._away else {}
        self._away = self._away[:-1]
        before = {file.path: file.before for file in event.files}
        for path in event.paths or ():
            start = away[path] if path in away else before.get(path)
            text, language = self.tree.read(path), language_of(path)
            if start is not None and text is not None and language is not None:
                self._stretch.resume(path, language, start, text)

    def _moved(self, event: Git) -> None:
        """Other text is in the files now; work goes on in those that the move left alone."""
        told = event.paths if event.paths is not None and len(event.paths) < MANY else None
        known = (*self.documents.paths(), *self._stretch.edited())
        paths = set(known if told is None else told)
        self.committed = tuple(
            Committed(each.id, tuple(one for one in each.changes if one.path not in paths))
            for each in self.committed
        )
        self._reloaded, self._reload_until = paths, event.t + RELOAD_SECONDS
        for path in sorted(paths):
            document = self.documents.get(path)
            if document is not None:
                self._stretch.rebase(path, document.text)
            else:
                # Whoever opens it again begins anew.
                self._stretch.forget(path)


def _amends(event: Git, last: Git | None) -> bool:
    """Whether a commit begins where the last one began: an amended one is told whole."""
    if last is None:
        return False
    began = {file.path: file.before for file in last.files if file.before != file.after}
    common = [file for file in event.files if file.path in began]
    return bool(common) and all(file.before == began[file.path] for file in common)


def _what(change: SemanticChange) -> tuple[str, str, str]:
    return (change.kind, change.path, change.name)


def _changes_of(event: Git) -> tuple[SemanticChange, ...]:
    """Semantic changes of the commit's files that are in a language with a syntax tree."""
    pairs = {
        file.path: (
            parse(language, file.before) if file.before is not None else None,
            parse(language, file.after) if file.after is not None else None,
        )
        for file in event.files
        if (language := language_of(file.path)) is not None
    }
    return compare_files(pairs)
