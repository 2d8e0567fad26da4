"""Fit what a model wrote into the text that stands there: found once or not at all, never guessed.

A SEARCH text must stand in the file exactly, or exactly but for indentation and trailing blanks,
and only once where it may be changed; what it is replaced by is then shifted as the lines it was
found on. What did not change keeps its own characters.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from proactive_lsp.agent.writing.answer import Block, Refused
from proactive_lsp.agent.writing.shown import Shown
from proactive_lsp.workspace.hunks import line_hunks


class Region(Struct, frozen=True):
    """The lines of a file that may change, from `first` up to, not including, `last`.

    `whole` are the lines that a fenced answer stands for, None where it stands for none.
    """

    path: str
    text: str
    shown: Shown
    first: int
    last: int
    whole: tuple[int, int] | None = None


class Hunk(Struct, frozen=True):
    """The lines from `first` up to, not including, `last` become `new`, bare lines."""

    first: int
    last: int
    new: tuple[str, ...]


def fit_blocks(region: Region, blocks: Sequence[Block]) -> tuple[Hunk, ...] | Refused:
    """What the blocks change, from top to bottom."""
    hunks: list[Hunk] = []
    for block in blocks:
        fitted = _fit_block(region, block)
        if isinstance(fitted, Refused):
            return fitted
        hunks += fitted
    hunks.sort(key=lambda hunk: (hunk.first, hunk.last))
    for one, other in pairwise(hunks):
        if other.first < one.last or (other.first, other.last) == (one.first, one.last):
            return Refused("two blocks change the same lines")
    return tuple(hunks)


def fit_whole(region: Region, lines: Sequence[str]) -> tuple[Hunk, ...] | Refused:
    """What changes when the lines stand for the whole of a definition, or of another stretch."""
    if region.whole is None:
        return Refused("a whole definition was not asked for; answer with SEARCH blocks")
    first, last = region.whole
    old = region.shown.part(first, last)
    new = [line.rstrip() if not line.strip() else line for line in lines]
    while new and not new[0]:
        new.pop(0)
    while new and not new[-1]:
        new.pop()
    if not new:
        return Refused("the fenced block is empty")
    return _checked(region, first, old, _shifted(new, new, [line for line in old if line.strip()]))


def _fit_block(region: Region, block: Block) -> list[Hunk] | Refused:
    # A shorter SEARCH text ends at a line of equal signs that stands in the file as well.
    ways = [way for way in reversed(block.ways()) if any(line.strip() for line in way[0])]
    found: list[list[Hunk] | Refused] = []
    for find, shift in ((_exact, False), (_loose, True)):
        for search, replace in ways:
            rows = find(region.shown, search)
            found = [_replaced(region, row, search, replace, shift=shift) for row in rows]
            if found:
                break
        if found:
            break
    if not found:
        return Refused("the SEARCH text does not stand in the file; copy the old lines exactly")
    inside = [each for each in found if not isinstance(each, Refused)]
    if not inside:
        return found[0]
    if len(inside) > 1:
        return Refused("the SEARCH text stands there more than once; copy more lines around it")
    return inside[0]


def _exact(shown: Shown, search: Sequence[str]) -> Iterator[int]:
    for row in range(len(shown.lines) - len(search) + 1):
        if all(
            line in (shown.lines[row + at], shown.real[row + at]) for at, line in enumerate(search)
        ):
            yield row


def _loose(shown: Shown, search: Sequence[str]) -> Iterator[int]:
    """Where the lines stand with another indentation, all shifted alike, or other ends."""
    wanted = [line.strip() for line in search]
    for row in range(len(shown.lines) - len(search) + 1):
        here = shown.lines[row : row + len(search)]
        if [line.strip() for line in here] == wanted and _same_shape(search, here):
            yield row


def _same_shape(search: Sequence[str], here: Sequence[str]) -> bool:
    """Whether one shift makes the indentation of every line that of the other."""
    moved = _shifted(search, search, [line for line in here if line.strip()])
    return [line.rstrip() for line in moved] == [line.rstrip() for line in here]


def _replaced(
    region: Region,
    row: int,
    search: Sequence[str],
    replace: Sequence[str],
    *,
    shift: bool = False,
) -> list[Hunk] | Refused:
    old: Sequence[str] = search
    new: Sequence[str] = replace
    if shift:
        here = [line for line in region.shown.part(row, row + len(search)) if line.strip()]
        old, new = _shifted(search, search, here), _shifted(replace, search, here)
        # Blanks at the ends of lines were what did not match.
        old, new = [line.rstrip() for line in old], [line.rstrip() for line in new]
    fitted = _checked(region, row, old, new)
    return fitted if isinstance(fitted, Refused) else list(fitted)


def _checked(
    region: Region, row: int, old: Sequence[str], new: Sequence[str]
) -> tuple[Hunk, ...] | Refused:
    """The lines that differ, all of them where they may be changed and shown as they are."""
    hunks = [
        Hunk(row + each.before_start, row + each.before_start + len(each.before), each.after)
        for each in line_hunks(region.path, old, new)
    ]
    for hunk in hunks:
        if hunk.first < region.first or hunk.last > region.last:
            return Refused("it changes lines other than those that were shown to be changed")
        if not region.shown.locked.isdisjoint(range(hunk.first, hunk.last)):
            return Refused("it changes a line that was not shown as it is; leave that line alone")
    return tuple(hunks)


def _shifted(lines: Sequence[str], was: Sequence[str], now: Sequence[str]) -> list[str]:
    """The lines, shifted by what moves the first line with text of `was` onto that of `now`."""
    first = next((line for line in was if line.strip()), "")
    target = next((line for line in now if line.strip()), "")
    old, new = _indent(first), _indent(target)
    if old == new:
        return list(lines)
    return [_moved(line, old, new) for line in lines]


def _moved(line: str, old: str, new: str) -> str:
    if not line.strip():
        return ""
    if line.startswith(old):
        return f"{new}{line[len(old) :]}"
    # Less indented than the first line: as much less in its new place.
    missing = len(old.expandtabs(4)) - len(_indent(line).expandtabs(4))
    unit = "\t" if new.startswith("\t") else " "
    left = len(new) - (max(1, missing // 4) if unit == "\t" else missing)
    return f"{unit * max(0, left)}{line.lstrip()}"


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
