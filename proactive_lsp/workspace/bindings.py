"""Which names a file binds and which it uses, whatever the scope.

Read block by block, as everything else of a file, so that an edit costs one block. In a block
that does not parse nothing is sure, so what is used there counts as bound there, too.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from operator import itemgetter

from msgspec import Struct

from proactive_lsp.workspace.blocks import Block, read_blocks, read_tree
from proactive_lsp.workspace.cache import TextCache
from proactive_lsp.workspace.grammars import GRAMMARS, SyntaxTree
from proactive_lsp.workspace.syntax import MAX_CHARACTERS

_BLOCK_CHARACTERS = 200_000
_FILE_CHARACTERS = 200_000

_WORD = re.compile(r"[^\W\d][\w$]*")
# What an annotation in quotes may be made of; a name with a small letter first is more often data.
_EXPRESSION = re.compile(r"""[a-zA-Z]{0,2}["'][\w.\[\], |]+["']\Z""")
_CAPITAL = re.compile(r"[A-Z]")
_DOCTEST = re.compile(r"(?m)^[^\S\n]*+(?:>>>|\.\.\.)(?P<code>.*)$")
_TYPE_COMMENT = re.compile(r"#\s*type:(?!\s*ignore)(?P<code>.*)")
_EXPORTS = re.compile(r"__all__[^=\n]*=\s*[\[(](?P<names>[^\])]*)[\])]")


class Names(Struct, frozen=True, gc=False):
    """What a file binds but for its imports, and what it uses.

    `quoted` are names in strings and comments that a tool would take for code: annotations,
    doctests, `__all__`. `star` is whether an import brings in names that nobody can see.
    """

    bound: frozenset[str]
    used: frozenset[str]
    quoted: frozenset[str]
    star: bool = False


_NOTHING = Names(frozenset(), frozenset(), frozenset())


def names_in(language: str, text: str) -> Names | None:
    """The names of a file; None for a language without such queries, or where nothing parses."""
    if language not in GRAMMARS or len(text) > MAX_CHARACTERS:
        return None
    return _files.get(language, text, lambda: _names_in(language, text))


_blocks: TextCache[Names] = TextCache(_BLOCK_CHARACTERS)
_files: TextCache[Names | None] = TextCache(_FILE_CHARACTERS)


def _names_in(language: str, text: str) -> Names | None:
    blocks = read_blocks(language, text)
    if blocks is None:
        return None
    parts = [
        _blocks.get(language, block.text, partial(_read, language, block)) for block, _ in blocks
    ]
    return Names(
        bound=frozenset[str]().union(*(part.bound for part in parts)),
        used=frozenset[str]().union(*(part.used for part in parts)),
        quoted=frozenset[str]().union(*(part.quoted for part in parts)),
        star=any(each.name == "*" for _, outline in blocks for each in outline.imports),
    )


def _read(language: str, block: Block) -> Names:
    # The outline was read from the tree that begins at line 0, which may still be there.
    tree = read_tree(language, Block(0, block.text))
    if tree.hopeless:
        return _NOTHING
    captures = tree.captures("bindings")
    imports = sorted((node.start_byte, node.end_byte) for node in captures.get("import", ()))
    elsewhere = {node.start_byte for name in ("bind", "other") for node in captures.get(name, ())}
    bound = {tree.slice(node.start_byte, node.end_byte) for node in captures.get("bind", ())}
    used = {
        tree.slice(node.start_byte, node.end_byte)
        for node in captures.get("use", ())
        if node.start_byte not in elsewhere and not _is_inside(imports, node.start_byte)
    }
    if tree.root.has_error:
        bound |= used
    strings = (tree.slice(each.start_byte, each.end_byte) for each in captures.get("string", ()))
    comments = (tree.slice(each.start_byte, each.end_byte) for each in captures.get("comment", ()))
    quoted = {*_in_strings(strings), *_in_comments(comments), *_exported(tree)}
    return Names(frozenset(bound), frozenset(used), frozenset(quoted))


def _is_inside(stretches: Sequence[tuple[int, int]], byte: int) -> bool:
    """Whether one of the sorted stretches, which do not overlap, is around the byte."""
    at = bisect_right(stretches, byte, key=itemgetter(0)) - 1
    return at >= 0 and byte < stretches[at][1]


def _in_strings(strings: Iterable[str]) -> Iterator[str]:
    for text in strings:
        if ">>>" in text:
            for line in _DOCTEST.finditer(text):
                yield from _WORD.findall(line["code"])
        elif len(text) < 100 and _CAPITAL.search(text) and _EXPRESSION.match(text):
            yield from _WORD.findall(text)


def _in_comments(comments: Iterable[str]) -> Iterator[str]:
    for text in comments:
        if "type:" in text and (found := _TYPE_COMMENT.match(text)):
            yield from _WORD.findall(found["code"])


def _exported(tree: SyntaxTree) -> Iterator[str]:
    for found in _EXPORTS.finditer(tree.text) if "__all__" in tree.text else ():
        yield from _WORD.findall(found["names"])
