"""What stands in a source text: definitions, imports, calls and words, by tree-sitter.

Nothing here raises on any text: half-typed code is read as far as it can be. A language without
queries, a text over the size limit and a minified heap of brackets give None or nothing.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from itertools import accumulate
from operator import itemgetter
from typing import TYPE_CHECKING, Literal, TypeVar

from msgspec import Struct

from proactive_lsp.events import Position, Range
from proactive_lsp.workspace.blocks import Block, read_blocks, read_tree
from proactive_lsp.workspace.cache import TextCache
from proactive_lsp.workspace.documents import utf16_length
from proactive_lsp.workspace.grammars import GRAMMARS, SyntaxTree, with_known_line_ends
from proactive_lsp.workspace.outline import (
    Definition,
    Import,
    Outline,
    Parameter,
    ParameterKind,
    completed,
)

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = [
    "Argument",
    "Call",
    "Definition",
    "Import",
    "Module",
    "Parameter",
    "ParameterKind",
    "Word",
    "calls",
    "parse",
    "parses",
    "words",
]

MAX_CHARACTERS = 500_000
_FILE_CHARACTERS = 500_000
_CALLS_CHARACTERS = 400_000

Role = Literal["identifier", "string", "comment", "key", "shorthand"]
_Scopes = Sequence[tuple[int, str]]
_Stretch = TypeVar("_Stretch", tuple[int, str], tuple[int, int, Role])


class Argument(Struct, frozen=True):
    """One argument as written: `text` and `range` include its name or stars."""

    name: str | None
    text: str
    range: Range
    star: Literal["", "*", "**"] = ""


class Call(Struct, frozen=True):
    """A call: `name` is the last part of what is called, `receiver` what stands before its dot.

    A receiver that is a path and no value ends as paths do there: `a::b::`.
    `arguments_range` goes from "(" to ")". `inside` is the qualified name of the definition
    around it, "" at module level.
    """

    name: str
    receiver: str | None
    range: Range
    name_range: Range
    arguments: tuple[Argument, ...]
    arguments_range: Range
    inside: str


class Word(Struct, frozen=True):
    """One occurrence of a word, and what kind of token it stands in.

    A `key` names a property or a field and nothing else, a `shorthand` one and its value at once.
    """

    role: Role
    range: Range


class Module(Struct, frozen=True):
    """All that a file defines and imports, in document order.

    `errors` are the stretches that do not parse, `error_lines` how many lines they touch.
    """

    language: str
    definitions: tuple[Definition, ...]
    imports: tuple[Import, ...]
    broken: bool
    error_lines: int
    errors: tuple[Range, ...] = ()


def parse(language: str, text: str) -> Module | None:
    """The outline of a text; None for a language without queries and for a text too large."""
    file = _read(language, text)
    return file.module if file else None


def parses(language: str, text: str) -> bool:
    """Whether the text is free of syntax errors; False also where that cannot be told."""
    file = _read(language, text)
    return file is not None and not file.module.broken


def calls(language: str, text: str, names: Collection[str]) -> tuple[Call, ...]:
    """The calls of anything with one of these names, in document order; broken ones left out."""
    file = _read(language, text) if any(name in text for name in names) else None
    return tuple(file.calls(names)) if file else ()


def words(language: str, text: str, word: str) -> tuple[Word, ...]:
    """Where the word stands, not as a part of a longer one, in document order."""
    file = _read(language, text) if word and word in text else None
    return tuple(file.words(word)) if file else ()


class _File:
    """A text read once, block by block."""

    def __init__(self, language: str, text: str, blocks: Sequence[tuple[Block, Outline]]) -> None:
        self._language = language
        self._text = text
        self._blocks = [(block, outline.scopes) for block, outline in blocks]
        # Where the blocks end in the text.
        self._ends = [*accumulate(len(block.text) for block, _ in blocks)]
        outlines = [outline for _, outline in blocks]
        definitions = (each for outline in outlines for each in outline.definitions)
        errors = tuple(each for outline in outlines for each in outline.errors)
        self.module = Module(
            language=language,
            definitions=completed(language, definitions),
            imports=tuple(each for outline in outlines for each in outline.imports),
            broken=any(outline.broken for outline in outlines),
            error_lines=_count_lines(errors),
            errors=errors,
        )

    def calls(self, names: Collection[str]) -> Iterator[Call]:
        wanted = frozenset(names)
        for block, scopes in self._mentioning(wanted):
            key = (self._language, block.line, wanted)
            read = partial(self._calls, block, wanted, scopes)
            yield from _found_calls.get(key, block.text, read)

    def words(self, word: str) -> Iterator[Word]:
        for block, _ in self._mentioning({word}):
            yield from _words(read_tree(self._language, block), word, block.line)

    def _mentioning(self, names: Collection[str]) -> Iterator[tuple[Block, _Scopes]]:
        """The blocks with one of these texts in them, not only as words."""
        found: set[int] = set()
        for name in filter(None, names):
            start = self._text.find(name)
            while start >= 0:
                block = bisect_right(self._ends, start)
                found.add(block)
                start = self._text.find(name, self._ends[block])
        return (self._blocks[block] for block in sorted(found))

    def _calls(self, block: Block, names: frozenset[str], scopes: _Scopes) -> tuple[Call, ...]:
        return tuple(_calls(read_tree(self._language, block), names, scopes))


def _calls(tree: SyntaxTree, names: Collection[str], scopes: _Scopes) -> Iterator[Call]:
    for match in tree.matches("calls"):
        call, name, arguments = match["call"], match["name"], match["arguments"]
        text = tree.slice(name.start_byte, name.end_byte)
        if text not in names or call.has_error:
            continue
        before = match.get("receiver")
        receiver = tree.slice(before.start_byte, before.end_byte) if before else None
        path = tree.grammar.path
        if before and path and path in tree.slice(before.end_byte, name.start_byte):
            receiver = f"{receiver}{path}"
        yield Call(
            name=text,
            receiver=receiver,
            range=tree.range(call),
            name_range=tree.range(name),
            arguments=tuple(_arguments(tree, arguments)),
            arguments_range=tree.range(arguments),
            inside=_last_before(scopes, call.start_byte)[1],
        )


def _words(tree: SyntaxTree, word: str, line: int) -> Iterator[Word]:
    tokens, part = tree.captures("tokens"), tree.grammar.word
    roles: tuple[Role, ...] = ("string", "comment", "key", "shorthand")
    prose: list[tuple[int, int, Role]] = sorted(
        (node.start_byte, node.end_byte, role) for role in roles for node in tokens.get(role, ())
    )
    length = utf16_length(word)
    character = unit = end = 0
    for found in re.finditer(rf"(?<![{part}]){re.escape(word)}(?![{part}])", tree.text):
        between = tree.text[end : found.start()]
        if "\n" in between:
            line += between.count("\n")
            character = utf16_length(between[between.rindex("\n") + 1 :])
        else:
            character += utf16_length(between)
        unit += utf16_length(between)
        start = Position(line, character)
        character += length
        yield Word(_role(prose, 2 * unit), Range(start, Position(line, character)))
        unit += length
        end = found.end()


def _role(prose: Sequence[tuple[int, int, Role]], byte: int) -> Role:
    if not prose or prose[0][0] > byte:
        return "identifier"
    _, end, role = _last_before(prose, byte)
    return role if byte < end else "identifier"


def _arguments(tree: SyntaxTree, node: "Node") -> Iterator[Argument]:
    """What the commas between the parentheses set apart; a bare generator is one argument."""
    nodes: list[Node] = []
    for child in node.children:
        if child.is_named and not child.is_extra:
            nodes.append(child)
        elif child.type in {",", ")"} and nodes:
            yield _argument(tree, nodes[0], nodes[-1])
            nodes = []


def _argument(tree: SyntaxTree, first: "Node", last: "Node") -> Argument:
    text = tree.slice(first.start_byte, last.end_byte)
    named = first.type == tree.grammar.named_argument
    name = first.child_by_field_name("name") if named else None
    star: Literal["*", "**"] = "**" if text.startswith("**") else "*"
    return Argument(
        name=tree.source(name) if name else None,
        text=text,
        range=Range(tree.range(first).start, tree.range(last).end),
        star=star if first.type in tree.grammar.unpacked else "",
    )


def _last_before(stretches: Sequence[_Stretch], byte: int) -> _Stretch:
    """The last of these that begins at or before the byte; there must be one."""
    return stretches[bisect_right(stretches, byte, key=itemgetter(0)) - 1]


def _count_lines(ranges: Sequence[Range]) -> int:
    """How many lines these touch; they are in document order and do not overlap."""
    count, last = 0, -1
    for each in ranges:
        count += each.end.line - max(each.start.line, last + 1) + 1
        last = max(last, each.end.line)
    return count


_files: TextCache[_File | None] = TextCache(_FILE_CHARACTERS)
_found_calls: TextCache[tuple[Call, ...]] = TextCache(_CALLS_CHARACTERS)


def _read(language: str, text: str) -> _File | None:
    """The file from the cache of the last ones, or read anew; None when it cannot be read."""
    if language not in GRAMMARS or len(text) > MAX_CHARACTERS:
        return None
    return _files.get(language, text, lambda: _read_anew(language, text))


def _read_anew(language: str, text: str) -> _File | None:
    blocks = read_blocks(language, text)
    return _File(language, with_known_line_ends(text), blocks) if blocks is not None else None
