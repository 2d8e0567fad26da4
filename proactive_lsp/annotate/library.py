"""The sessions to annotate: found once, lived through when somebody opens one, kept for a while."""

import threading
from collections import OrderedDict
from pathlib import Path

from msgspec import Struct

from proactive_lsp.annotate.lived import Lived, live_through
from proactive_lsp.annotate.marks import Marks, annotators, read_marks
from proactive_lsp.replay.find import find_sessions
from proactive_lsp.replay.session import SessionError

# Going back to the session before must not replay it; more would fill the memory.
MOST_KEPT = 6


class Progress(Struct, frozen=True):
    """How far somebody got with a session; `cards` is None before it was opened."""

    judged: int
    missing: int
    cards: int | None
    problem: str = ""


class Library:
    """The sessions of a folder in a fixed order; safe to use from several threads."""

    def __init__(self, folder: Path, repo: Path | None = None) -> None:
        self.folder = folder
        self.paths = find_sessions([folder])
        self._repo = repo
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, Lived] = OrderedDict()
        self._cards: dict[int, frozenset[str]] = {}
        self._problems: dict[int, str] = {}

    def label(self, index: int) -> str:
        """What the session is called here: its path below the folder, without what all share."""
        path = self.paths[index]
        if path == self.folder:
            return path.name
        relative = path.relative_to(self.folder)
        shared = relative.parent if relative.name == "session.jsonl" else relative
        return relative.name if shared == Path() else shared.as_posix()

    def lived(self, index: int) -> Lived:
        """The session, replayed unless it was just now; raises `SessionError`."""
        with self._lock:
            if index in self._kept:
                self._kept.move_to_end(index)
                return self._kept[index]
            try:
                lived = live_through(self.paths[index], self._repo)
            except SessionError as error:
                self._problems[index] = str(error)
                raise
            self._problems.pop(index, None)
            self._kept[index] = lived
            self._cards[index] = frozenset(card.key for card in lived.cards)
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
            return lived

    def progress(self, index: int, annotator: str) -> Progress:
        """How far somebody is."""
        problem = self._problems.get(index, "")
        try:
            marks = read_marks(self.paths[index], annotator)
        except SessionError as error:
            return Progress(0, 0, None, str(error))
        cards = self._cards.get(index)
        judged = marks.judged if cards is None else marks.judged.keys() & cards
        count = None if cards is None else len(cards)
        return Progress(len(judged), len(marks.missing), count, problem)

    def everybody(self, index: int) -> tuple[Marks, ...]:
        """The marks of all annotators of a session, by name; raises `SessionError`."""
        path = self.paths[index]
        return tuple(read_marks(path, name) for name in annotators(path))
