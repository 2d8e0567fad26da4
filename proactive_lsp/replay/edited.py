"""How lines of a text read once edits are applied to it."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from proactive_lsp.agent.write import result
from proactive_lsp.events import Position, Range
from proactive_lsp.suggestions import TextEdit
from proactive_lsp.workspace.documents import split_lines


class Block(Struct, frozen=True):
    """Whole lines, `first` to `last` (inclusive), as they read before and after."""

    first: int
    last: int
    before: str
    after: str


def lines_after(text: str, range: Range, edits: Sequence[TextEdit]) -> str:
    """The whole lines of a range of `text` as they read after the edits."""
    return block(split_lines(text), range, edits).after


def block(lines: Sequence[str], range: Range, edits: Sequence[TextEdit]) -> Block:
    """The whole lines of a range; an edit that crosses their border takes its own lines with it.

    A range that ends before the first character of a line leaves that line out. An insertion at
    the very start of the lines is theirs, one at the start of the next line is not.
    """
    inside: list[TextEdit] = []
    reach, reached = _span(range, lines), None
    while reach != reached:
        reached = reach
        inside = [edit for edit in edits if _overlap(_span(edit.range, lines), reach)]
        spans = (reach, *(_span(edit.range, lines) for edit in inside))
        reach = (min(first for first, _ in spans), max(last for _, last in spans))
    first, last = reach
    before = "".join(lines[first : last + 1])
    raised = [replace(edit, range=_raised(edit.range, first)) for edit in inside]
    return Block(first, last, before, result(before, raised))


def _span(range: Range, lines: Sequence[str]) -> tuple[int, int]:
    """The first and the last line of a range, both inside the text."""
    start, end = range.start.line, range.end.line
    if range.end.character == 0 and end > start:
        end -= 1
    return min(start, len(lines) - 1), min(end, len(lines) - 1)


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _raised(range: Range, lines: int) -> Range:
    start, end = range.start, range.end
    return Range(
        Position(start.line - lines, start.character), Position(end.line - lines, end.character)
    )
