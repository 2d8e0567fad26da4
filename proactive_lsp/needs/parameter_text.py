"""A parameter list as it is written, piece by piece, so that it can be changed in its own layout.

Offsets count code points from the start of the text.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

# A longer list is no list of parameters.
LONGEST = 8_000
_OPEN, _CLOSE = "([{", ")]}"
_SKIP = re.compile(
    r"""\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`"""
    r"""|=>|->|\#[^\n]*|//[^\n]*""",
    re.DOTALL,
)
_NAME = re.compile(
    r"(?:(?:public|private|protected|readonly|override)\s+)*(?P<stars>\*{1,2}|\.{3})?\s*"
    r"(?P<name>[^\W\d][\w$]*)"
)
_RETURN = re.compile(r"\s*->\s*(?P<type>[^:\n]*(?:\[[^\]]*\])?[^:\n]*?)\s*:")


class Piece(Struct, frozen=True):
    """One parameter: what stands before it since the last comma, and its text.

    `name` is the bare name, or the mark itself (`*`, `/`, a pattern) where there is none.
    """

    gap: str
    text: str
    name: str


class Written(Struct, frozen=True):
    """A list from "(" to ")": `tail` is what stands behind the last piece, a comma included.

    `returns` are the offsets of the return annotation, None without one.
    """

    start: int
    end: int
    pieces: tuple[Piece, ...]
    tail: str
    returns: tuple[int, int] | None


def read(text: str, offset: int) -> Written | None:
    """The list that opens at or soon after an offset; None when it does not close."""
    start = text.find("(", offset, offset + 400)
    if start < 0:
        return None
    depth = angles = 0
    commas: list[int] = []
    at, limit = start, min(len(text), start + LONGEST)
    while at < limit:
        skipped = _SKIP.match(text, at, start + 2 * LONGEST)
        if skipped is not None:
            at = skipped.end()
            continue
        character = text[at]
        if character in _OPEN:
            depth += 1
        elif character in _CLOSE:
            depth -= 1
            if not depth:
                return _written(text, start, at, commas)
        elif character == "<":
            angles += 1
        elif character == ">":
            angles = max(0, angles - 1)
        elif character == "," and depth == 1 and not angles:
            commas.append(at)
        at += 1
    return None


def _written(text: str, start: int, end: int, commas: Sequence[int]) -> Written:
    edges = [start, *commas, end]
    pieces: list[Piece] = []
    tail = ""
    for left, right in pairwise(edges):
        inside = text[left + 1 : right]
        body = _without_comments(inside)
        if not body:
            tail = ("," if left != start else "") + inside
            continue
        first = inside.index(body[:1]) if inside.strip().startswith(body) else inside.find(body)
        first = max(first, 0)
        last = first + len(body)
        pieces.append(Piece(inside[:first], body, name_of(body)))
        tail = inside[last:]
        if right != end and tail.strip():
            # A comment before the comma would be lost; whoever asks is told there is no list.
            tail = ""
    found = _RETURN.match(text, end + 1)
    returns = (found.start("type"), found.end("type")) if found else None
    return Written(start, end + 1, tuple(pieces), tail, returns)


def _without_comments(text: str) -> str:
    """The parameter on these lines, comments before and behind it left aside."""
    lines = text.split("\n")
    code = [line for line in lines if line.strip() and not re.match(r"\s*(#|//)", line)]
    if not code:
        return ""
    joined = "\n".join(code).strip()
    return re.sub(r"\s+(?:#|//)[^\n]*\Z", "", joined)


def name_of(text: str) -> str:
    """The name of a parameter as it is written; the text itself where it has none."""
    found = _NAME.match(text)
    return found["name"] if found else text


def render(written: Written, pieces: Sequence[Piece]) -> str:
    """The list with other pieces in it."""
    shown = [("," if place else "") + piece.gap + piece.text for place, piece in enumerate(pieces)]
    tail = written.tail if pieces else ""
    return "(" + "".join(shown) + tail + ")"
