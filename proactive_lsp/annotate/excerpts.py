"""Code to look at: a part of a file around a place, and what an edit would make of it.

Both are bounded, and made of texts as they stand now.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from msgspec import Struct

from proactive_lsp.agent.write import result
from proactive_lsp.events import Range
from proactive_lsp.replay.labels import Read
from proactive_lsp.suggestions import Plan
from proactive_lsp.workspace.documents import split_lines
from proactive_lsp.workspace.hunks import LineHunk, line_hunks
from proactive_lsp.workspace.texts import bare_lines

AROUND = 4
MOST_EXCERPTS, MOST_LINES, MOST_FILES = 5, 400, 20
LONGEST_LINE = 400

Sign = Literal[" ", "+", "-", "…"]


class CodeLine(Struct, frozen=True):
    """A line with its number, counted from 1; a removed one has the number it had.

    "…" stands for lines that are left out, "·" marks those a place covers.
    """

    sign: Sign
    number: int
    text: str
    marked: bool = False


class Excerpt(Struct, frozen=True):
    """Lines around a place."""

    path: str
    lines: tuple[CodeLine, ...]


class Changed(Struct, frozen=True):
    """What an edit would change in one file; `whole` is False when it is cut."""

    path: str
    created: bool
    lines: tuple[CodeLine, ...]
    whole: bool = True


def excerpts(spots: Iterable[tuple[str, Range]], read: Read) -> tuple[Excerpt, ...]:
    """The code at the first of these places; those on lines that were shown already are left out.

    A file that is not there has no excerpt.
    """
    found: list[Excerpt] = []
    for path, where in spots:
        if len(found) == MOST_EXCERPTS:
            break
        if any(_shows(excerpt, path, where) for excerpt in found):
            continue
        text = read(path)
        if text is not None:
            found.append(Excerpt(path, tuple(_around(bare_lines(text), where))))
    return tuple(found)


def changed_files(plan: Plan, read: Read) -> tuple[Changed, ...]:
    """What the plan would change, file by file, with the lines around it."""
    files: list[Changed] = []
    for file in plan.files[:MOST_FILES]:
        before = read(file.path) or ""
        after = result(before, file.edits)
        hunks = line_hunks(file.path, split_lines(before), split_lines(after))
        lines = tuple(_difference(bare_lines(before), hunks))
        cut = len(lines) > MOST_LINES
        files.append(Changed(file.path, file.create, lines[:MOST_LINES], whole=not cut))
    return tuple(files)


def _shows(excerpt: Excerpt, path: str, where: Range) -> bool:
    line = where.start.line + 1
    return excerpt.path == path and any(each.number == line for each in excerpt.lines)


def _around(lines: Sequence[str], where: Range) -> Iterator[CodeLine]:
    first = min(where.start.line, len(lines) - 1)
    last = min(max(first, where.end.line), len(lines) - 1, first + MOST_LINES)
    for number in range(max(0, first - AROUND), min(len(lines), last + AROUND + 1)):
        yield _line(" ", number, lines[number], marked=first <= number <= last)


def _difference(before: Sequence[str], hunks: Sequence[LineHunk]) -> Iterator[CodeLine]:
    """The lines of the hunks with those around, numbers being those of the old and the new text."""
    shown = 0
    for index, hunk in enumerate(hunks):
        start, end = hunk.before_start, hunk.before_start + len(hunk.before)
        above = max(shown, start - AROUND)
        if above > shown or (index == 0 and above):
            yield CodeLine("…", above, "")
        for number in range(above, start):
            yield _line(" ", number, before[number])
        for number, text in enumerate(hunk.before, start=start):
            yield _line("-", number, text)
        for number, text in enumerate(hunk.after, start=hunk.after_start):
            yield _line("+", number, text)
        following = hunks[index + 1].before_start if index + 1 < len(hunks) else len(before)
        shown = min(end + AROUND, following, len(before))
        for number in range(end, shown):
            yield _line(" ", number, before[number])


def _line(sign: Sign, number: int, text: str, *, marked: bool = False) -> CodeLine:
    short = text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE]}…"
    return CodeLine(sign, number + 1, short, marked)
