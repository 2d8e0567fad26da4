"""Read a text by its top-level blocks, so that an edit costs one block and not the file.

A block begins with a function, a class or its decorators at the start of a line and goes on up to
the next; what stands before the first one is a block too. Joined, blocks are the text. How a text
is cut depends on nothing but itself, so a replay reads as the editor did.

Python is cut at its own joints; languages with braces where `cuts` says, and a language that it
does not know is one block.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from msgspec import Struct

from proactive_lsp.workspace.cache import TextCache
from proactive_lsp.workspace.cuts import cuts
from proactive_lsp.workspace.grammars import SyntaxTree, with_known_line_ends
from proactive_lsp.workspace.outline import Outline, placed
from proactive_lsp.workspace.reading import read_outline

_OUTLINE_CHARACTERS = 500_000
# A tree takes some thirty bytes for each character of its text.
_TREE_CHARACTERS = 30_000
# Each block costs a parse of its own, and nothing that a person wrote has more of them.
_MOST_BLOCKS = 5_000

# What begins a block. After a backslash the line before goes on, so nothing begins there.
_STARTS = {
    "python": re.compile(r"^(?<!\\\n)(?<!\\\r\n)(?:@|(?:async[ \t]+def|def|class)\b)", re.MULTILINE)
}
# Long strings from behind the quotes that open them.
_REST_DOUBLE = r'(?:[^\\"]++|\\.|"(?!""))*+"""'
_REST_SINGLE = r"(?:[^\\']++|\\.|'(?!''))*+'''"
_CLOSING = {
    '"""': re.compile(_REST_DOUBLE, re.DOTALL),
    "'''": re.compile(_REST_SINGLE, re.DOTALL),
}
_LEXEMES = {
    "python": re.compile(
        rf"""#[^\n]*|"{{3}}{_REST_DOUBLE}|'{{3}}{_REST_SINGLE}|(?P<unclosed>"{{3}}|'{{3}})"""
        r"""|"(?:[^"\\\n]|\\.)*+"?|'(?:[^'\\\n]|\\.)*+'?"""
        r"""|(?P<open>[\[({])|(?P<close>[\])}])""",
        re.DOTALL,
    )
}


class Block(Struct, frozen=True, gc=False):
    """A part of a text, and the number of its first line."""

    line: int
    text: str


class _Part(Struct, gc=False):
    """What a block says, placed where it last stood; a hopeless one says nothing.

    Of one that does not parse also the quotes of the string that it ends in, and how many more
    brackets it opens than it closes.
    """

    outline: Outline | None
    quotes: str | None = None
    brackets: int = 0

    def is_clean(self) -> bool:
        return self.outline is not None and not self.outline.broken


def read_blocks(language: str, text: str) -> list[tuple[Block, Outline]] | None:
    """The blocks from top to bottom and what each says; None for a hopeless text.

    Of a text that parses as a whole every block does. In another one an error stays within its
    block; only behind a string left open, where no block is sure to begin, the whole is one.
    """
    text = with_known_line_ends(text)
    if language not in _STARTS:
        return _read_cut(language, text)
    starts = [*_starts(language, text), len(text)]
    if len(starts) > _MOST_BLOCKS:
        starts = [0, len(text)]
    found: list[tuple[Block, Outline]] = []
    line = first = 0
    while first + 1 < len(starts):
        read = _read_from(language, text, starts, first)
        if read is None:
            starts, found, line, first = [0, len(text)], [], 0, 0
            read = (1, text, _read(language, text))
        last, block, part = read
        if part.outline is None:
            return None
        part.outline = placed(part.outline, line)
        found.append((Block(line, block), part.outline))
        line += block.count("\n")
        first = last
    return found


def read_tree(language: str, block: Block) -> SyntaxTree:
    """The tree of a block, its ranges those in the whole text."""
    key = (language, block.line)
    return _trees.get(key, block.text, lambda: SyntaxTree(language, block.text, block.line))


def _starts(language: str, text: str) -> Iterator[int]:
    """Where blocks begin: 0 first, even when the text is empty."""
    yield 0
    decorated = False
    for start in _STARTS[language].finditer(text):
        if not decorated and start.start():
            yield start.start()
        decorated = start[0] == "@"


def _read_cut(language: str, text: str) -> list[tuple[Block, Outline]] | None:
    """The blocks between cuts; the whole is one where that parses and one of them does not."""
    starts = [0, *islice(cuts(language, text), _MOST_BLOCKS), len(text)]
    blocks = [text[start:end] for start, end in pairwise(starts)]
    parts = [_read(language, block) for block in blocks]
    if len(parts) > 1 and not all(part.is_clean() for part in parts):
        whole = _read(language, text)
        if whole.is_clean():
            blocks, parts = [text], [whole]
    found: list[tuple[Block, Outline]] = []
    line = 0
    for block, part in zip(blocks, parts, strict=True):
        if part.outline is None:
            return None
        part.outline = placed(part.outline, line)
        found.append((Block(line, block), part.outline))
        line += block.count("\n")
    return found


def _read_from(
    language: str, text: str, starts: Sequence[int], first: int
) -> tuple[int, str, _Part] | None:
    """The block from one start on, and which start ends it; None when that cannot be told."""
    last = first + 1
    block = text[starts[first] : starts[last]]
    part = _read(language, block)
    if part.is_clean() or last + 1 == len(starts):
        return last, block, part
    if part.quotes is not None:
        closed = _CLOSING[part.quotes].match(text, starts[last])
        if closed is None:
            return None
        further = bisect_left(starts, closed.end())
    elif part.brackets > 0 and text.startswith("@", starts[last]):
        # Within brackets this is an operator and no decorator.
        further = last + 1
    else:
        return last, block, part
    joined = text[starts[first] : starts[further]]
    part_joined = _read(language, joined)
    if part_joined.is_clean():
        return further, joined, part_joined
    return None if part.quotes is not None else (last, block, part)


_parts: TextCache[_Part] = TextCache(_OUTLINE_CHARACTERS)
_trees: TextCache[SyntaxTree] = TextCache(_TREE_CHARACTERS)


def _read(language: str, text: str) -> _Part:
    return _parts.get(language, text, lambda: _read_anew(language, text))


def _read_anew(language: str, text: str) -> _Part:
    tree = read_tree(language, Block(0, text))
    outline = None if tree.hopeless else read_outline(language, tree)
    part = _Part(outline)
    if not part.is_clean() and language in _LEXEMES:
        for lexeme in _LEXEMES[language].finditer(text):
            part.quotes = lexeme["unclosed"]
            if part.quotes is not None:
                break
            part.brackets += (lexeme["open"] is not None) - (lexeme["close"] is not None)
    return part
