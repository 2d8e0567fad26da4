"""Keep a no at its place: the lines that were refused are followed through edits and renames.

Memory holds a refused place by its text, which outlives the process. Here the lines with such a
text are known by number, so that a line which reads differently now, or whose file has another
name, is refused again as it is. A line that was rewritten beyond recognition is another one.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher

from msgspec import Struct

from proactive_lsp.events import Edit
from proactive_lsp.memory import Memory
from proactive_lsp.reward.line_moves import Block, follow, moves
from proactive_lsp.reward.refused import file_key, line_key, lines_inside, refusals
from proactive_lsp.suggestions import Suggestion

# So many lines are followed, the newest; all are refused as long as they read as they did.
MOST_LINES = 200
# A line that shares less of its characters with the one before is another line.
ALIKE = 0.5
# Longer files and lines, edits of more lines and folders of more files are not searched.
MOST_FILE_LINES, MOST_CHARACTERS, MOST_WRITTEN, MOST_FILES = 5_000, 300, 60, 200

Lines = Callable[[str], Sequence[str]]


class _Line(Struct, frozen=True):
    """A refused line, as it read when it was looked at last."""

    path: str
    number: int
    text: str


class Refusals:
    """The refused lines of files that were seen in this run."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._lines: deque[_Line] = deque(maxlen=MOST_LINES)

    def refuse(self, card: Suggestion, lines: Lines) -> None:
        """The user said no to a card."""
        self._memory.dismiss(refusals(card, lines))
        for place in card.places:
            if not place.whole:
                numbers = (place.range.start.line, *lines_inside(place, lines))
                self._follow(place.path, lines(place.path), numbers)

    def opened(self, path: str, own: Sequence[str]) -> None:
        """A file may hold lines that were refused in an earlier run."""
        if self._memory.dismissed() and len(own) <= MOST_FILE_LINES:
            self._follow(path, own, self._refused(path, own))

    def settled(self, edit: Edit, lines: Lines) -> None:
        """Follow the lines of an edited file, and refuse them as they read now."""
        if all(each.path != edit.path for each in self._lines):
            return
        own, steps = lines(edit.path), moves(edit)
        kept: list[_Line] = []
        for each in self._lines:
            if each.path != edit.path:
                kept.append(each)
                continue
            block = follow(Block(each.number, each.number + 1), steps)
            number = _found(each, block, own)
            if number is not None:
                kept.append(_Line(each.path, number, own[number].strip()))
                self._memory.dismiss((line_key(each.path, own, number),))
        self._lines = deque(kept, maxlen=MOST_LINES)

    def moved(self, path: str, to: str, paths: Iterable[str], lines: Lines) -> None:
        """A file or folder has another name; `paths` are the files there are now."""
        said_no = self._memory.dismissed()
        if not said_no:
            return
        inside = (each for each in paths if each == to or each.startswith(f"{to}/"))
        for new in sorted(inside)[:MOST_FILES]:
            old, own = path + new[len(to) :], lines(new)
            if file_key(old) in said_no:
                self._memory.dismiss((file_key(new),))
            if len(own) <= MOST_FILE_LINES:
                numbers = self._refused(old, own)
                self._memory.dismiss(line_key(new, own, number) for number in numbers)
                others = (each for each in self._lines if each.path != old)
                self._lines = deque(others, maxlen=MOST_LINES)
                self._follow(new, own, numbers)

    def _refused(self, path: str, own: Sequence[str]) -> Sequence[int]:
        said_no = self._memory.dismissed()
        return [number for number in range(len(own)) if line_key(path, own, number) in said_no]

    def _follow(self, path: str, own: Sequence[str], numbers: Iterable[int]) -> None:
        known = {(each.path, each.number) for each in self._lines}
        self._lines.extend(
            _Line(path, number, own[number].strip())
            for number in numbers
            if number < len(own) and (path, number) not in known
        )


def _found(line: _Line, block: Block, own: Sequence[str]) -> int | None:
    """Which of the lines that an edit made of it is the refused one; None when none is."""
    if not block.touched:
        return block.top if block.top < len(own) else None
    numbers = range(block.top, min(block.bottom, len(own)))
    same = [number for number in numbers if own[number].strip() == line.text]
    if same or not line.text:
        return same[0] if same else None
    alike = [(_alikeness(line.text, own[number].strip()), -number) for number in numbers]
    best = max(alike[:MOST_WRITTEN], default=(0.0, 0))
    return -best[1] if best[0] >= ALIKE else None


def _alikeness(one: str, other: str) -> float:
    if len(one) > MOST_CHARACTERS or len(other) > MOST_CHARACTERS:
        return 0.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
