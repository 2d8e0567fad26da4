"""Syntax trees of any language we have queries for, with places in UTF-16.

A language is a folder in `queries/` and one `Grammar` here, whose wheel is imported on first use.
Texts are handed to tree-sitter as UTF-16, so its columns are twice ours and nothing has to
be converted.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from msgspec import Struct, structs

from proactive_lsp.events import Position, Range

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Parser, Query, QueryCursor, Tree

QUERIES = Path(__file__).parent / "queries"

# Nothing that a person wrote nests deeper. Beyond, queries cost the square of the depth.
_MAX_DEPTH = 2_000
# A broken stretch this wide is no code, and queries cost the square of its width.
_MAX_ERROR_WIDTH = 5_000
# How many bytes the parser is handed at once, and how often on average it may ask for each piece.
# Code with many comments takes up to twenty; quotes alone, as many as there are of them.
_PIECE = 4_096
_MOST_READS = 500
_LONE_RETURN = re.compile(r"\r(?!\n)")


class Grammar(Struct, frozen=True, kw_only=True):
    """What the queries of a language cannot say; the defaults are those of most languages."""

    package: str
    """The wheel with the compiled grammar; imported when a first text of the language is read."""
    function: str = "language"
    """What to call in that package."""
    queries: tuple[str, ...]
    """Folders of queries, in `queries/` or anywhere by an absolute path; each may have a part."""
    family: str = ""
    """What is shared by languages that import each other's files; else empty."""
    constructor: str = ""
    """The method whose parameters are those of its class, whose name `{class}` stands for."""
    receivers: frozenset[str] = frozenset()
    """Names of a method's first parameter that callers do not write."""
    static: str = ""
    """The decorator of methods without a receiver."""
    named_argument: str = ""
    """The node of an argument given by name; empty where all are given by position."""
    unpacked: frozenset[str] = frozenset()
    """The nodes of an argument that stands for any number of them."""
    twins: tuple[str, ...] = ()
    """How decorators end that mark a further definition of the same name, not the main one."""
    overloads: bool = True
    """Whether definitions of one qualified name stand side by side, none being the main one."""
    lenient: bool = False
    """Whether a call may leave out any argument."""
    path: str = ""
    """What separates a path from the name behind it where that is no dot."""
    unread: re.Pattern[str] | None = None
    """Groups of words that the language has and the wheel's grammar does not know yet."""
    word: str = r"\w"
    """What names are made of, as a part of a regular expression."""


_PYTHON = Grammar(
    package="tree_sitter_python",
    queries=("python",),
    constructor="__init__",
    receivers=frozenset({"self", "cls", "mcs"}),
    static="staticmethod",
    named_argument="keyword_argument",
    unpacked=frozenset({"list_splat", "dictionary_splat"}),
    twins=("overload", ".setter", ".deleter"),
    overloads=False,
)
_JAVASCRIPT = Grammar(
    package="tree_sitter_javascript",
    queries=("ecmascript", "javascript", "jsx"),
    family="ecmascript",
    constructor="constructor",
    unpacked=frozenset({"spread_element"}),
    lenient=True,
    word=r"\w$",
)
_TYPESCRIPT = structs.replace(
    _JAVASCRIPT,
    package="tree_sitter_typescript",
    function="language_typescript",
    queries=("ecmascript", "typescript"),
    lenient=False,
    # <in out T>, export type * from "a"
    unread=re.compile(
        r"[<,]\s*(?:/\*(?:[^*]|\*(?!/))*+\*/\s*)?(in\s+out|in|out)(?=\s+[A-Z_$])"
        r"|^export\s+(type)(?=\s*\*)",
        re.MULTILINE,
    ),
)
_TSX = structs.replace(
    _TYPESCRIPT, function="language_tsx", queries=("ecmascript", "typescript", "jsx")
)
# A test may add one: nothing else in `workspace/` has a list of languages that it must be in.
GRAMMARS = {
    "python": _PYTHON,
    "javascript": _JAVASCRIPT,
    "javascriptreact": _JAVASCRIPT,
    "typescript": _TYPESCRIPT,
    "typescriptreact": _TSX,
    "go": Grammar(
        package="tree_sitter_go", queries=("go",), unpacked=frozenset({"variadic_argument"})
    ),
    "rust": Grammar(package="tree_sitter_rust", queries=("rust",), path="::"),
    "java": Grammar(
        package="tree_sitter_java",
        queries=("java",),
        constructor="{class}",
        receivers=frozenset({"this"}),
        word=r"\w$",
    ),
}


def family_of(language: str | None) -> str | None:
    """The family of a language, the language itself when it has none."""
    grammar = GRAMMARS.get(language) if language is not None else None
    return grammar.family if grammar is not None and grammar.family else language


@cache
def keywords(language: str | None) -> frozenset[str]:
    """The words that belong to the language itself; none where we have no grammar for it."""
    if language not in GRAMMARS:
        return frozenset()
    grammar = _language(language)
    # What stands in a text as it is has no name of its own in the grammar.
    plain = (
        grammar.node_kind_for_id(id)
        for id in range(grammar.node_kind_count)
        if grammar.node_kind_is_visible(id) and not grammar.node_kind_is_named(id)
    )
    return frozenset(word for word in plain if word is not None and word.isidentifier())


class SyntaxTree:
    """The syntax tree of one text; the text may be any, broken or half-typed too.

    A `hopeless` one must not be queried: it is one heap of tokens that would take minutes. `line`
    is the number of the first line, for a text that is a part of a larger one.
    """

    def __init__(self, language: str, text: str, line: int = 0) -> None:
        self.grammar = GRAMMARS[language]
        self.text = with_known_line_ends(text)
        self._line = line
        self._data = self.text.encode("utf-16-le", "surrogatepass")
        self._plain = len(self._data) == 2 * len(self.text)
        self._language = language
        unread = self.grammar.unread
        data = self._data if unread is None else self._without(unread)
        tree = _tree(language, data)
        self.hopeless = tree is None
        self.root = (tree or _parser(language).parse(b"", encoding="utf16le")).root_node
        self.errors = tuple(self._errors()) if self.root.has_error else ()

    def _without(self, unread: re.Pattern[str]) -> bytes:
        """The data with spaces for what matches: no place changes, and no text that is quoted."""

        def blank(found: re.Match[str]) -> str:
            start, end = (place - found.start() for place in found.span(found.lastindex or 0))
            return found[0][:start] + " " * (end - start) + found[0][end:]

        text, count = unread.subn(blank, self.text)
        return text.encode("utf-16-le", "surrogatepass") if count else self._data

    def _errors(self) -> Iterator[Range]:
        """The outermost broken stretches, in document order."""
        waiting = [(self.root, False)]
        while waiting:
            node, inside = waiting.pop()
            broken = node.is_error or node.is_missing
            if broken and not inside:
                yield self.range(node)
            if node.is_error and node.child_count > _MAX_ERROR_WIDTH:
                self.hopeless = True
            children = reversed(node.children) if node.has_error else ()
            waiting += [(child, inside or broken) for child in children if child.has_error]

    def matches(self, *names: str) -> Iterator[dict[str, "Node"]]:
        """Each match of these query files: the first node of every capture.

        What is captured as `is-…` has to be that word, or there is no match.
        """
        checks = _checks(self._language, names)
        for _, captures in self._cursor(names).matches(self.root):
            found = {name: nodes[0] for name, nodes in captures.items()}
            if not checks or all(
                self.source(found[name]) == word for name, word in checks.items() if name in found
            ):
                yield found

    def captures(self, *names: str) -> dict[str, list["Node"]]:
        """All nodes of every capture of these query files."""
        return self._cursor(names).captures(self.root)

    def _cursor(self, names: tuple[str, ...]) -> "QueryCursor":
        from tree_sitter import QueryCursor

        cursor = QueryCursor(_query(self._language, names))
        cursor.set_max_start_depth(_MAX_DEPTH)
        return cursor

    def slice(self, start: int, end: int) -> str:
        """The text between two byte offsets of tree-sitter."""
        if self._plain:
            return self.text[start // 2 : end // 2]
        return self._data[start:end].decode("utf-16-le", "surrogatepass")

    def source(self, node: "Node") -> str:
        """The text of a node, white space made single spaces."""
        return " ".join(self.slice(node.start_byte, node.end_byte).split())

    def range(self, node: "Node") -> Range:
        """Where a node stands."""
        first, last, line = node.start_point, node.end_point, self._line
        return Range(
            Position(line + first.row, first.column // 2),
            Position(line + last.row, last.column // 2),
        )


def with_known_line_ends(text: str) -> str:
    """The text with every line end one that tree-sitter knows; no position changes."""
    # A lone carriage return ends a line in the protocol, but not for tree-sitter.
    return _LONE_RETURN.sub("\n", text) if "\r" in text else text


@cache
def _language(name: str) -> "Language":
    from tree_sitter import Language

    grammar = GRAMMARS[name]
    function = getattr(import_module(grammar.package), grammar.function)
    return Language(cast("object", function()))


@cache
def _parser(language: str) -> "Parser":
    from tree_sitter import Parser

    return Parser(_language(language))


def _tree(language: str, data: bytes) -> "Tree | None":
    """The tree; None for a text whose pieces the parser reads again and again."""
    parser = _parser(language)
    if len(data) <= 2 * _PIECE:
        return parser.parse(data, encoding="utf16le")
    reads, most = 0, _MOST_READS * (len(data) // _PIECE + 1)

    def read(byte: int, point: object) -> bytes:
        nonlocal reads
        reads += 1
        return data[byte : byte + _PIECE]

    try:
        return parser.parse(
            read, encoding="utf16le", progress_callback=lambda byte, broken: reads > most
        )
    except ValueError:
        parser.reset()
        return None


@cache
def _query(language: str, names: tuple[str, ...]) -> "Query":
    from tree_sitter import Query

    folders = [QUERIES / folder for folder in GRAMMARS[language].queries]
    files = [folder / f"{name}.scm" for name in names for folder in folders]
    texts = [file.read_text("utf-8") for file in files if file.exists()]
    return Query(_language(language), "\n".join(texts))


@cache
def _checks(language: str, names: tuple[str, ...]) -> dict[str, str]:
    """The word that must stand at each `is-…` capture; tree-sitter itself compares UTF-8 alone."""
    query = _query(language, names)
    captures = [query.capture_name(number) for number in range(query.capture_count)]
    return {name: name.removeprefix("is-") for name in captures if name.startswith("is-")}
