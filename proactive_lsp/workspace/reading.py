"""Read an outline from a syntax tree, by the queries of its language."""

import hashlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from operator import itemgetter
from sys import intern
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from msgspec import structs

from proactive_lsp.workspace.grammars import SyntaxTree
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

    Match = Mapping[str, Node]

_Stretch = TypeVar("_Stretch", tuple[int, int], tuple[int, int, str])
# What is called by no name: a parameter that takes its value apart, a class within an expression.
UNNAMED = "{…}"
# Names that several parameters of one function may have.
_REPEATED = (UNNAMED, "_")
_UNNAMED_KIND: ParameterKind = "positional-only"
_OUTER = frozenset({"class", "function", "members", "scope"})
# What an import takes that has no name over there.
_IMPORTED = {"default": "default", "everything": "*"}
_WRITTEN: tuple[ParameterKind, ...] = ("positional", "var-positional", "var-keyword")


def read_outline(language: str, tree: SyntaxTree) -> Outline:
    """The outline of a tree that begins at line 0 and is not hopeless."""
    reader = _Reader(tree)
    return Outline(
        line=0,
        definitions=completed(language, reader.definitions()),
        imports=tuple(map(reader.imported, reader.imports)),
        errors=tree.errors,
        broken=tree.root.has_error,
        scopes=reader.scopes,
    )


class _Around(NamedTuple):
    """A stretch around others: where it ends, what it is called, what functions in it are."""

    end: int
    qualname: str
    outer: str
    members: bool


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
        self._statements: list[Node] = []
        self._prefixes: list[tuple[Node, Node]] = []
        for match in tree.matches("definitions", "parameters", "imports"):
            self._sort(match)
        self._definitions.sort(key=itemgetter(0))
        self._parameters.sort(key=itemgetter(0))
        self._starts = [start for start, _ in self._parameters]
        self.imports.sort(key=lambda match: _imported_node(match).start_byte)
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
        if not _OUTER.isdisjoint(match):
            self._definitions.append((_start(match), match))
        elif "import" in match:
            self.imports.append(match)
        elif "decorated" in match:
            self._decorated[match["decorated"].start_byte].append(match)
        elif "async" in match:
            self._async.add(match["async"].start_byte)
        elif "statement" in match:
            self._statements.append(match["statement"])
        elif "prefix" in match:
            self._prefixes.append((match["prefix"], match["within"]))
        else:
            self._parameters.append((_start(match), match))

    def imported(self, match: "Match") -> Import:
        source, node, module = self.tree.source, _imported_node(match), match.get("module")
        name, alias = match.get("name"), match.get("alias") or match.get("default")
        prefix = "".join(
            self.tree.slice(each.start_byte, within.start_byte)
            for each, within in self._prefixes
            if within.start_byte <= node.start_byte < within.end_byte
        )
        around = [each for each in self._statements if each.start_byte <= node.start_byte]
        special = next((text for key, text in _IMPORTED.items() if key in match), None)
        return Import(
            module=prefix + source(module) if module else prefix.rstrip(":"),
            name=special or (source(name) if name else None),
            alias=source(alias) if alias else None,
            range=self.tree.range(around[-1] if around else match["import"]),
            name_range=self.tree.range(node),
        )

    def definitions(self) -> tuple[Definition, ...]:
        """All definitions in document order; sets `scopes` on the way."""
        everything: list[Definition] = []
        scopes = [(0, "")]
        around: list[_Around] = []

        def leave(position: float) -> None:
            while around and around[-1].end <= position:
                left = around.pop()
                scopes.append((left.end, left.outer))

        for _, match in self._definitions:
            node = match.get("function") or match.get("class") or match.get("members")
            node = node or match["scope"]
            leave(node.start_byte)
            outer = around[-1] if around else None
            if "members" in match or "scope" in match:
                name = self.tree.source(match["name"]) if "name" in match else UNNAMED
                qualname = f"{outer.qualname}.{name}" if outer else name
            else:
                definition = self._definition(match, node, outer)
                everything.append(definition)
                qualname = definition.qualname
            members = "class" in match or "members" in match
            around.append(
                _Around(node.end_byte, qualname, outer.qualname if outer else "", members)
            )
            scopes.append((node.start_byte, qualname))
        leave(float("inf"))
        self.scopes = tuple(scopes)
        return tuple(everything)

    def _definition(self, match: "Match", node: "Node", outer: _Around | None) -> Definition:
        tree, grammar = self.tree, self.tree.grammar
        named, body, owner = match["name"], match.get("body"), match.get("owner")
        name = tree.slice(named.start_byte, named.end_byte)
        begin, end = (body.start_byte, body.end_byte) if body else (node.end_byte, node.end_byte)
        decorated = self._decorated.get(node.start_byte, [])
        decorators = tuple(tree.source(each["decorator"]) for each in decorated)
        in_class = owner is not None or (outer is not None and outer.members)
        scope = tree.source(owner) if owner else outer.qualname if outer else ""
        parameters = self._parameters_of(match["parameters"]) if "parameters" in match else ()
        if (
            in_class
            and grammar.static not in decorators
            and parameters
            and parameters[0].name in grammar.receivers
        ):
            parameters = parameters[1:]
        inside = _within(self._uses, begin, end)
        own = [(start, end) for start, end, use in inside if use == name]
        return Definition(
            kind="class" if "class" in match else "method" if in_class else "function",
            name=name,
            qualname=f"{scope}.{name}" if scope else name,
            range=tree.range(decorated[0]["whole"] if decorated else node),
            name_range=tree.range(named),
            header=" ".join(self._code(node.start_byte, begin).split()),
            parameters=parameters,
            is_async=node.start_byte in self._async,
            body=_hash(self._code(begin, end, own)),
            decorators=decorators,
            broken=node.has_error,
            uses=frozenset(use for _, _, use in inside if use != name),
            twin=any(decorator.endswith(grammar.twins) for decorator in decorators),
        )

    def _parameters_of(self, node: "Node") -> tuple[Parameter, ...]:
        found: list[Parameter] = []
        plain: ParameterKind = "positional" if self.tree.grammar.named_argument else _UNNAMED_KIND
        first = bisect_left(self._starts, node.start_byte)
        last = bisect_left(self._starts, node.end_byte)
        end = 0
        for _, match in self._parameters[first:last]:
            if "before" in match:
                found = [structs.replace(each, kind=_UNNAMED_KIND) for each in found]
                continue
            if "after" in match:
                plain = "keyword-only"
                continue
            written: ParameterKind = next(kind for kind in _WRITTEN if kind in match)
            # What begins within a parameter belongs to a function that stands in it.
            if match[written].start_byte < end:
                continue
            end = match[written].end_byte
            kind = plain if written == "positional" else written
            found.append(self._parameter(match, kind, found))
            if written == "var-positional":
                plain = "keyword-only"
        return tuple(found)

    def _parameter(
        self, match: "Match", kind: ParameterKind, before: Sequence[Parameter]
    ) -> Parameter:
        default, annotation = match.get("default"), match.get("annotation")
        name = UNNAMED if "pattern" in match else self.tree.source(match["name"])
        if name in _REPEATED:
            count = sum(each.name.startswith(name) for each in before)
            name = f"{name}{count + 1}" if count else name
        return Parameter(
            name=name,
            kind=kind,
            default=self.tree.source(default) if default else None,
            annotation=self.tree.source(annotation) if annotation else None,
            optional="optional" in match
            or (self.tree.grammar.lenient and not kind.startswith("var-")),
        )

    def _code(self, start: int, end: int, without: Sequence[tuple[int, int]] = ()) -> str:
        """The text between two bytes, comments and the given stretches left out."""
        pieces: list[str] = []
        for hole, after in sorted([*_within(self._comments, start, end), *without]):
            pieces.append(self.tree.slice(start, hole))
            start = after
        return "".join([*pieces, self.tree.slice(start, end)])


def _imported_node(match: "Match") -> "Node":
    """What of an import says what is imported."""
    return match.get("name") or match.get("default") or match["module"]


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
