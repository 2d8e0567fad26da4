"""Places that point: at a file, at a line, between two lines; and where an edit was made."""

from collections.abc import Collection, Mapping, Sequence
from posixpath import basename

from proactive_lsp.events import Range, span
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Place
from proactive_lsp.workspace.changes import LineHunk
from proactive_lsp.workspace.documents import utf16_length
from proactive_lsp.workspace.kinds import file_kind
from proactive_lsp.workspace.languages import language_of

NO_FEATURES: Mapping[str, float] = {}
START = span(0, 0, 0, 0)
# Their source is data, whatever the ending says.
_NO_CODE = frozenset({"css", "html", "sql", "xml", None})


def worked_on(situation: Situation) -> Mapping[str, Sequence[LineHunk]]:
    """The recent hunks of each file, the file worked on last first."""
    found: dict[str, list[LineHunk]] = {}
    for hunk in situation.recent:
        found.setdefault(hunk.path, []).append(hunk)
    return found


def is_source(path: str) -> bool:
    """Whether the file is code of the product itself."""
    return file_kind(path) == "source" and language_of(path) not in _NO_CODE


def where(hunk: LineHunk | None) -> Range:
    """The first line with text that the hunk wrote, else where it took lines away."""
    if hunk is None:
        return START
    for offset, line in enumerate(hunk.after):
        if line.strip():
            row = hunk.after_start + offset
            indent = utf16_length(line) - utf16_length(line.lstrip())
            return span(row, indent, row, utf16_length(line.rstrip()))
    return span(hunk.after_start, 0, hunk.after_start, 0)


def whole_file(path: str, note: str = "", features: Mapping[str, float] = NO_FEATURES) -> Place:
    """The file and no line of it."""
    return Place(path, START, "", certain=False, note=note, whole=True, features=features)


def at_text(
    path: str, row: int, line: str, start: int, end: int, features: Mapping[str, float]
) -> Place:
    """A part of a line, by code points, to look at."""
    left, text = utf16_length(line[:start]), line[start:end]
    place = span(row, left, row, left + utf16_length(text))
    return Place(path, place, text, certain=False, features=features)


def between(path: str, row: int, features: Mapping[str, float] = NO_FEATURES) -> Place:
    """Where something belongs before a line that exists."""
    return Place(path, span(row, 0, row, 0), "", certain=False, features=features)


def inserted(
    path: str, lines: Sequence[str], row: int, text: str, *, eol: str = "\n"
) -> tuple[Range, str]:
    """Where whole lines go before line `row`, and their text; `row` may be behind the last one.

    `lines` are bare; of a text that ends with a line end the last one is empty.
    """
    wanted = text.replace("\n", eol)
    if row < len(lines):
        return span(row, 0, row, 0), wanted + eol
    last = len(lines) - 1
    column = utf16_length(lines[last]) if lines else 0
    return span(max(last, 0), column, max(last, 0), column), eol + wanted


def line_end(text: str) -> str:
    """How the text ends its lines."""
    return "\r\n" if "\r\n" in text else "\n"


def named(paths: Collection[str]) -> str:
    """One file by name, several by number."""
    return basename(next(iter(paths))) if len(paths) == 1 else f"{len(paths)} files"
