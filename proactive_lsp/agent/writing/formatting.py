"""Write new lines like the lines around them: tabs or blanks, no trailing blanks, line ends.

What was copied from the file is never touched here, only what is new; and of that only what the
whole file does another way.
"""

from collections.abc import Sequence
from posixpath import splitext

from proactive_lsp.agent.writing.fitting import Hunk
from proactive_lsp.events import Range, span
from proactive_lsp.suggestions import Place
from proactive_lsp.workspace.documents import bare, split_lines, utf16_length

# Two blanks at the end of a line mean something there.
_PROSE = frozenset({".md", ".mdx", ".markdown"})


def like_surroundings(path: str, real: Sequence[str], hunk: Hunk) -> Hunk:
    """The hunk in the file's own white space."""
    new = list(hunk.new)
    if splitext(path)[1] not in _PROSE and not any(line != line.rstrip() for line in real):
        new = [line.rstrip() for line in new]
    tabs = any(line.startswith("\t") for line in real)
    blanks = any(line.startswith("  ") for line in real)
    written_tabs = any(line.startswith("\t") for line in new)
    if tabs and not blanks and not written_tabs:
        unit = _unit(new)
        new = [_tabbed(line, unit) for line in new]
    elif blanks and not tabs and written_tabs:
        unit = _unit(real)
        new = [_spaced(line, unit) for line in new]
    return Hunk(hunk.first, hunk.last, tuple(new))


def place_of(path: str, text: str, hunk: Hunk) -> Place:
    """The hunk as a place of whole lines, with the line ends that stand there."""
    lines = split_lines(text)
    end = _line_end(lines, hunk.first)
    first, last = hunk.first, hunk.last
    if last < len(lines):
        before = "".join(lines[first:last])
        after = "".join(f"{line}{end}" for line in hunk.new)
        return _place(path, span(first, 0, last, 0), before, after)
    bottom = (len(lines) - 1, _width(lines[-1]))
    if first == len(lines):
        # Behind a last line that has no end, which it gets now.
        return _place(path, span(*bottom, *bottom), "", end + end.join(hunk.new))
    before = "".join(lines[first:last])
    return _place(path, span(first, 0, *bottom), before, end.join(hunk.new))


def _place(path: str, range: Range, before: str, after: str) -> Place:
    return Place(path, range, before, after, certain=False)


def _width(line: str) -> int:
    return utf16_length(bare(line))


def _line_end(lines: Sequence[str], row: int) -> str:
    """How the line there ends, else the one before it, else the first."""
    for at in (row, row - 1, 0):
        if 0 <= at < len(lines) and (end := lines[at][len(bare(lines[at])) :]):
            return end
    return "\n"


def _unit(lines: Sequence[str]) -> int:
    """By how many blanks the lines are indented, 4 where they do not tell."""
    deep = {len(line) - len(line.lstrip(" ")) for line in lines if line.strip()} - {0, 1}
    return min(deep, default=4)


def _tabbed(line: str, unit: int) -> str:
    blanks = len(line) - len(line.lstrip(" "))
    return f"{chr(9) * (blanks // unit)}{' ' * (blanks % unit)}{line[blanks:]}"


def _spaced(line: str, unit: int) -> str:
    tabs = len(line) - len(line.lstrip("\t"))
    return f"{' ' * (unit * tabs)}{line[tabs:]}"
