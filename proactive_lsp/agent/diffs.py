"""Tell what became of a file as few lines: what went, what came, and those around it.

    "shop.py":
    | def area(r):
    -|     return 3 * r
    +|     return pi * r

Every line is redacted where it stands, so the lines that stay and came can be quoted exactly.
"""

from collections.abc import Iterable, Iterator, Sequence

from proactive_lsp.redaction import CONTEXT_CHARS, CONTEXT_LINES, redact_file, redact_part
from proactive_lsp.sentences import barred
from proactive_lsp.workspace.documents import split_lines
from proactive_lsp.workspace.hunks import LineHunk, line_hunks
from proactive_lsp.workspace.texts import bare_lines
from proactive_lsp.workspace.tree import language_of

# Lines that stay, above and below what changed.
ABOVE, BELOW = 2, 1
# So many lines of either side of a change, so many places of a file; the rest is counted.
MOST_LINES, MOST_PLACES = 14, 6
# The end of a private key tells that it is one, however far up it began.
_KEY = "PRIVATE KEY"


def difference(path: str, before: str, after: str) -> list[str]:
    """The lines that tell how `before` became `after`; none when no line differs.

    A line with a secret is told as it is masked, and not at all when nothing else of it changed.
    """
    hunks = line_hunks(path, split_lines(before), split_lines(after))
    old, new = _Side(path, before), _Side(path, after)
    told: list[str] = []
    groups = list(_groups(hunks))
    for group in groups[:MOST_PLACES]:
        lines = list(_place(group, old, new))
        if any(line[0] in "-+" for line in lines):
            told += ["...", *lines] if told else lines
    if len(groups) > MOST_PLACES:
        told.append(f"and {len(groups) - MOST_PLACES} more places")
    return told


def before_of(after: Sequence[str], hunks: Sequence[LineHunk]) -> list[str] | None:
    """The lines before the hunks of a file; None when those are not hunks of `after`."""
    lines = list(after)
    for hunk in reversed(hunks):
        end = hunk.after_start + len(hunk.after)
        if lines[hunk.after_start : end] != list(hunk.after):
            return None
        lines[hunk.after_start : end] = hunk.before
    return lines


class _Side:
    """A file before or after; its lines are masked as far as they are told."""

    def __init__(self, path: str, text: str) -> None:
        self._path = path
        if _KEY in text:
            # The lines of a key give nothing away but between its first and its last one.
            text = redact_file(path, text, language_of(path))
        self._lines = bare_lines(text)

    def part(self, start: int, end: int) -> list[str]:
        """These lines, redacted among those around them."""
        start, end = max(0, start), min(end, len(self._lines))
        if start >= end:
            return []
        first = max(0, start - CONTEXT_LINES)
        near = [line[:CONTEXT_CHARS] for line in self._lines[first : end + CONTEXT_LINES]]
        above, below = start - first, end - first
        return redact_part(near[above:below], near, above, below, self._path).split("\n")


def _groups(hunks: Iterable[LineHunk]) -> Iterator[list[LineHunk]]:
    """The hunks from top to bottom, those together between which nothing would be left out."""
    group: list[LineHunk] = []
    for hunk in hunks:
        if group:
            last = group[-1].after_start + len(group[-1].after)
            if hunk.after_start - last > ABOVE + BELOW:
                yield group
                group = []
        group.append(hunk)
    if group:
        yield group


def _place(group: Sequence[LineHunk], old: _Side, new: _Side) -> Iterator[str]:
    first, last = group[0], group[-1]
    top = max(0, first.after_start - ABOVE)
    end = last.after_start + len(last.after)
    lines = new.part(top, end + BELOW)
    at = top
    while at < first.after_start and not lines[at - top].strip():
        at += 1
    for hunk in group:
        yield from barred(lines[at - top : hunk.after_start - top])
        at = hunk.after_start + len(hunk.after)
        went = old.part(hunk.before_start, hunk.before_start + len(hunk.before))
        came = lines[hunk.after_start - top : at - top]
        if went == came:
            # Only something in a secret changed.
            yield from barred(came)
            continue
        yield from _few(went, "-")
        yield from _few(came, "+")
    yield from barred(line for line in lines[at - top :] if line.strip())


def _few(lines: Sequence[str], sign: str) -> Iterator[str]:
    yield from barred(lines[:MOST_LINES], sign)
    if len(lines) > MOST_LINES:
        yield f"{sign} and {len(lines) - MOST_LINES} more lines"
