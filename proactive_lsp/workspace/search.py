"""Find texts in the workspace: first the files that contain them, then the places in a file."""

import re
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Sequence

from msgspec import Struct

from proactive_lsp.events import Range
from proactive_lsp.workspace.documents import bare, range_of, split_lines
from proactive_lsp.workspace.tree import Tree

# A file that costs a microsecond to search for one text costs two milliseconds for all of them.
MOST_TEXTS = 2_000
_UNKNOWN = object()


class Hit(Struct, frozen=True):
    """A place in a file, and its line without the terminator."""

    path: str
    range: Range
    line_text: str


class Index:
    """Which files contain which texts, kept from one look to the next.

    A look reads only the files that changed since the last one, and all of them once for texts
    that nobody asked for before. What was not asked for lately is forgotten.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._stamps: dict[str, Hashable] = {}
        # For each text, used last at the end, the paths that contain it.
        self._found: OrderedDict[str, set[str]] = OrderedDict()
        self._sorted: dict[str, tuple[str, ...]] = {}

    def look(
        self, texts: Collection[str], *, cancelled: Callable[[], bool] = lambda: False
    ) -> bool:
        """Bring the index up to date, these texts included; False when it was cancelled.

        `cancelled` is asked before each file that has to be read; what was read until then stays.
        """
        self._sorted.clear()
        stamps = {path: self._tree.stamp(path) for path in self._tree.paths()}
        for path in self._stamps.keys() - stamps.keys():
            del self._stamps[path]
            for paths in self._found.values():
                paths.discard(path)
        known = [(_bytes(text), paths) for text, paths in self._found.items()]
        for path, stamp in stamps.items():
            if stamp == self._stamps.get(path, _UNKNOWN):
                continue
            if cancelled():
                return False
            self._stamps[path] = stamp
            _search(self._tree.read_bytes(path), path, known)
        return self._add(texts, cancelled)

    def files(self, text: str) -> tuple[str, ...]:
        """Paths of the files that contain `text` as of the last look, in path order."""
        if text not in self._found:
            self._add((text,), lambda: False)
        if text not in self._sorted:
            self._sorted[text] = tuple(sorted(self._found.get(text, ())))
        return self._sorted[text]

    def _add(self, texts: Collection[str], cancelled: Callable[[], bool]) -> bool:
        fresh: dict[str, set[str]] = {}
        for text in texts:
            if text in self._found:
                self._found.move_to_end(text)
            elif text:
                fresh[text] = set()
        if fresh:
            wanted = [(_bytes(text), paths) for text, paths in fresh.items()]
            for path in self._stamps:
                if cancelled():
                    return False
                _search(self._tree.read_bytes(path), path, wanted)
            self._found |= fresh
        while len(self._found) > MOST_TEXTS:
            self._found.popitem(last=False)
        return True


def _search(content: bytes | None, path: str, wanted: Sequence[tuple[bytes, set[str]]]) -> None:
    for text, paths in wanted:
        if content is not None and text in content:
            paths.add(path)
        else:
            paths.discard(path)


def files_with(
    tree: Tree, needles: Collection[str], *, cancelled: Callable[[], bool] = lambda: False
) -> dict[str, tuple[str, ...]]:
    """For each needle the files that contain it, in path order, from one pass over the tree.

    An empty needle is in no file. `cancelled` is asked before each file; once it says yes, the
    answer is what was found so far.
    """
    found: dict[str, set[str]] = {needle: set() for needle in needles}
    wanted = [(_bytes(needle), paths) for needle, paths in found.items() if needle]
    if wanted:
        for path in tree.paths():
            if cancelled():
                break
            _search(tree.read_bytes(path), path, wanted)
    return {needle: tuple(sorted(paths)) for needle, paths in found.items()}


def word_hits(path: str, text: str, word: str) -> list[Hit]:
    """Each place where the word stands by itself: not as a part of a longer word."""
    if not word or word not in text:
        return []
    pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    lines = split_lines(text)
    return [
        Hit(path, range_of(lines, row, match.start(), row, match.end()), bare(line))
        for row, line in enumerate(lines)
        if word in line
        for match in pattern.finditer(line)
    ]


def line_hits(path: str, text: str, line: str) -> list[Hit]:
    """Each whole line that equals `line`, terminators aside; an empty line is nowhere."""
    line = bare(line)
    if not line or line not in text:
        return []
    lines = split_lines(text)
    return [
        Hit(path, range_of(lines, row, 0, row, len(line)), line)
        for row, other in enumerate(lines)
        if bare(other) == line
    ]


def _bytes(needle: str) -> bytes:
    # A lone surrogate is in no file, but it is no reason to fail either.
    return needle.encode("utf-8", "surrogatepass")
