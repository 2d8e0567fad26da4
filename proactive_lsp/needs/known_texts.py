"""The texts of a tree as detectors look at them again and again: their lines, and what was found.

A text is read once for each state of its file. Reading it anew, or finding it in a cache by all
of its characters, costs more than to look for a word in it.
"""

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from itertools import accumulate
from weakref import WeakKeyDictionary

from proactive_lsp.situation import Situation
from proactive_lsp.workspace.documents import split_lines
from proactive_lsp.workspace.texts import bare_lines
from proactive_lsp.workspace.tree import Tree

# Per tree; what was used last stays.
_CHARACTERS = 600_000

Spots = Sequence[tuple[int, int]]


class KnownText:
    """A text, its bare lines, and what was found in it so far by the text that was looked for."""

    __slots__ = ("_starts", "found", "lines", "quoted", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: Sequence[str] = bare_lines(text)
        self.found: dict[str, Spots] = {}
        self.quoted: frozenset[int] | None = None
        self._starts: Sequence[int] | None = None

    @property
    def starts(self) -> Sequence[int]:
        """Where each line begins, in code points."""
        if self._starts is None:
            lengths = map(len, split_lines(self.text))
            self._starts = tuple(accumulate(lengths, initial=0))[:-1]
        return self._starts


class _Texts:
    """The known texts of one tree by path, each with the stamp of its file."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[Hashable, KnownText | None]] = OrderedDict()
        self._size = 0

    def get(self, tree: Tree, path: str) -> KnownText | None:
        stamp = tree.stamp(path)
        known = self._known.get(path)
        if known is not None and known[0] == stamp:
            self._known.move_to_end(path)
            return known[1]
        self._drop(path)
        text = tree.read(path) if stamp is not None else None
        fresh = KnownText(text) if text is not None else None
        self._known[path] = stamp, fresh
        self._size += len(text or "")
        while self._size > _CHARACTERS and len(self._known) > 1:
            self._drop(next(iter(self._known)))
        return fresh

    def _drop(self, path: str) -> None:
        _, text = self._known.pop(path, (None, None))
        self._size -= len(text.text) if text is not None else 0


_trees: WeakKeyDictionary[Tree, _Texts] = WeakKeyDictionary()


def known_text(situation: Situation, path: str) -> KnownText | None:
    """The file's text; None when it cannot be read."""
    texts = _trees.get(situation.tree)
    if texts is None:
        texts = _trees[situation.tree] = _Texts()
    return texts.get(situation.tree, path)
