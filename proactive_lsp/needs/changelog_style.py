"""Read a changelog's own way of writing: where its next entry goes, and how it looks."""

import re
from collections.abc import Iterable, Sequence
from posixpath import basename, splitext

from msgspec import Struct

from proactive_lsp.workspace.kinds import file_kind
from proactive_lsp.workspace.literals import VERSION

# Of a file that grew for years only the top is about today.
MOST_LINES = 400
# A longer line is no heading.
LONGEST_HEADING = 300
_OPEN = re.compile(
    r"(?i)unreleased|not (yet )?released|upcoming|in development|\bTB[AD]\b|Y{4}|X{4}"
)
_DATE = re.compile(
    r"\d{4}-\d\d-\d\d|\d{4}/\d\d/\d\d|(?i:\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    r"\.? \d{1,2}(st|nd|rd|th)?,? \d{4}|\b\d{1,2}(st|nd|rd|th)? [a-z]{3,9} \d{4})"
)
_ATX = re.compile(r"(#{1,6})\s+(.+?)\s*#*\s*\Z")
_UNDERLINE = re.compile(r"([=\-~^\"'`*+#:.])\1{2,}\s*\Z")
_BULLET = re.compile(r"(\s*)([-*+•])(\s+)\S")
_FRAGMENT_FOLDER = re.compile(r"(?i)(^|/)(changelog\.d|newsfragments|changes\.d|\.changeset|news)/")
_FRAGMENT_IN_CHANGELOG = re.compile(r"(^|/)changelog/[\w+-]+\.[a-z]+(\.\d+)?\.(rst|md)\Z")
_FRAGMENT_NAME = re.compile(r"(?i)readme|template|config|_index")
_GROUPS = (
    ("removed", re.compile(r"(?i)remov|break|backward|incompat")),
    ("added", re.compile(r"(?i)\badd|\bnew|feature|enhance")),
    ("fixed", re.compile(r"(?i)\bfix|bug")),
    ("changed", re.compile(r"(?i)chang|improve|misc|other")),
)


class Heading(Struct, frozen=True):
    """A heading: the line of its title, its depth, its text, and the first line below it."""

    row: int
    level: int
    title: str
    below: int

    @property
    def is_open(self) -> bool:
        """Whether it calls itself unreleased."""
        return _OPEN.search(self.title) is not None

    @property
    def is_release(self) -> bool:
        """Whether it names a version, or what comes next."""
        return self.is_open or VERSION.search(self.title) is not None


class Entry(Struct, frozen=True):
    """Where the next entry goes: before line `row`; `above` and `below` stand around it.

    `heading` is the heading it stands under, and `is_open` whether that is not released yet.
    """

    row: int
    bullet: str
    above: tuple[str, ...]
    below: tuple[str, ...]
    heading: Heading
    is_open: bool
    ends_with_period: bool


def is_changelog(path: str) -> bool:
    """Whether a file tells users what changed: the log itself, or a fragment of the next one."""
    return file_kind(path) == "changelog" or is_fragment(path)


def is_fragment(path: str) -> bool:
    """Whether a file is one entry of the next changelog."""
    if _FRAGMENT_IN_CHANGELOG.search(path):
        return True
    found = _FRAGMENT_FOLDER.search(path) is not None
    return found and splitext(path)[1] in (".md", ".rst", ".txt") and not _is_service(path)


def main_changelog(paths: Iterable[str]) -> str | None:
    """The changelog of the project: the shallowest, as its stub in the docs may include it."""
    logs = [path for path in paths if file_kind(path) == "changelog" and not is_fragment(path)]
    logs = [path for path in logs if not _FRAGMENT_FOLDER.search(path)]
    return min(logs, key=lambda path: (path.count("/"), path), default=None)


def newest_fragment(paths: Iterable[str]) -> str | None:
    """Of the fragments the one with the highest number, else the last by name."""
    found = [path for path in paths if is_fragment(path)]
    return max(found, key=lambda path: (_number(path), path), default=None)


def headings(lines: Sequence[str]) -> tuple[Heading, ...]:
    """The headings of Markdown or reStructuredText near the top, in order."""
    found: list[Heading] = []
    marks: list[str] = []
    for row, line in enumerate(lines[:MOST_LINES]):
        if len(line) > LONGEST_HEADING:
            continue
        if atx := _ATX.match(line):
            found.append(Heading(row, len(atx[1]), atx[2], row + 1))
        elif row and _UNDERLINE.match(line) and _is_title(lines, row):
            if line[0] not in marks:
                marks.append(line[0])
            found.append(
                Heading(row - 1, marks.index(line[0]) + 1, lines[row - 1].strip(), row + 1)
            )
    return tuple(found)


def is_dated(heading: Heading, lines: Sequence[str]) -> bool:
    """Whether the title, or what stands right below it, has the day of a release."""
    return any(_DATE.search(text) for text in (heading.title, *_first(lines, heading.below)))


def entry_point(lines: Sequence[str], group: str) -> Entry | None:
    """Where an entry of a group (added, removed, fixed, changed) goes; None without a section."""
    found = headings(lines)
    release = next((each for each in found if each.is_release), None)
    if release is None:
        return None
    later = [each for each in found if each.row > release.row]
    end = next((each.row for each in later if each.level <= release.level), len(lines))
    is_open = release.is_open or any(_OPEN.search(text) for text in _first(lines, release.below))
    if not is_open:
        is_open = not is_dated(release, lines) and any(is_dated(each, lines) for each in later)
    inner = [each for each in later if each.row < end]
    chosen = _group(inner, group) or release
    stop = next((each.row for each in inner if each.row > chosen.row), end)
    return _entry(lines, chosen, stop, is_open=is_open)


def _entry(lines: Sequence[str], heading: Heading, stop: int, *, is_open: bool) -> Entry:
    bullets = [row for row in range(heading.below, stop) if _BULLET.match(lines[row])]
    known = bullets or [row for row, line in enumerate(lines[:MOST_LINES]) if _BULLET.match(line)]
    indents = [len(lines[row]) - len(lines[row].lstrip()) for row in known]
    least = min(indents, default=0)
    tops = [row for row, deep in zip(known, indents, strict=True) if deep == least]
    bullet = "- "
    if tops and (style := _BULLET.match(lines[tops[-1]])):
        bullet = style[1] + style[2] + style[3]
    periods = [lines[_last_line(lines, row, len(lines))].rstrip().endswith(".") for row in tops[:8]]
    if bullets:
        row = _last_line(lines, tops[-1], stop) + 1
        spaced = len(tops) > 1 and not lines[tops[-1] - 1].strip()
        above, below = (("",) if spaced else ()), ()
    else:
        row = _last_text(lines, heading.below, stop) + 1
        above, below = ("",), ()
        if row < len(lines) and lines[row].strip():
            below = ("",)
    return Entry(
        row=row,
        bullet=bullet,
        above=above,
        below=below,
        heading=heading,
        is_open=is_open,
        ends_with_period=bool(periods) and sum(periods) * 2 > len(periods),
    )


def _last_line(lines: Sequence[str], row: int, stop: int) -> int:
    """The last line of the bullet that begins at `row`: what is indented deeper belongs to it."""
    indent = len(lines[row]) - len(lines[row].lstrip())
    last = row
    for number in range(row + 1, min(stop, len(lines))):
        line = lines[number]
        if not line.strip():
            continue
        if len(line) - len(line.lstrip()) <= indent:
            break
        last = number
    return last


def _last_text(lines: Sequence[str], start: int, stop: int) -> int:
    """The last line with text below a heading without entries, the heading's own if there is none.

    Comments and labels stand for the next section, not for this one.
    """
    last = start - 1
    for row in range(start, min(stop, len(lines))):
        if lines[row].strip() and not lines[row].startswith((".. ", "<!--", "[")):
            last = row
    return last


def _group(inner: Sequence[Heading], group: str) -> Heading | None:
    for name in (group, "changed"):
        pattern = next(pattern for known, pattern in _GROUPS if known == name)
        for heading in inner:
            if pattern.search(heading.title):
                return heading
    return inner[-1] if inner else None


def _first(lines: Sequence[str], start: int) -> list[str]:
    """The first lines with text below a heading, before any entry."""
    found: list[str] = []
    for line in lines[start : start + 5]:
        if _BULLET.match(line) or _ATX.match(line[:LONGEST_HEADING]) or len(found) == 2:
            break
        if line.strip():
            found.append(line)
    return found


def _is_title(lines: Sequence[str], row: int) -> bool:
    title = lines[row - 1].strip()
    return bool(title) and not _UNDERLINE.match(title) and len(lines[row].strip()) >= len(title) - 2


def _is_service(path: str) -> bool:
    return _FRAGMENT_NAME.search(basename(path)) is not None


def _number(path: str) -> int:
    digits = re.match(r"\d+", basename(path))
    return int(digits[0]) if digits else -1
