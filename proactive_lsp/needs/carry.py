"""Carry an edit over from the line it was made in to one of the same shape.

    width = read(row, "width")   →   width = read(row, "width", default=0)
    height = read(row, "height") →   height = read(row, "height", default=0)

Two lines have the same shape when they differ in names, numbers and strings alone.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from proactive_lsp.workspace.cache import TextCache
from proactive_lsp.workspace.texts import bare_lines

# A longer line is data.
LONGEST_LINE = 300
_TOKEN = re.compile(
    r"""(?P<slot>
        [rbfuRBFU]{0,2}(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\\n]|\\.)*`)
        |\w+(?:\.\w+)*
    )|\s+|[^\w\s]""",
    re.VERBOSE,
)
_PIECE = re.compile(r"\w+|\W")


@lru_cache(maxsize=8_192)
def shape(line: str) -> str:
    """The line without its names, numbers and strings, and without its indentation."""
    if len(line) > LONGEST_LINE:
        return ""
    return _TOKEN.sub(lambda found: "_" if found["slot"] else found.group(), line.strip())


_shapes: TextCache[Mapping[str, Sequence[int]]] = TextCache(500_000)


def lines_by_shape(text: str) -> Mapping[str, Sequence[int]]:
    """For each shape with two slots or more, the numbers of the lines that have it."""

    def read() -> Mapping[str, Sequence[int]]:
        found: dict[str, list[int]] = {}
        for number, line in enumerate(bare_lines(text)):
            form = shape(line)
            if form.count("_") > 1:
                found.setdefault(form, []).append(number)
        return found

    return _shapes.get(None, text, read)


@lru_cache(maxsize=4_096)
def slots(line: str) -> tuple[str, ...]:
    """The names, numbers and strings of a line, in order; none of one that is data."""
    if len(line) > LONGEST_LINE:
        return ()
    return tuple(found.group() for found in _TOKEN.finditer(line) if found["slot"])


@lru_cache(maxsize=4_096)
def carried(old: str, new: str, other: str) -> str | None:
    """What the other line becomes by the edit that made `new` of `old`; all without indentation.

    None when the lines differ in shape, or where the edit is, or when nothing would change.
    """
    if max(len(old), len(new), len(other)) > LONGEST_LINE or shape(old) != shape(other):
        return None
    was, now, there = _tokens(old), _tokens(new), _tokens(other)
    if len(was) != len(there):
        return None
    instead = {a: b for a, b in zip(was, there, strict=True) if a != b}
    made: list[str] = []
    for tag, i1, i2, j1, j2 in _opcodes(was, now):
        if tag == "equal":
            made += there[i1:i2]
        elif there[i1:i2] == was[i1:i2]:
            made += (instead.get(token, token) for token in now[j1:j2])
        elif i2 - i1 == j2 - j1:
            part = list(_replaced(was[i1:i2], now[j1:j2], there[i1:i2]))
            if len(part) < i2 - i1:
                return None
            made += part
        else:
            return None
    text = "".join(made)
    return text if text != other else None


def changed_slots(old: str, new: str) -> frozenset[str]:
    """The names, numbers and strings of the old line that the new one has not."""
    return frozenset(slots(old)) - frozenset(slots(new))


def _replaced(was: Sequence[str], now: Sequence[str], there: Sequence[str]) -> Iterator[str]:
    """Each token as the edit makes it, up to the first one that it says nothing about."""
    for old, new, other in zip(was, now, there, strict=True):
        token = new if old == other else _within(old, new, other)
        if token is None:
            return
        yield token


def _within(old: str, new: str, other: str) -> str | None:
    """Carry over what changed inside a name or a string, where just that stands there once."""
    was, now = _PIECE.findall(old), _PIECE.findall(new)
    first = 0
    while first < min(len(was), len(now)) and was[first] == now[first]:
        first += 1
    last = 0
    while last < min(len(was), len(now)) - first and was[-1 - last] == now[-1 - last]:
        last += 1
    gone = was[first : len(was) - last]
    if not any(piece.isalnum() or "_" in piece for piece in gone):
        return None
    there = _PIECE.findall(other)
    starts = [at for at in range(len(there)) if there[at : at + len(gone)] == gone]
    if len(starts) != 1:
        return None
    at = starts[0]
    return "".join((*there[:at], *now[first : len(now) - last], *there[at + len(gone) :]))


@lru_cache(maxsize=8_192)
def _tokens(line: str) -> tuple[str, ...]:
    return tuple(found.group() for found in _TOKEN.finditer(line))


@lru_cache(maxsize=1_024)
def _opcodes(
    was: tuple[str, ...], now: tuple[str, ...]
) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, was, now, autojunk=False).get_opcodes()
