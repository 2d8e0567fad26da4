"""The parts of a documentation comment that speak of parameters, one entry after the other.

Google, NumPy and Sphinx docstrings, and JSDoc. Lines are counted in the file, columns in code
points; an entry ends before the blank lines behind it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from msgspec import Struct

Style = Literal["google", "numpy", "sphinx", "jsdoc"]

_GOOGLE = re.compile(r"(?:Args|Arguments|Parameters|Params|Keyword Arg(?:uments|s)):[ \t]*$")
_GOOGLE_ENTRY = re.compile(
    r"(?P<stars>\\?\*{0,2}|(?:\\\*){1,2})(?P<name>\w++)[ \t]*+(?P<type>\([^)]*\))?[ \t]*+:(?:\s|$)"
)
_NUMPY = re.compile(r"(?:Other )?Parameters[ \t]*$|Keyword Arguments[ \t]*$")
_RULE = re.compile(r"-{3,}[ \t]*$")
_NUMPY_ENTRY = re.compile(
    r"(?P<name>(?:\\?\*){0,2}\w+)(?P<more>(?:[ \t]*,[ \t]*(?:\\?\*){0,2}\w+)*)"
    r"[ \t]*(?P<type>:.*)?$"
)
_SPHINX_ENTRY = re.compile(
    r":(?P<tag>param|parameter|arg|argument|key|keyword|type)[ \t]++"
    r"(?P<type>[^:\n]*?[ \t])??(?:\\?\*){0,2}(?P<name>\w+)[ \t]*:"
)
_JSDOC_ENTRY = re.compile(
    r"[ \t]*(?:/\*)?\*+[ \t]*@(?:param|arg|argument)[ \t]+(?P<type>\{.*?\}[ \t]*)?"
    r"\[?(?P<name>[\w$]+)(?![\w$.])"
)
_JSDOC_TAG = re.compile(r"[ \t]*\*[ \t]*@|.*\*/")


class Entry(Struct, frozen=True):
    """What is said about one parameter: `name` stands at `column` of `line`, `last` is past it.

    `typed` is whether it gives a type, `also` whether it speaks of further parameters,
    `extra` whether it is no more than the type of one that has an entry of its own.
    """

    name: str
    line: int
    column: int
    last: int
    indent: str
    typed: bool = False
    also: bool = False
    extra: bool = False


class Section(Struct, frozen=True):
    """Entries of one style in order, and whether the last one is free to be followed."""

    style: Style
    entries: tuple[Entry, ...]
    end: int


def sections(lines: Sequence[str], first: int, last: int) -> Iterator[Section]:
    """The sections on these lines of a docstring; `last` is the line of the closing quotes."""
    line = first
    while line <= last:
        text = lines[line]
        bare = text.strip()
        indent = _indent(text)
        if _GOOGLE.match(bare):
            end = _block_end(lines, line + 1, last, indent)
            entries = _google(lines, line + 1, end)
            if entries:
                yield Section("google", entries, end)
        elif _NUMPY.match(bare) and line < last and _RULE.match(lines[line + 1].strip()):
            end = _numpy_end(lines, line + 2, last)
            entries = _numpy(lines, line + 2, end, indent)
            if entries:
                yield Section("numpy", entries, end)
        line += 1
    entries = _sphinx(lines, first, last)
    if entries:
        yield Section("sphinx", entries, last)


def script_sections(lines: Sequence[str], first: int, last: int) -> Iterator[Section]:
    """The `@param` tags of a JSDoc comment; `last` is the line that closes it."""
    entries: list[Entry] = []
    for line in range(first, last + 1):
        found = _JSDOC_ENTRY.match(lines[line])
        if found is None:
            continue
        end = line + 1
        while end <= last and not _JSDOC_TAG.match(lines[end]):
            end += 1
        stem = lines[line][: lines[line].index("@")]
        entries.append(
            Entry(found["name"], line, found.start("name"), end, stem, bool(found["type"]))
        )
    if entries:
        yield Section("jsdoc", tuple(entries), last)


def _google(lines: Sequence[str], first: int, end: int) -> tuple[Entry, ...]:
    def read(text: str) -> tuple[str, int, bool, bool] | None:
        found = _GOOGLE_ENTRY.match(text)
        return (found["name"], found.start("name"), bool(found["type"]), False) if found else None

    return _listed(lines, first, end, None, read)


def _numpy(lines: Sequence[str], first: int, end: int, indent: str) -> tuple[Entry, ...]:
    def read(text: str) -> tuple[str, int, bool, bool] | None:
        found = _NUMPY_ENTRY.match(text)
        if found is None:
            return None
        name = found["name"].lstrip("\\*")
        return (name, found.end("name") - len(name), bool(found["type"]), bool(found["more"]))

    return _listed(lines, first, end, indent, read)


def _listed(
    lines: Sequence[str],
    first: int,
    end: int,
    indent: str | None,
    read: Callable[[str], tuple[str, int, bool, bool] | None],
) -> tuple[Entry, ...]:
    """Entries at one indentation, each with the deeper lines below it."""
    heads: list[tuple[int, tuple[str, int, bool, bool]]] = []
    for line in range(first, end):
        text = lines[line]
        if not text.strip():
            continue
        indent = _indent(text) if indent is None else indent
        if _indent(text) != indent:
            continue
        found = read(text[len(indent) :])
        if found is None:
            return ()
        heads.append((line, found))
    indent = indent or ""
    ends = [*(line for line, _ in heads[1:]), end]
    return tuple(
        Entry(name, line, len(indent) + at, _trimmed(lines, line, stop), indent, typed, also)
        for (line, (name, at, typed, also)), stop in zip(heads, ends, strict=True)
    )


def _sphinx(lines: Sequence[str], first: int, last: int) -> tuple[Entry, ...]:
    entries: list[Entry] = []
    for line in range(first, last + 1):
        indent = _indent(lines[line])
        found = _SPHINX_ENTRY.match(lines[line], len(indent))
        if found is None:
            continue
        end = line + 1
        while end <= last and lines[end].strip() and len(_indent(lines[end])) > len(indent):
            end += 1
        entries.append(
            Entry(
                found["name"],
                line,
                found.start("name"),
                end,
                indent,
                bool(found["type"]),
                extra=found["tag"] == "type",
            )
        )
    return tuple(entries)


def _block_end(lines: Sequence[str], first: int, last: int, indent: str) -> int:
    """The first line that is no deeper than the header, at the latest the last one."""
    for line in range(first, last + 1):
        text = lines[line]
        if text.strip() and len(_indent(text)) <= len(indent):
            return line
    return last + 1


def _numpy_end(lines: Sequence[str], first: int, last: int) -> int:
    """The header of the next section, or the line of the closing quotes when it stands alone."""
    for line in range(first, last):
        if _RULE.match(lines[line + 1].strip()):
            return line
    return last if lines[last].strip() in ('"""', "'''") else last + 1


def _trimmed(lines: Sequence[str], first: int, end: int) -> int:
    while end > first + 1 and not lines[end - 1].strip():
        end -= 1
    return end


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
