"""What a file defines and imports, read from its syntax tree."""

import hashlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from sys import intern
from typing import TYPE_CHECKING, Literal, TypeVar

from msgspec import Struct, structs

from proactive_lsp.events import Position, Range
from proactive_lsp.workspace.grammars import GRAMMARS, SyntaxTree

if TYPE_CHECKING:
    from tree_sitter import Node

    Match = Mapping[str, Node]

ParameterKind = Literal[
    "positional-only", "positional", "keyword-only", "var-positional", "var-keyword"
]
_Stretch = TypeVar("_Stretch", tuple[int, int], tuple[int, int, str])
_WRITTEN: tuple[ParameterKind, ...] = ("positional", "var-positional", "var-keyword")


class Parameter(Struct, frozen=True, gc=False):
    """One parameter; `default` and `annotation` are source text, None when not written."""

    name: str
    kind: ParameterKind = "positional"
    default: str | None = None
    annotation: str | None = None

    @property
    def required(self) -> bool:
        """Whether a call must give it."""
        return self.default is None and not self.kind.startswith("var-")


class Definition(Struct, frozen=True, gc=False):
    """A function, method or class.

    `range` includes the decorators. `header` is what stands before the body, white space made
    single spaces. `parameters` leave out the first one of a method when it is named like a
    receiver (`self`, `cls`), unless the method is static; those of a class are those of its
    own constructor, none when it has none of its own.

    `body` is a hash that white space, comments and calls of itself do not change; `uses` are
    the names the body mentions, attributes and argument names with a dot before them. A `twin`
    is a further definition of its name by its decorators, such as an overload or a setter.
    """

    kind: Literal["function", "method", "class"]
    name: str
    qualname: str
    range: Range
    name_range: Range
    header: str
    parameters: tuple[Parameter, ...]
    is_async: bool
    body: str
    decorators: tuple[str, ...]
    broken: bool
    uses: frozenset[str] = frozenset()
    twin: bool = False

    @property
    def scope(self) -> str:
        """The qualified name of the definition around it, "" at module level."""
        return self.qualname.rpartition(".")[0]


class Import(Struct, frozen=True, gc=False):
    """One imported thing; `range` is that of the whole statement.

    `import a.b as c` has no name, `from a import *` has the name "*". `name_range` is the name,
    or the module where there is none.
    """

    module: str
    name: str | None
    alias: str | None
    range: Range
    name_range: Range


class Outline(Struct, frozen=True, gc=False):
    """Definitions, imports and the stretches that do not parse, in document order.

    `line` is the number of the first line. `scopes` says from which byte on, in order, which
    qualified name is the innermost.
    """

    line: int
    definitions: tuple[Definition, ...]
    imports: tuple[Import, ...]
    errors: tuple[Range, ...]
    broken: bool
    scopes: tuple[tuple[int, str], ...]


def read_outline(language: str, tree: SyntaxTree) -> Outline:
    """The outline of a tree that begins at line 0 and is not hopeless."""
    reader = _Reader(tree)
    return Outline(
        line=0,
        definitions=with_constructors(language, reader.definitions()),
        imports=tuple(map(reader.imported, reader.imports)),
        errors=tree.errors,
        broken=tree.root.has_error,
        scopes=reader.scopes,
    )


def with_constructors(language: str, definitions: Iterable[Definition]) -> tuple[Definition, ...]:
    """The definitions of a file, each class with the parameters of its constructor.

    Of several constructors of one qualified name the first counts, whichever class it is in.
    """
    definitions = tuple(definitions)
    constructor = GRAMMARS[language].constructor
    found = {
        each.qualname: each
        for each in reversed(definitions)
        if each.name == constructor and each.kind != "class"
    }
    return tuple(
        structs.replace(each, parameters=made.parameters)
        if each.kind == "class"
        and (made := found.get(f"{each.qualname}.{constructor}"))
        and made.parameters != each.parameters
        else each
        for each in definitions
    )


def placed(outline: Outline, line: int) -> Outline:
    """The outline of the same text where it begins at another line."""
    by = line - outline.line
    if not by:
        return outline
    return Outline(
        line=line,
        definitions=tuple(
            structs.replace(
                each, range=_moved(each.range, by), name_range=_moved(each.name_range, by)
            )
            for each in outline.definitions
        ),
        imports=tuple(
            structs.replace(
                each, range=_moved(each.range, by), name_range=_moved(each.name_range, by)
            )
            for each in outline.imports
        ),
        errors=tuple(_moved(each, by) for each in outline.errors),
        broken=outline.broken,
        scopes=outline.scopes,
    )


def _moved(range: Range, by: int) -> Range:
    start, end = range.start, range.end
    return Range(Position(start.line + by, start.character), Position(end.line + by, end.character))


class _Reader:
    """The matches of one tree, sorted by what they are about."""

    def __init__(self, tree: SyntaxTree) -> None:
        self.tree = tree
        self.imports: list[Match] = []
        self.scopes: tuple[tuple[int, str], ...] = ()
        self._definitions: list[tuple[int, Match]] = []
        self._parameters: list[tuple[int, Match]] = []
        self._decorated: dict[int, list[Match]] = defaultdict(list)
        self._async: set[int] = set()
        for match in tree.matches("definitions", "parameters", "imports"):
            self._sort(match)
        self._definitions.sort(key=itemgetter(0))
        self._parameters.sort(key=itemgetter(0))
        self._starts = [start for start, _ in self._parameters]
        self.imports.sort(key=lambda match: (match.get("name") or match["module"]).start_byte)
        words = tree.captures("uses")
        self._comments = sorted((n.start_byte, n.end_byte) for n in words.get("comment", ()))
        members = {node.start_byte for node in words.get("member", ())}
        self._uses = sorted(
            (start, end, intern("." + name if start in members else name))
            for start, end, name in (
                (node.start_byte, node.end_byte, tree.slice(node.start_byte, node.end_byte))
                for node in words.get("use", ())
            )
        )

    def _sort(self, match: "Match") -> None:
        if "body" in match:
            self._definitions.append((_start(match), match))
        elif "import" in match:
            self.imports.append(match)
        elif "decorated" in match:
            self._decorated[match["decorated"].start_byte].append(match)
        elif "async" in match:
            self._async.add(match["async"].start_byte)
        else:
            self._parameters.append((_start(match), match))

    def imported(self, match: "Match") -> Import:
        module, name, alias = match["module"], match.get("name"), match.get("alias")
        return Import(
            module=self.tree.source(module),
            name=self.tree.source(name) if name else None,
            alias=self.tree.source(alias) if alias else None,
            range=self.tree.range(match["import"]),
            name_range=self.tree.range(name or module),
        )

    def definitions(self) -> tuple[Definition, ...]:
        """All definitions in document order; sets `scopes` on the way."""
        everything: list[Definition] = []
        scopes = [(0, "")]
        around: list[tuple[int, Definition]] = []

        def leave(position: float) -> None:
            while around and around[-1][0] <= position:
                end, left = around.pop()
                scopes.append((end, left.scope))

        for _, match in self._definitions:
            node = match.get("class") or match["function"]
            leave(node.start_byte)
            definition = self._definition(match, node, around[-1][1] if around else None)
            around.append((node.end_byte, definition))
            scopes.append((node.start_byte, definition.qualname))
            everything.append(definition)
        leave(float("inf"))
        self.scopes = tuple(scopes)
        return tuple(everything)

    def _definition(self, match: "Match", node: "Node", outer: Definition | None) -> Definition:
        tree, grammar = self.tree, self.tree.grammar
        name, body = tree.source(match["name"]), match["body"]
        decorated = self._decorated.get(node.start_byte, [])
        decorators = tuple(tree.source(each["decorator"]) for each in decorated)
        in_class = outer is not None and outer.kind == "class"
        parameters = self._parameters_of(match["parameters"]) if "parameters" in match else ()
        if (
            in_class
            and grammar.static not in decorators
            and parameters
            and parameters[0].name in grammar.receivers
        ):
            parameters = parameters[1:]
        inside = _within(self._uses, body.start_byte, body.end_byte)
        own = [(start, end) for start, end, use in inside if use == name]
        return Definition(
            kind="class" if "class" in match else "method" if in_class else "function",
            name=name,
            qualname=f"{outer.qualname}.{name}" if outer else name,
            range=tree.range(decorated[0]["whole"] if decorated else node),
            name_range=tree.range(match["name"]),
            header=" ".join(self._code(node.start_byte, body.start_byte).split()),
            parameters=parameters,
            is_async=node.start_byte in self._async,
            body=_hash(self._code(body.start_byte, body.end_byte, own)),
            decorators=decorators,
            broken=node.has_error,
            uses=frozenset(use for _, _, use in inside if use != name),
            twin=any(decorator.endswith(grammar.twins) for decorator in decorators),
        )

    def _parameters_of(self, node: "Node") -> tuple[Parameter, ...]:
        found: list[Parameter] = []
        plain: ParameterKind = "positional"
        first = bisect_left(self._starts, node.start_byte)
        last = bisect_left(self._starts, node.end_byte)
        for _, match in self._parameters[first:last]:
            if "before" in match:
                found = [structs.replace(each, kind="positional-only") for each in found]
            elif "after" in match:
                plain = "keyword-only"
            else:
                written: ParameterKind = next(kind for kind in _WRITTEN if kind in match)
                found.append(self._parameter(match, plain if written == "positional" else written))
                if written == "var-positional":
                    plain = "keyword-only"
        return tuple(found)

    def _parameter(self, match: "Match", kind: ParameterKind) -> Parameter:
        default, annotation = match.get("default"), match.get("annotation")
        return Parameter(
            name=self.tree.source(match["name"]),
            kind=kind,
            default=self.tree.source(default) if default else None,
            annotation=self.tree.source(annotation) if annotation else None,
        )

    def _code(self, start: int, end: int, without: Sequence[tuple[int, int]] = ()) -> str:
        """The text between two bytes, comments and the given stretches left out."""
        pieces: list[str] = []
        for hole, after in sorted([*_within(self._comments, start, end), *without]):
            pieces.append(self.tree.slice(start, hole))
            start = after
        return "".join([*pieces, self.tree.slice(start, end)])


def _start(match: "Match") -> int:
    """Where a match begins: at the first node of all that it captured."""
    return min(node.start_byte for node in match.values())


def _within(stretches: Sequence[_Stretch], start: int, end: int) -> Sequence[_Stretch]:
    """Those of the sorted stretches that begin between two bytes."""
    return stretches[bisect_left(stretches, (start,)) : bisect_left(stretches, (end,))]


def _hash(code: str) -> str:
    # White space may be gone altogether: no two programs worth telling apart differ in it alone.
    squeezed = "".join(code.split()).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(squeezed, digest_size=8).hexdigest()
