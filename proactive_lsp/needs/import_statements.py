"""Import statements as they are written: what each brings in, and where every word of it stands.

Found by their shape in any text, parsed or not, so that many files can be looked through quickly.
Offsets count code points from the start of the text.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import accumulate
from posixpath import dirname, join, normpath, relpath

from msgspec import Struct, structs

from proactive_lsp.events import Position, Range
from proactive_lsp.workspace.cache import TextCache
from proactive_lsp.workspace.documents import split_lines, utf16_length
from proactive_lsp.workspace.grammars import family_of
from proactive_lsp.workspace.tree import language_of

_CHARACTERS = 2_000_000
PYTHON, ECMASCRIPT = "python", "ecmascript"

_PYTHON = re.compile(
    r"^(?P<indent>[ \t]*)(?:from[ \t]+(?P<module>[.\w]+)[ \t]+import[ \t]*"
    r"(?:\((?P<many>(?:[^()#]++|#[^\n]*+)*+)\)|(?P<few>(?:\\\r?\n|[^\n\r#;(\\])+))"
    r"|import[ \t]+(?P<modules>(?:\\\r?\n|[^\n\r#;\\])+))",
    re.MULTILINE,
)
_PYTHON_ITEM = re.compile(r"(?P<name>[\w.]+|\*)(?:\s+as\s+(?P<alias>\w+))?")
_PYTHON_COMMENT = re.compile(r"#[^\n]*")
_SCRIPT = re.compile(
    r"^(?P<indent>[ \t]*)import\s++(?P<type>type\s++(?!from\b|,))?"
    r"(?:(?P<default>[\w$]++)\s*+(?:,\s*+)?)?"
    r"(?:\{(?P<many>[^{}]*)\}|\*\s*as\s+(?P<space>[\w$]+))?"
    r"\s*+from\s*+(?P<quote>[\"'])(?P<module>[^\"'\n]+)[\"'];?",
    re.MULTILINE,
)
_SCRIPT_ITEM = re.compile(r"(?:type\s+)?(?P<name>[\w$]+)(?:\s+as\s+(?P<alias>[\w$]+))?")
_SCRIPT_COMMENT = re.compile(r"//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)


class Item(Struct, frozen=True, gc=False):
    """One thing brought in: what it is called there and here, and where it is written.

    `name` is the dotted module where the statement has none, "default" and "*" are those of ES
    modules.
    """

    name: str
    bound: str
    start: int
    end: int


class Statement(Struct, frozen=True, gc=False):
    """An import statement from its first to its last character, indentation aside.

    `listed` is whether its names stand between brackets, `typed` whether it says `import type`.
    `module` is "" where each item names a module of its own.
    """

    module: str
    items: tuple[Item, ...]
    start: int
    end: int
    line: int
    last_line: int
    indent: str
    listed: bool = False
    typed: bool = False
    quote: str = ""
    semicolon: bool = False


def statements(path: str, text: str) -> tuple[Statement, ...]:
    """The import statements of a file in order; none for a language without a shape for them."""
    family = family_of(language_of(path))
    if family not in (PYTHON, ECMASCRIPT) or "import" not in text:
        return ()
    return _found.get(family, text, partial(_read, family, text))


_found: TextCache[tuple[Statement, ...]] = TextCache(_CHARACTERS)


def _read(family: str, text: str) -> tuple[Statement, ...]:
    read = _python if family == PYTHON else _script
    shape = _PYTHON if family == PYTHON else _SCRIPT
    ends = line_starts(text)[1:]
    return tuple(read(match, ends) for match in shape.finditer(text))


def line_starts(text: str) -> Sequence[int]:
    """The offset at which each line begins, and that of the end of the text."""
    # As plain numbers: objects of their own would take five times the room.
    return _starts.get(
        None, text, lambda: array("L", (0, *accumulate(map(len, split_lines(text)))))
    )


_starts: TextCache[Sequence[int]] = TextCache(1_000_000)


def range_between(text: str, start: int, end: int) -> Range:
    """The range between two offsets."""
    starts = line_starts(text)
    return Range(_position(text, starts, start), _position(text, starts, end))


def _position(text: str, starts: Sequence[int], offset: int) -> Position:
    line = min(bisect_right(starts, offset), len(starts) - 1) - 1
    return Position(line, utf16_length(text[starts[line] : offset]))


def _python(match: re.Match[str], ends: Sequence[int]) -> Statement:
    group = next(name for name in ("many", "few", "modules") if match[name] is not None)
    found = _items(_PYTHON_ITEM, _PYTHON_COMMENT, match[group], match.start(group))
    if group == "modules":
        # `import a.b` binds `a`, `import a.b as c` what it says.
        items = tuple(structs.replace(item, bound=item.bound.partition(".")[0]) for item in found)
    else:
        items = tuple(found)
    end = match.end() if group == "many" else match.start() + len(match[0].rstrip())
    return Statement(
        module=match["module"] or "",
        items=items,
        start=match.end("indent"),
        end=end,
        line=bisect_right(ends, match.end("indent")),
        last_line=bisect_right(ends, end - 1),
        indent=match["indent"],
        listed=group == "many",
    )


def _script(match: re.Match[str], ends: Sequence[int]) -> Statement:
    items: list[Item] = []
    for group, name in (("default", "default"), ("space", "*")):
        if match[group] is not None:
            items.append(Item(name, match[group], match.start(group), match.end(group)))
    if match["many"] is not None:
        items += _items(_SCRIPT_ITEM, _SCRIPT_COMMENT, match["many"], match.start("many"))
    return Statement(
        module=match["module"],
        items=tuple(items),
        start=match.end("indent"),
        end=match.end(),
        line=bisect_right(ends, match.end("indent")),
        last_line=bisect_right(ends, match.end() - 1),
        indent=match["indent"],
        listed=match["many"] is not None,
        typed=match["type"] is not None,
        quote=match["quote"],
        semicolon=match[0].endswith(";"),
    )


def _items(
    shape: re.Pattern[str], comment: re.Pattern[str], text: str, offset: int
) -> Iterator[Item]:
    code = comment.sub(lambda found: " " * len(found[0]), text)
    for found in shape.finditer(code):
        name, alias = found["name"], found["alias"]
        yield Item(name, alias or name, offset + found.start(), offset + found.end())


def resolved(path: str, module: str) -> str | None:
    """The path, without its ending, that a relative module means to the file; None for others."""
    if not module.startswith("."):
        return None
    if family_of(language_of(path)) == ECMASCRIPT:
        return normpath(join(dirname(path), module))
    rest = module.lstrip(".")
    folder = dirname(path)
    for _ in range(len(module) - len(rest) - 1):
        folder = dirname(folder)
    return "/".join(filter(None, (folder, *rest.split("."))))


def relative(path: str, stem: str) -> str:
    """How a file names what stands at another path, relative to itself."""
    if family_of(language_of(path)) == ECMASCRIPT:
        found = relpath(f"/{stem}", f"/{dirname(path)}")
        return found if found.startswith(".") else f"./{found}"
    folder, dots = dirname(path), "."
    while folder and not f"{stem}/".startswith(f"{folder}/"):
        folder, dots = dirname(folder), f"{dots}."
    return dots + stem.removeprefix(folder).strip("/").replace("/", ".")
