"""Find texts in the workspace: first the files that contain them, then the places in a file."""

import re
from collections.abc import Callable, Collection

from msgspec import Struct

from proactive_lsp.events import Range
from proactive_lsp.workspace.documents import bare, range_of, split_lines
from proactive_lsp.workspace.tree import Tree


class Hit(Struct, frozen=True):
    """A place in a file, and its line without the terminator."""

    path: str
    range: Range
    line_text: str


def files_with(
    tree: Tree, needles: Collection[str], *, cancelled: Callable[[], bool] = lambda: False
) -> dict[str, tuple[str, ...]]:
    """For each needle the files that contain it, in path order, from one pass over the tree.

    An empty needle is in no file. `cancelled` is asked before each file; once it says yes, the
    answer is what was found so far.
    """
    found: dict[str, list[str]] = {needle: [] for needle in needles}
    wanted = [(_bytes(needle), paths) for needle, paths in found.items() if needle]
    if wanted:
        for path in tree.paths():
            if cancelled():
                break
            content = tree.read_bytes(path)
            if content is None:
                continue
            for needle, paths in wanted:
                if needle in content:
                    paths.append(path)
    return {needle: tuple(paths) for needle, paths in found.items()}


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
