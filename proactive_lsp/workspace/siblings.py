"""The names that stand beside a new one: what it was added to, as far as its lines tell.

    NAMES = ["alpha", "beta"]   →   NAMES = ["alpha", "beta", "gamma"]

brings `gamma` beside `alpha` and `beta`, so where these two stand together again, `gamma` may be
missing.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from proactive_lsp.workspace.hunks import LineHunk
from proactive_lsp.workspace.tokens import added_words, tokens, words

# So many lines above and below an inserted one may be its row, and so many names are kept.
MOST_ROWS = 3
MOST_SIBLINGS = 6
MOST_NAMES = 4
# An insertion of more lines is no entry of a list, but for its first one.
MOST_LINES = 60
# Definitions next to a new one are looked for so far away.
FAR = 120
LONGEST_LINE = 300
_DEFINITION = re.compile(
    r"(\s*)(?:async\s+|export\s+|pub\s+)*(?:def|class|function|fn|func)\s+(\w+)"
)
_IMPORT = re.compile(r"\s*(import|from|use|#include)\b|.*\brequire\(")
_NO_NAME = frozenset(
    {
        *("self", "cls", "this", "super", "def", "class", "return", "import", "from", "async"),
        *("await", "for", "not", "and", "the", "None", "True", "False", "str", "int", "bool"),
        *("dict", "list", "tuple", "set", "float", "bytes", "object", "Any", "Optional", "Union"),
        *("None", "null", "true", "false", "const", "let", "var", "function", "export", "default"),
        *("string", "number", "boolean", "undefined", "raise", "yield", "assert", "with", "elif"),
        *("else", "try", "except", "finally", "lambda", "pass", "global", "del", "isinstance"),
        *("param", "type", "self", "new", "public", "private", "static", "void", "args", "kwargs"),
    }
)


class Arrival(Struct, frozen=True):
    """A name that came, the names it came beside, nearest first, and how many stand before it.

    `line` counts from the first line of the hunk; `row` when they are rows of one shape.
    """

    name: str
    siblings: tuple[str, ...]
    line: int
    row: bool


def arrivals(hunk: LineHunk, lines: Callable[[str], Sequence[str]]) -> tuple[Arrival, ...]:
    """The names that a hunk brought beside others; `lines` reads a file."""
    if not 0 < len(hunk.after) <= MOST_LINES or not added_words(hunk):
        return ()
    whole = lines(hunk.path)
    start, end = hunk.after_start, hunk.after_start + len(hunk.after)
    above = tuple(whole[max(start - MOST_ROWS, 0) : start])
    below = tuple(whole[end : end + MOST_ROWS])
    definitions: tuple[str, ...] = ()
    if any(_DEFINITION.match(line) for line in hunk.after):
        definitions = _definitions(hunk, whole)
    return _arrivals(hunk.before, hunk.after, above, below, definitions)


@lru_cache(maxsize=1_024)
def _arrivals(
    before: tuple[str, ...],
    after: tuple[str, ...],
    above: tuple[str, ...],
    below: tuple[str, ...],
    definitions: tuple[str, ...],
) -> tuple[Arrival, ...]:
    known = {word for line in before for word in words(line)}
    old_lines = {line.strip() for line in before}
    # Names that came together are no surroundings of each other.
    fresh = {word for line in after for word in words(line) if word not in known}
    if before:
        fresh &= {word for line in after if line not in before for word in words(line)}
    stood = {word for line in (*above, *below) for word in words(line)}
    fresh -= stood
    found: dict[str, Arrival] = {}
    for number, line in enumerate(after):
        new = [word for word in words(line) if word not in known and _is_name(word)]
        if not new or line.strip() in old_lines or len(line) > LONGEST_LINE or _IMPORT.match(line):
            continue
        defined = _DEFINITION.match(line)
        if defined is not None and defined[2] in new:
            found.setdefault(defined[2], Arrival(defined[2], definitions, number, row=False))
        rows = (*reversed((*above, *after[:number])[-MOST_ROWS:]),)
        rows_below = (*after[number + 1 :], *below)[:MOST_ROWS]
        for name in new:
            if name in found:
                continue
            siblings = _in_rows(line, name, rows, rows_below)
            row = bool(siblings)
            siblings = tuple(n for n in siblings or _in_line(line, name, new) if n not in fresh)
            if siblings:
                found[name] = Arrival(name, siblings, number, row)
    return tuple(found.values())[:MOST_NAMES]


def _in_rows(line: str, name: str, above: Sequence[str], below: Sequence[str]) -> tuple[str, ...]:
    """The words that stand where the name does in the lines around it, while these are alike."""
    own = tokens(line)
    found: list[str] = []
    for rows in (above, below):
        for row in rows:
            theirs = tokens(row)
            if len(theirs) != len(own) or _indent(row) != _indent(line):
                break
            here = [at for at, token in enumerate(own) if token == name]
            same = {theirs[at] for at in here}
            if len(same) != 1 or not _same_shape(own, theirs):
                break
            sibling = same.pop()
            if _is_name(sibling) and sibling != name and sibling not in found:
                found.append(sibling)
    return tuple(found[:MOST_SIBLINGS])


def _in_line(line: str, name: str, new: Sequence[str]) -> tuple[str, ...]:
    """The first words of the items around it, where the line is a list with commas or the like."""
    for items in _lists(line):
        names = [_first_name(item) for item in items]
        if name in names:
            at = names.index(name)
            order = sorted(range(len(names)), key=lambda each: (abs(each - at), each))
            found = [each for i in order if (each := names[i]) and each not in new]
            return tuple(dict.fromkeys(found))[:MOST_SIBLINGS]
    return ()


def _lists(line: str) -> Iterator[Sequence[Sequence[str]]]:
    """The items of each pair of brackets, innermost first; at last those outside of all."""
    open_lists: list[list[list[str]]] = [[[]]]
    for each in tokens(line):
        if each in "([{":
            open_lists.append([[]])
        elif each in ")]}":
            yield open_lists.pop()
            open_lists = open_lists or [[[]]]
        elif each in ",|":
            open_lists[-1].append([])
        else:
            open_lists[-1][-1].append(each)
    yield from reversed(open_lists)


def _first_name(item: Sequence[str]) -> str:
    return next((token for token in item if _is_name(token)), "")


def _definitions(hunk: LineHunk, whole: Sequence[str]) -> tuple[str, ...]:
    """The names defined next above and below the hunk, as deep as its own."""
    first = next(match for line in hunk.after if (match := _DEFINITION.match(line)))
    end = hunk.after_start + len(hunk.after)
    stretches = (
        reversed(whole[max(hunk.after_start - FAR, 0) : hunk.after_start]),
        whole[end : end + FAR],
    )
    found: list[str] = []
    for stretch in stretches:
        names = (m[2] for line in stretch if (m := _DEFINITION.match(line)) and m[1] == first[1])
        found += [name for name, _ in zip(names, range(2), strict=False) if _is_name(name)]
    return tuple(dict.fromkeys(found))


def _same_shape(own: Sequence[str], theirs: Sequence[str]) -> bool:
    return all(
        ours == other or (_is_word(ours) and _is_word(other))
        for ours, other in zip(own, theirs, strict=True)
    )


def _is_word(token: str) -> bool:
    return token[:1].isalnum() or token[:1] == "_"


def _is_name(token: str) -> bool:
    return len(token) > 2 and not token[:1].isdigit() and _is_word(token) and token not in _NO_NAME


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
