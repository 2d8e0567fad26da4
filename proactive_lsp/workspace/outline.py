"""What a file defines and imports."""

from collections import Counter
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct, structs

from proactive_lsp.events import Position, Range
from proactive_lsp.workspace.grammars import GRAMMARS

ParameterKind = Literal[
    "positional-only", "positional", "keyword-only", "var-positional", "var-keyword"
]


class Parameter(Struct, frozen=True, gc=False):
    """One parameter; `default` and `annotation` are source text, None when not written.

    An `optional` one may be left out without having a default. One that takes its value apart
    has no name, so it is called `{…}`.
    """

    name: str
    kind: ParameterKind = "positional"
    default: str | None = None
    annotation: str | None = None
    optional: bool = False

    @property
    def required(self) -> bool:
        """Whether a call must give it."""
        return not (self.optional or self.default is not None or self.kind.startswith("var-"))


class Definition(Struct, frozen=True, gc=False):
    """A function, method or class.

    `range` includes the decorators. `header` is what stands before the body, white space made
    single spaces. `parameters` leave out the first one of a method when it is named like a
    receiver (`self`, `cls`), unless the method is static; those of a class are those of its
    own constructor, none when it has none of its own.

    `body` is a hash that white space, comments and calls of itself do not change; `uses` are
    the names the body mentions, attributes and argument names with a dot before them. A `twin`
    is a further definition of its name: by its decorators, such as a setter, or, in a language
    with overloads, any of several that share a qualified name.
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


def completed(language: str, definitions: Iterable[Definition]) -> tuple[Definition, ...]:
    """The definitions of a file: classes with their constructor's parameters, overloads as twins.

    Of several constructors of one qualified name the first counts, whichever class it is in.
    """
    grammar, definitions = GRAMMARS[language], tuple(definitions)
    if grammar.overloads:
        count = Counter(each.qualname for each in definitions)
        definitions = tuple(
            structs.replace(each, twin=count[each.qualname] > 1) for each in definitions
        )
    if not grammar.constructor:
        return definitions
    names = {
        each.qualname: f"{each.qualname}.{grammar.constructor.replace('{class}', each.name)}"
        for each in definitions
        if each.kind == "class"
    }
    wanted = frozenset(names.values())
    found = {
        each.qualname: each
        for each in reversed(definitions)
        if each.qualname in wanted and each.kind != "class"
    }
    return tuple(
        structs.replace(each, parameters=made.parameters)
        if each.kind == "class"
        and (made := found.get(names[each.qualname]))
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
