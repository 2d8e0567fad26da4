"""Find texts in the workspace: first the files that contain them, then the places in a file."""

import re
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from zlib import crc32

from msgspec import Struct

from proactive_lsp.events import Range
from proactive_lsp.workspace.documents import bare, range_of, split_lines
from proactive_lsp.workspace.tree import Tree

# A file that costs a microsecond to search for one text costs two milliseconds for all of them.
# Looks ask for mostly the same texts; what is left of earlier ones costs a search in each file that
# changed, and beyond twice the texts of one look it is hardly ever asked for again.
MOST_TEXTS = 2_000
FEWEST_TEXTS = 200
# Beyond so many files, which take 10 MB, each is read for each new text.
MOST_PRINTS = 20_000
_PRINT_BYTES = 512
_EVERYTHING = (1 << (8 * _PRINT_BYTES)) - 1
# Whatever is not ASCII may be a part of a word.
_WORD = re.compile(rb"[\w\x80-\xff]+")
_UNKNOWN = object()


class Hit(Struct, frozen=True):
    """A place in a file, and its line without the terminator."""

    path: str
    range: Range
    line_text: str


class Index:
    """Which files contain which texts, kept from one look to the next.

    A look reads only the files that changed since the last one; for texts that nobody asked for
    before also those that have all their words, by a small print of each file. What was not asked
    for lately is forgotten.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._stamps: dict[str, Hashable] = {}
        self._prints: dict[str, int] = {}
        # For each text, used last at the end, the paths that contain it.
        self._found: OrderedDict[str, set[str]] = OrderedDict()
        self._sorted: dict[str, tuple[str, ...]] = {}
        self._most = MOST_TEXTS

    def look(
        self, texts: Collection[str], *, cancelled: Callable[[], bool] = lambda: False
    ) -> bool:
        """Bring the index up to date, these texts included; False when it was cancelled.

        `cancelled` is asked before each file that has to be read; what was read until then stays.
        """
        self._sorted.clear()
        self._most = min(MOST_TEXTS, max(FEWEST_TEXTS, 2 * len(texts)))
        stamps = self._tree.stamps(self._tree.paths())
        for path in self._stamps.keys() - stamps.keys():
            del self._stamps[path]
            self._prints.pop(path, None)
            for paths in self._found.values():
                paths.discard(path)
        known = [(_bytes(text), paths) for text, paths in self._found.items()]
        for path, stamp in stamps.items():
            if stamp == self._stamps.get(path, _UNKNOWN):
                continue
            if cancelled():
                return False
            content = self._tree.read_bytes(path)
            _search(content, path, known)
            self._prints.pop(path, None)
            if len(self._prints) < MOST_PRINTS:
                self._prints[path] = _print_of(_WORD.findall(content or b""))
            self._stamps[path] = stamp
        return self._add(texts, cancelled)

    def files(self, text: str) -> tuple[str, ...]:
        """Paths of the files that contain `text` as of the last look, in path order.

        A single word counts only where it stands by itself.
        """
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
            wanted = [
                (_print_of(_whole_words(content)), (content, paths))
                for text, paths in fresh.items()
                for content in (_bytes(text),)
            ]
            for path in self._stamps:
                print_ = self._prints.get(path, _EVERYTHING)
                likely = [each for mask, each in wanted if mask & print_ == mask]
                if not likely:
                    continue
                if cancelled():
                    return False
                _search(self._tree.read_bytes(path), path, likely)
            self._found |= fresh
        while len(self._found) > self._most:
            self._found.popitem(last=False)
        return True


def _whole_words(content: bytes) -> Sequence[bytes]:
    """The words that a file with this content must have; at either end there may be more of one."""
    words = _WORD.findall(content)
    if len(words) < 2:
        return words
    first = 1 if content.startswith(words[0]) else 0
    last = len(words) - 1 if content.endswith(words[-1]) else len(words)
    return words[first:last]


def _print_of(words: Iterable[bytes]) -> int:
    """A bit for each word, a few words to a bit; the same whatever the hash seed."""
    bits = bytearray(_PRINT_BYTES)
    for word in set(words):
        bit = crc32(word) % (8 * _PRINT_BYTES)
        bits[bit >> 3] |= 1 << (bit & 7)
    return int.from_bytes(bits, "little")


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
