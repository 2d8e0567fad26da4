"""Columns of another encoding as columns in UTF-16, by the line that they stand in."""

from collections.abc import Sequence

from proactive_lsp.events import Position, Range
from proactive_lsp.workspace.documents import bare, utf16_length

UTF_8, UTF_16, UTF_32 = "utf-8", "utf-16", "utf-32"


def in_utf16(range: Range, lines: Sequence[str], encoding: str) -> Range:
    """The same range, its columns counted in UTF-16 code units.

    Lines past the end stay as they are; a column inside a character means its start.
    """
    if encoding == UTF_16:
        return range
    start = _position(range.start, lines, encoding)
    return Range(start, _position(range.end, lines, encoding))


def _position(position: Position, lines: Sequence[str], encoding: str) -> Position:
    if position.line >= len(lines):
        return position
    line = bare(lines[position.line])
    if line.isascii():
        return position
    if encoding == UTF_32:
        before = line[: position.character]
    else:
        start = line.encode("utf-8", "surrogatepass")[: position.character]
        # Half a character at the end is left out.
        before = start.decode("utf-8", "ignore")
    return Position(position.line, utf16_length(before))
