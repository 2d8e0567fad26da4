"""How fast a person types, reads and thinks, by a seed."""

from collections.abc import Iterator
from random import Random

from proactive_lsp.events import Change, Edit, Position, Range
from proactive_lsp.lines import split_lines
from proactive_lsp.workspace.documents import utf16_length

# What is longer is told line by line, each a burst with its first and its last keystroke.
LONGEST_BY_KEY = 400  # characters
_ENDS = ("\r\n", "\n", "\r")


class Rhythm:
    """Seconds of virtual time for what a person does; the same for the same seed."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)  # noqa: S311 - for repetition, not secrecy

    def key(self) -> float:
        """From one keystroke to the next."""
        return self._random.uniform(0.08, 0.24)

    def line(self) -> float:
        """At the end of a line; now and then long enough to be a pause."""
        if self._random.random() < 0.1:
            return self._random.uniform(2.0, 6.0)
        return self._random.uniform(0.2, 1.2)

    def step(self) -> float:
        """From one thing to the next."""
        return self._random.uniform(2.0, 20.0)

    def moment(self) -> float:
        """From the last keystroke to the save, or to the next click."""
        return self._random.uniform(0.4, 1.2)


def typed(path: str, before: str, after: str, *, t: float, rhythm: Rhythm) -> Iterator[Edit]:
    """Type until `before` reads `after`: what differs is selected and deleted, then typed anew.

    Versions are 0; whoever keeps the document counts.
    """
    start, old_end, new_end = _difference(before, after)
    at = _advanced(Position(0, 0), before[:start])
    if old_end > start:
        end = _advanced(at, before[start:old_end])
        t = _later(t, rhythm.key())
        yield Edit(t, path, 0, (Change(Range(at, end), ""),))
    text = after[start:new_end]
    by_key = len(text) <= LONGEST_BY_KEY
    for piece in _keys(text) if by_key else filter(None, split_lines(text)):
        since = _later(t, rhythm.key())
        t = _later(since, 0.0 if by_key else sum(rhythm.key() for _ in piece[1:]))
        began = None if by_key or since == t else since
        yield Edit(t, path, 0, (Change(Range(at, at), piece),), since=began)
        at = _advanced(at, piece)
        if piece[0] in "\r\n" or piece[-1] in "\r\n":
            t = _later(t, rhythm.line())


def _later(t: float, seconds: float) -> float:
    return round(t + seconds, 3)


def _keys(text: str) -> Iterator[str]:
    """The text key by key; a line end is one, and so is the indentation that editors add."""
    at = 0
    while at < len(text):
        end = next((end for end in _ENDS if text.startswith(end, at)), text[at])
        stop = at + len(end)
        if end in _ENDS:
            while stop < len(text) and text[stop] in " \t":
                stop += 1
        yield text[at:stop]
        at = stop


def _difference(before: str, after: str) -> tuple[int, int, int]:
    """Where the two begin to differ, and where in each the common rest begins."""
    start = _common(before, after)
    # The two signs of a line end stay together.
    start -= start > 0 and before[start - 1] == "\r"
    rest = _common(before[start:][::-1], after[start:][::-1])
    old_end, new_end = len(before) - rest, len(after) - rest
    ends = before[old_end - 1 : old_end], after[new_end - 1 : new_end]
    if before.startswith("\n", old_end) and "\r" in ends:
        old_end, new_end = old_end + 1, new_end + 1
    return start, old_end, new_end


def _common(one: str, other: str) -> int:
    """How many signs the two begin with in common."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _advanced(at: Position, text: str) -> Position:
    """Where a text ends that begins at `at`."""
    ends = text.count("\n") + text.count("\r") - text.count("\r\n")
    last = text[max(text.rfind("\n"), text.rfind("\r")) + 1 :]
    if not ends:
        return Position(at.line, at.character + utf16_length(text))
    return Position(at.line + ends, utf16_length(last))
