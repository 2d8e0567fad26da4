"""Say what a burst of typing came to: the last touched line as it reads afterwards."""

from collections.abc import Sequence

from proactive_lsp.events import Change, Edit, span, starts_at
from proactive_lsp.replay.entry import Entry
from proactive_lsp.replay.wording import counted
from proactive_lsp.workspace.documents import shift_range, split_lines

# So many changes from the last one back are looked at for one that left a line behind.
MOST_CHANGES = 50


def burst(edits: Sequence[Edit], lines: Sequence[str] | None, count: int | None = None) -> Entry:
    """One entry for edits of one file; `lines` are its text after them, None when unknown.

    Where `edits` are but the first and the last of them, `count` is how many there were.
    """
    path, changes = edits[0].path, [change for edit in edits for change in edit.changes]
    line, excerpt = _ending(changes[-MOST_CHANGES:], lines)
    where = path if line is None else f"{path}:{line + 1}"
    count = len(edits) if count is None else count
    many = f" ({count} edits)" if count > 1 else ""
    return Entry("happened", starts_at(edits[0]), f"typed {where}{many}", excerpt=excerpt)


def _ending(changes: Sequence[Change], lines: Sequence[str] | None) -> tuple[int | None, str]:
    """The last line that was left behind, counted from 0, else what was taken out."""
    for index in range(len(changes) - 1, -1, -1):
        left = _left(changes[index], changes[index + 1 :], lines)
        if left is not None:
            return left
    if not changes or changes[-1].range is None:
        return None, ""
    start, end = sorted((changes[-1].range.start, changes[-1].range.end))
    gone = end.line - start.line
    return start.line, f"took out {counted(gone, 'line')}" if gone else ""


def _left(
    change: Change, later: Sequence[Change], lines: Sequence[str] | None
) -> tuple[int | None, str] | None:
    """The last line of a change that is not blank and that later ones left alone."""
    fresh = split_lines(change.text)
    if change.range is None:
        return None, f"the whole text, {counted(len(fresh), 'line')}"
    start, end = sorted((change.range.start, change.range.end))
    if start.character == end.character == 0 and fresh[-1] == "":
        # A change up to the start of a line leaves that line as it was.
        fresh.pop()
    if not fresh:
        return None
    # One column wide, so that a later change of the last line as a whole is seen.
    home = shift_range(span(start.line, 0, start.line + len(fresh) - 1, 1), later)
    if home is None:
        return None
    first = home.start.line
    # What was typed is in the text by now, with the rest of its lines around it.
    whole = fresh if lines is None else lines[first : first + len(fresh)]
    said = [(first + n, text.strip()) for n, text in enumerate(whole) if text.strip()]
    return said[-1] if said else None
