"""What a file defines and imports, read from its syntax tree."""

import hashlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, TypeVar

from msgspec import Struct, structs

from proactive_lsp.events import Range
from proactive_lsp.workspace.grammars import SyntaxTree

if TYPE_CHECKING:
    from tree_sitter import Node

    Match = Mapping[str, Node]

ParameterKind = Literal[
    "positional-only", "positional", "keyword-only", "var-positional", "var-keyword"
]
_Stretch = TypeVar("_Stretch", tuple[int, int], tuple[int, int, str])
_WRITTEN: tuple[ParameterKind, ...] = ("positional", "var-positional", "var-keyword")


class Parameter(Struct, frozen=True):
    """One parameter; `default` and `annotation` are source text, None when not written."""

    name: str
    kind: ParameterKind = "positional"
    default: str | None = None
    annotation: str | None = None

    @property
    def required(self) -> bool:
        """Whether a call must give it."""
        return self.default is None and not self.kind.startswith("var-")


class Definition(Struct, frozen=True):
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


class Import(Struct, frozen=True):
    """One imported thing; `range` is that of the whole statement.

    `import a.b as c` has no name, `from a import *` has the name "*". `name_range` is the name,
    or the module where there is none.
    """

    module: str
    name: str | None
    alias: str | None
    range: Range
    name_range: Range


class Outline(Struct, frozen=True):
    """Definitions and imports in document order.

    `scopes` says from which byte on, in order, which qualified name is the innermost.
    """

    definitions: tuple[Definition, ...]
    imports: tuple[Import, ...]
    scopes: tuple[tuple[int, str], ...]


def read_outline(tree: SyntaxTree, tokens: Mapping[str, Sequence["Node"]]) -> Outline:
    """The outline of a tree, given what its token query captured; any tree will do."""
    reader = _Reader(tree, tokens)
    return Outline(reader.definitions(), tuple(map(reader.imported, reader.imports)), reader.scopes)


class _Reader:
    """The matches of one tree, sorted by what they are about."""

    def __init__(self, tree: SyntaxTree, tokens: Mapping[str, Sequence["Node"]]) -> None:
        self.tree = tree
        self.imports: list[Match] = []
        self.scopes: tuple[tuple[int, str], ...] = ()
        self._definitions: list[Match] = []
        self._parameters: list[Match] = []
        self._decorated: dict[int, list[Match]] = defaultdict(list)
        self._async: set[int] = set()
        for match in tree.matches("definitions", "parameters", "imports"):
            self._sort(match)
        self._definitions.sort(key=_start)
        self._parameters.sort(key=_start)
        self._starts = [_start(match) for match in self._parameters]
        self.imports.sort(key=lambda match: (match.get("name") or match["module"]).start_byte)
        self._comments = sorted((n.start_byte, n.end_byte) for n in tokens.get("comment", ()))
        members = {node.start_byte for node in tokens.get("member", ())}
        self._uses = sorted(
            (start, end, "." + name if start in members else name)
            for start, end, name in (
                (node.start_byte, node.end_byte, tree.slice(node.start_byte, node.end_byte))
                for node in tokens.get("use", ())
            )
        )

    def _sort(self, match: "Match") -> None:
        if "body" in match:
            self._definitions.append(match)
        elif "import" in match:
            self.imports.append(match)
        elif "decorated" in match:
            self._decorated[match["decorated"].start_byte].append(match)
        elif "async" in match:
            self._async.add(match["async"].start_byte)
        else:
            self._parameters.append(match)

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
        found: dict[str, Definition] = {}
        everything: list[Definition] = []
        scopes = [(0, "")]
        around: list[tuple[int, Definition]] = []

        def leave(position: float) -> None:
            while around and around[-1][0] <= position:
                end, left = around.pop()
                scopes.append((end, left.scope))

        for match in self._definitions:
            node = match.get("class") or match["function"]
            leave(node.start_byte)
            definition = self._definition(match, node, around[-1][1] if around else None)
            around.append((node.end_byte, definition))
            scopes.append((node.start_byte, definition.qualname))
            everything.append(definition)
            found.setdefault(definition.qualname, definition)
        leave(float("inf"))
        self.scopes = tuple(scopes)
        constructor = self.tree.grammar.constructor
        return tuple(
            structs.replace(definition, parameters=made.parameters)
            if definition.kind == "class"
            and (made := found.get(f"{definition.qualname}.{constructor}"))
            else definition
            for definition in everything
        )

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
        for match in self._parameters[first:last]:
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
