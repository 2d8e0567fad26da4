"""Which lines differ between two states of a file, with bounded effort however large it is.

Lines that occur once on either side and in the same order are the fixed points (the idea of the
patience diff); what lies between two of them is compared again on its own.
"""

from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from msgspec import Struct

# Stretches without a fixed point are compared line by line up to so many pairs of lines.
_MAX_PAIRS = 10_000

_Stretch = tuple[int, int, int, int]


class LineHunk(Struct, frozen=True):
    """Lines that were replaced: their text without terminators, and where it starts."""

    path: str
    before_start: int
    before: tuple[str, ...]
    after_start: int
    after: tuple[str, ...]


def line_hunks(path: str, before: Sequence[str], after: Sequence[str]) -> tuple[LineHunk, ...]:
    """The differences from top to bottom, at least one common line between any two.

    Terminators are left aside, so another kind of line end is no difference.
    """
    old = [line.rstrip("\r\n") for line in before]
    new = [line.rstrip("\r\n") for line in after]
    return tuple(
        LineHunk(path, start, tuple(old[start:end]), to, tuple(new[to:to_end]))
        for start, end, to, to_end in sorted(_differences(old, new))
    )


def _differences(old: Sequence[str], new: Sequence[str]) -> Iterator[_Stretch]:
    """Start and end in `old`, start and end in `new` of what differs, in any order."""
    waiting: list[_Stretch] = [(0, len(old), 0, len(new))]
    while waiting:
        start, end, to, to_end = stretch = _trimmed(old, new, waiting.pop())
        if start == end or to == to_end:
            if start < end or to < to_end:
                yield stretch
        elif end - start == to_end - to == 1:
            yield stretch
        elif points := _fixed_points(old, new, stretch):
            waiting += _between(stretch, points)
        elif (end - start) * (to_end - to) <= _MAX_PAIRS:
            matcher = SequenceMatcher(None, old[start:end], new[to:to_end], autojunk=False)
            for tag, i1, i2, j1, j2 in matcher.get_opcodes():
                if tag != "equal":
                    yield (start + i1, start + i2, to + j1, to + j2)
        else:
            yield stretch


def _trimmed(old: Sequence[str], new: Sequence[str], stretch: _Stretch) -> _Stretch:
    """The stretch without the lines that are the same at its start and end."""
    start, end, to, to_end = stretch
    while start < end and to < to_end and old[start] == new[to]:
        start, to = start + 1, to + 1
    while start < end and to < to_end and old[end - 1] == new[to_end - 1]:
        end, to_end = end - 1, to_end - 1
    return (start, end, to, to_end)


def _fixed_points(
    old: Sequence[str], new: Sequence[str], stretch: _Stretch
) -> list[tuple[int, int]]:
    """The longest rising series of lines that occur exactly once in both parts.

    Where there are none, lines that occur as often in either are paired one by one.
    """
    start, end, to, to_end = stretch
    counts, counts_now = Counter(old[start:end]), Counter(new[to:to_end])
    alike = {line: count for line, count in counts.items() if counts_now[line] == count}
    once = {line for line, count in alike.items() if count == 1} or alike.keys()
    places: dict[str, deque[int]] = {line: deque() for line in once}
    for index in range(to, to_end):
        if new[index] in places:
            places[new[index]].append(index)
    pairs = [(i, places[old[i]].popleft()) for i in range(start, end) if old[i] in places]
    return _rising(pairs)


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest series in which the second numbers rise as the first ones do."""
    # For each length, how a series of that length can end lowest.
    tails: list[int] = []
    ends: list[tuple[int, int]] = []
    previous: dict[tuple[int, int], tuple[int, int]] = {}
    for pair in pairs:
        length = bisect_left(tails, pair[1])
        tails[length : length + 1] = [pair[1]]
        ends[length : length + 1] = [pair]
        if length:
            previous[pair] = ends[length - 1]
    series = ends[-1:]
    while series and series[-1] in previous:
        series.append(previous[series[-1]])
    return series[::-1]


def _between(stretch: _Stretch, points: Sequence[tuple[int, int]]) -> Iterator[_Stretch]:
    """The parts before, between and after fixed points, where they are not empty."""
    start, end, to, to_end = stretch
    for index, target in [*points, (end, to_end)]:
        if start < index or to < target:
            yield (start, index, to, target)
        start, to = index + 1, target + 1
