"""What stands in a source text: definitions, imports, calls and words, by tree-sitter.

Nothing here raises on any text: half-typed code is read as far as it can be. A language without
queries, a text over the size limit and a minified heap of brackets give None or nothing.
"""

import re
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Collection, Iterator, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Literal, TypeVar

from msgspec import Struct

from proactive_lsp.events import Position, Range
from proactive_lsp.workspace.documents import utf16_length
from proactive_lsp.workspace.grammars import GRAMMARS, SyntaxTree
from proactive_lsp.workspace.outline import (
    Definition,
    Import,
    Parameter,
    ParameterKind,
    read_outline,
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
# A tree takes some thirty bytes for each character of its text.
_CACHED_FILES = 8
_CACHED_CHARACTERS = 400_000

Role = Literal["identifier", "string", "comment"]
_Stretch = TypeVar("_Stretch", tuple[int, str], tuple[int, int, Role])


class Argument(Struct, frozen=True):
    """One argument as written: `text` and `range` include its name or stars."""

    name: str | None
    text: str
    range: Range
    star: Literal["", "*", "**"] = ""


class Call(Struct, frozen=True):
    """A call: `name` is the last part of what is called, `receiver` what stands before its dot.

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
    """One occurrence of a word, and what kind of token it stands in."""

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
    """A text read once: its tree, its outline, and where its strings and comments are."""

    def __init__(self, language: str, tree: SyntaxTree) -> None:
        self.tree = tree
        tokens = tree.captures("tokens")
        prose: tuple[Role, Role] = ("string", "comment")
        self._prose: list[tuple[int, int, Role]] = sorted(
            (node.start_byte, node.end_byte, role)
            for role in prose
            for node in tokens.get(role, ())
        )
        outline = read_outline(tree, tokens)
        self._scopes = outline.scopes
        self.module = Module(
            language=language,
            definitions=outline.definitions,
            imports=outline.imports,
            broken=tree.root.has_error,
            error_lines=_count_lines(tree.errors),
            errors=tree.errors,
        )

    def calls(self, names: Collection[str]) -> Iterator[Call]:
        tree = self.tree
        for match in tree.matches("calls"):
            call, name, arguments = match["call"], match["name"], match["arguments"]
            text = tree.slice(name.start_byte, name.end_byte)
            if text not in names or call.has_error:
                continue
            receiver = match.get("receiver")
            yield Call(
                name=text,
                receiver=tree.slice(receiver.start_byte, receiver.end_byte) if receiver else None,
                range=tree.range(call),
                name_range=tree.range(name),
                arguments=tuple(_arguments(tree, arguments)),
                arguments_range=tree.range(arguments),
                inside=_last_before(self._scopes, call.start_byte)[1],
            )

    def words(self, word: str) -> Iterator[Word]:
        text, length = self.tree.text, utf16_length(word)
        line = character = unit = end = 0
        for found in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text):
            between = text[end : found.start()]
            if "\n" in between:
                line += between.count("\n")
                character = utf16_length(between[between.rindex("\n") + 1 :])
            else:
                character += utf16_length(between)
            unit += utf16_length(between)
            start = Position(line, character)
            character += length
            yield Word(self._role(2 * unit), Range(start, Position(line, character)))
            unit += length
            end = found.end()

    def _role(self, byte: int) -> Role:
        if not self._prose or self._prose[0][0] > byte:
            return "identifier"
        _, end, role = _last_before(self._prose, byte)
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
    return Argument(
        name=tree.source(name) if name else None,
        text=text,
        range=Range(tree.range(first).start, tree.range(last).end),
        star="**" if text.startswith("**") else "*" if text.startswith("*") else "",
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


_files: OrderedDict[tuple[str, str], _File | None] = OrderedDict()


def _read(language: str, text: str) -> _File | None:
    """The file from the cache of the last few, or read anew; None when it cannot be read."""
    if language not in GRAMMARS or len(text) > MAX_CHARACTERS:
        return None
    key = (language, text)
    if key in _files:
        _files.move_to_end(key)
        return _files[key]
    tree = SyntaxTree(language, text)
    _files[key] = None if tree.hopeless else _File(language, tree)
    while len(_files) > _CACHED_FILES or (
        len(_files) > 1 and sum(len(text) for _, text in _files) > _CACHED_CHARACTERS
    ):
        _files.popitem(last=False)
    return _files[key]
