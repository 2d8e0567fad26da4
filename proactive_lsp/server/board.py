"""What stands on the user's screen: the cards as published last, and where they are by now.

The worker's cards are as old as its last look. Every edit since then is kept here, so that a
place can be found for the text as the editor has it, without asking the worker.
"""

from collections import deque
from collections.abc import Iterator
from itertools import takewhile

from proactive_lsp.events import Edit, Range
from proactive_lsp.llm.status import Status
from proactive_lsp.server.folders import Folder
from proactive_lsp.server.news import Cards, Hint, Mood
from proactive_lsp.suggestions import Suggestion
from proactive_lsp.workspace.documents import shift_range

# After more edits than this without a look, places in that file are unknown until the next one.
MOST_EDITS = 500


class OpenDocument:
    """An open file: where it belongs, its version, and its edits since the last look."""

    __slots__ = ("_first", "_moved", "folder", "path", "recent", "uri", "version")

    def __init__(self, uri: str, folder: Folder, path: str, version: int) -> None:
        self.uri = uri
        self.folder = folder
        self.path = path
        self.version = version
        self.recent: deque[tuple[int, Edit]] = deque(maxlen=MOST_EDITS)
        # Where each range that was asked for had come to, and by which edit. So a key costs a
        # card one step, and not one for every key before it.
        self._moved: dict[Range, tuple[int, Range | None]] = {}
        self._first = 0

    def now(self, range: Range) -> Range | None:
        """Where a range of the last look is now; None when an edit changed its text."""
        if not self.recent:
            return range
        if len(self.recent) == MOST_EDITS:
            return None
        if self._first != self.recent[0][0]:
            # There was another look, from which ranges count anew.
            self._first = self.recent[0][0]
            self._moved.clear()
        upto, moved = self._moved.get(range, (0, range))
        newer = list(takewhile(lambda each: each[0] > upto, reversed(self.recent)))
        for _, edit in reversed(newer):
            if moved is None:
                break
            moved = shift_range(moved, edit.changes)
        self._moved[range] = (self.recent[-1][0], moved)
        return moved


class Board:
    """Open files and standing cards of all folders; while `snoozed`, no card is shown."""

    def __init__(self) -> None:
        self.open: dict[str, OpenDocument] = {}
        self.mood = Mood()
        # None while no model is set up.
        self.model: Status | None = None
        self.snoozed = False
        self._cards: dict[Folder, Cards] = {}

    def take(self, cards: Cards) -> None:
        """These are the cards of a folder, found with the edits up to `upto` in the text."""
        self._cards[cards.folder] = cards
        for document in self.open.values():
            recent = document.recent
            while document.folder == cards.folder and recent and recent[0][0] <= cards.upto:
                recent.popleft()

    def keep_only(self, folders: tuple[Folder, ...]) -> None:
        """Forget the cards of folders that were closed."""
        self._cards = {folder: cards for folder, cards in self._cards.items() if folder in folders}

    def shown(self) -> Iterator[tuple[Folder, Suggestion]]:
        """Every card to be shown, folder by folder."""
        for folder, cards in self._cards.items():
            for card in () if self.snoozed else cards.cards:
                yield folder, card

    def hints(self) -> Iterator[tuple[Folder, Hint]]:
        """Every hint to be shown."""
        for folder, cards in self._cards.items():
            for hint in () if self.snoozed else cards.hints:
                yield folder, hint

    def is_writable(self, folder: Folder, card: Suggestion) -> bool:
        """Whether the model could write what this card wants."""
        cards = self._cards.get(folder)
        return cards is not None and card.id in cards.writable

    def find(self, id: str, folder: str | None = None) -> tuple[Folder, Suggestion] | None:
        """The card with this id, and its folder; None when it no longer stands.

        `folder` is the folder's URI, for the same project opened twice has the same ids in both.
        """
        return next(
            (
                (where, card)
                for where, card in self.shown()
                if card.id == id and folder in (None, where.uri)
            ),
            None,
        )
