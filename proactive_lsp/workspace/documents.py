"""Mirror the editor's documents: an edit costs an append, the text catches up when it is read.

Lines end with `\\n`, `\\r\\n` or `\\r` alone and columns count UTF-16 code units, as in LSP 3.18.
Positions past the end are clamped and reversed ranges swapped, so no well-typed event fails.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from msgspec import Struct

from proactive_lsp.events import Change, Edit, Open, Position, Range, span, starts_at
from proactive_lsp.lines import split_lines as split_lines

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


def bare(line: str) -> str:
    """The line without its terminator."""
    return line.rstrip("\r\n")


def utf16_length(text: str) -> int:
    """How many UTF-16 code units the text takes."""
    return len(text) if text.isascii() else len(text) + len(_ASTRAL.findall(text))


def utf16_index(line: str, character: int) -> int:
    """The code point index of a UTF-16 column, at most the start of the line's terminator.

    A column inside a surrogate pair means the start of the pair.
    """
    if not line.isascii():
        for astral in _ASTRAL.finditer(line):
            if astral.start() >= character:
                break
            # Whatever lies behind this character is one code point nearer than its column.
            character -= 1
    return character if character < len(line) - 2 else min(character, len(bare(line)))


def locate(lines: Sequence[str], position: Position) -> tuple[int, int]:
    """Line and code point index of a position; past the last line is the end of the text."""
    if position.line >= len(lines):
        return len(lines) - 1, len(lines[-1])
    return position.line, utf16_index(lines[position.line], position.character)


def position_of(lines: Sequence[str], line: int, index: int) -> Position:
    """The UTF-16 position of a code point index in a line."""
    return Position(line, utf16_length(lines[line][:index]))


def range_of(lines: Sequence[str], line: int, index: int, end_line: int, end_index: int) -> Range:
    """The UTF-16 range between two code point indices."""
    return Range(position_of(lines, line, index), position_of(lines, end_line, end_index))


def text_in(lines: Sequence[str], range: Range) -> str:
    """The text inside a range."""
    (first, index), (last, end) = sorted((locate(lines, range.start), locate(lines, range.end)))
    if first == last:
        return lines[first][index:end]
    return "".join((lines[first][index:], *lines[first + 1 : last], lines[last][:end]))


def apply_changes(text: str, changes: Iterable[Change]) -> str:
    """The text after the changes, each applied to the result of the one before."""
    lines = split_lines(text)
    for change in changes:
        _splice(lines, change)
    return "".join(lines)


def shift_range(range: Range, changes: Iterable[Change]) -> Range | None:
    """Where the same text is after the changes; None when one changed its inside or everything.

    The changes must lie within their text, as those of `Documents.settle` do: without the text,
    a column past the end of a line cannot be told from a real one.
    """
    start, end = range.start, range.end
    for change in changes:
        if change.range is None:
            return None
        first, last = change.range.start, change.range.end
        if last < first:
            first, last = last, first
        if first >= end:
            continue
        if last > start:
            return None
        start, end = (_shifted(position, first, last, change.text) for position in (start, end))
    return Range(start, end)


class Document:
    """One open document; `version_gaps` counts edits whose version did not grow.

    What `lines` and `text` return never changes afterwards: a later edit makes new ones.
    """

    __slots__ = (
        *("language", "path", "version", "version_gaps"),
        *("_applied", "_edits", "_lines", "_settled", "_text", "_touched"),
    )

    def __init__(self, path: str, language: str, version: int, text: str) -> None:
        self.path = path
        self.language = language
        self.version = version
        self.version_gaps = 0
        self._text: str | None = text
        self._lines = self._settled = split_lines(text)
        # Edits since the last settling; the first `_applied` of them are in `_lines` already.
        self._edits: list[Edit] = []
        self._applied = 0
        self._touched = _Touched()

    @property
    def lines(self) -> Sequence[str]:
        """The lines with their terminators, after all edits."""
        if self._applied < len(self._edits):
            lines = self._lines.copy()
            for edit in self._edits[self._applied :]:
                for change in edit.changes:
                    self._touched.touch(*_splice(lines, change))
            self._applied = len(self._edits)
            self._lines = lines
            self._text = None
        return self._lines

    @property
    def text(self) -> str:
        """The whole text, after all edits."""
        lines = self.lines
        if self._text is None:
            self._text = "".join(lines)
        return self._text

    def edit(self, event: Edit) -> None:
        """Remember an edit until the text is read."""
        self.version_gaps += event.version <= self.version
        self.version = event.version
        self._edits.append(event)

    def settle(self) -> Edit | None:
        """See `Documents.settle`."""
        lines = self.lines
        edits, before, hunks = self._edits, self._settled, self._touched.hunks
        self._edits, self._applied, self._settled, self._touched = [], 0, self._lines, _Touched()
        if not edits or before == lines:
            return None
        t, since = edits[-1].t, starts_at(edits[0])
        origins = {edit.origin for edit in edits}
        # From the bottom up, so that no change moves the lines of the next.
        changes = [_whole_lines(before, lines, hunk) for hunk in reversed(hunks)]
        return Edit(
            t=t,
            path=self.path,
            version=self.version,
            changes=tuple(change for change in changes if change is not None),
            origin=origins.pop() if len(origins) == 1 else None,
            since=since if since < t else None,
        )


class Documents:
    """All open documents; `ignored_edits` counts edits of paths that are not open."""

    def __init__(self) -> None:
        self._open: dict[str, Document] = {}
        self._unsettled: dict[str, None] = {}
        self.ignored_edits = 0

    def open(self, event: Open) -> None:
        """Begin to mirror a document; one that is open already starts over from this text."""
        self._unsettled.pop(event.path, None)
        self._open[event.path] = Document(event.path, event.language, event.version, event.text)

    def edit(self, event: Edit) -> bool:
        """Remember an edit in constant time; False when its document is not open."""
        document = self._open.get(event.path)
        if document is None:
            self.ignored_edits += 1
            return False
        document.edit(event)
        self._unsettled[event.path] = None
        return True

    def close(self, path: str) -> None:
        """Forget a document, unsettled edits included."""
        self._open.pop(path, None)
        self._unsettled.pop(path, None)

    def get(self, path: str) -> Document | None:
        """The document, None when it is not open."""
        return self._open.get(path)

    def paths(self) -> tuple[str, ...]:
        """The open documents in the order they were opened."""
        return tuple(self._open)

    def unsettled(self) -> tuple[str, ...]:
        """Documents with edits since they last settled, in the order of their first edit."""
        return tuple(self._unsettled)

    def settle(self, path: str) -> Edit | None:
        """All edits since the last call as one, in whole lines; None when the text is the same.

        Lines far apart are separate changes. `since` is the start of the first edit; `origin`
        survives only when all edits share it, so settle before and after an edit that has one.
        """
        self._unsettled.pop(path, None)
        document = self._open.get(path)
        return document.settle() if document is not None else None


class _Hunk(Struct):
    """Lines `old_first` to `old_last` (exclusive) of the settled text, and what they are now."""

    old_first: int
    old_last: int
    first: int
    last: int


class _Touched:
    """The lines touched since the text settled: hunks from top to bottom, never adjacent."""

    __slots__ = ("hunks", "latest")

    def __init__(self) -> None:
        self.hunks: list[_Hunk] = []
        self.latest = _Hunk(0, 0, 0, 0)

    def touch(self, first: int, last: int, count: int) -> None:
        """Lines `first` to `last` (exclusive) became `count` lines."""
        growth = count - (last - first)
        if not growth and self.latest.first <= first and last <= self.latest.last:
            return
        hunks = self.hunks
        low = bisect_left(hunks, first, key=lambda hunk: hunk.last)
        high = bisect_right(hunks, last, low, key=lambda hunk: hunk.first)
        if low < high:
            above, below = hunks[low], hunks[high - 1]
            first, last = min(first, above.first), max(last, below.last)
            old_first = above.old_first + first - above.first
            old_last = below.old_last + last - below.last
        else:
            # What was not touched has only moved, by as much as the hunk above it.
            moved = hunks[low - 1].old_last - hunks[low - 1].last if low else 0
            old_first, old_last = first + moved, last + moved
        self.latest = _Hunk(old_first, old_last, first, last + growth)
        hunks[low:high] = [self.latest]
        if growth:
            for hunk in hunks[low + 1 :]:
                hunk.first += growth
                hunk.last += growth


def _splice(lines: list[str], change: Change) -> tuple[int, int, int]:
    """Apply a change in place: lines `first` to `last` (exclusive) became `count` lines."""
    text = change.text
    if change.range is None:
        size = len(lines)
        lines[:] = split_lines(text)
        return 0, size, len(lines)
    first, index = locate(lines, change.range.start)
    last, end = locate(lines, change.range.end)
    if (last, end) < (first, index):
        first, index, last, end = last, end, first, index
    joined = lines[first][:index] + text + lines[last][end:]
    if first and joined.startswith("\n") and lines[first - 1].endswith("\r"):
        # The two have met and end one line together.
        first -= 1
        joined = lines[first] + joined
    elif first == last and "\n" not in text and "\r" not in text:
        lines[first] = joined
        return first, first + 1, 1
    fresh = split_lines(joined)
    if last + 1 < len(lines):
        # The terminator of a line in the middle is followed by the next line already.
        fresh.pop()
    # A change up to the start of a line leaves that line whole, so it is not touched: settled
    # edits end like this, and settling them again must find the same lines.
    whole = fresh[-1] == lines[last]
    lines[first : last + 1] = fresh
    return first, last + 1 - whole, len(fresh) - whole


def _whole_lines(before: Sequence[str], after: Sequence[str], hunk: _Hunk) -> Change | None:
    """The change from the old to the new lines of a hunk, without those that are the same."""
    old = before[hunk.old_first : hunk.old_last]
    new = after[hunk.first : hunk.last]
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    first, last = hunk.old_first + head, hunk.old_last - tail
    text = "".join(new[head : len(new) - tail])
    if first == last and not text:
        return None
    if last < len(before):
        return Change(span(first, 0, last, 0), text)
    return Change(span(first, 0, last - 1, utf16_length(before[-1])), text)


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many lines the two begin with in common."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(old), len(new)))


def _shifted(position: Position, first: Position, last: Position, text: str) -> Position:
    """Where a position at or behind `last` is once `first` to `last` became the text."""
    added = split_lines(text)
    line = position.line - (last.line - first.line) + len(added) - 1
    if position.line > last.line:
        return Position(line, position.character)
    column = utf16_length(added[-1]) + (first.character if len(added) == 1 else 0)
    return Position(line, position.character - last.character + column)
