"""What an edit looks like in numbers, and how much another line has in common with it."""

import re
from collections.abc import Collection, Mapping, Sequence
from math import log2

from msgspec import Struct

from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Need
from proactive_lsp.workspace.changes import LineHunk
from proactive_lsp.workspace.tokens import words

COMMENT = re.compile(r"\s*(#|//|/?\*|--|;;|<!--)")
# Features of many lines say no more than those of the first so many.
MOST_LINES = 8


def hunk_of(need: Need, situation: Situation) -> tuple[int, LineHunk | None]:
    """The edit that a need is about, at its own lines, else the latest of its file; and its number.

    Numbers count the edits made since.
    """
    line = need.range.start.line
    latest: tuple[int, LineHunk] | None = None
    for number, hunk in enumerate(situation.recent):
        if hunk.path != need.path:
            continue
        if hunk.after_start <= line <= hunk.after_start + max(len(hunk.after) - 1, 0):
            return number, hunk
        latest = latest or (number, hunk)
    return latest or (len(situation.recent), None)


def edit_features(hunk: LineHunk | None) -> Mapping[str, float]:
    """The shape of an edit, or that nobody knows which edit it was."""
    if hunk is None:
        return {"edit-unknown": 1.0}
    return {
        "edit-removed": log_share(len(hunk.before)),
        "edit-added": log_share(len(hunk.after)),
        "edit-inserts": float(not hunk.before),
        "edit-deletes": float(not hunk.after),
        "edit-same-size": float(len(hunk.before) == len(hunk.after)),
        "edit-alike": _edit_alike(hunk),
        "edit-prose": float(
            all(COMMENT.match(line) or not line.strip() for line in (*hunk.before, *hunk.after))
        ),
    }


class EditWords(Struct, frozen=True):
    """The words of an edit's lines, those that it took away and those that it brought.

    `before` and `after` have those of each line that has any.
    """

    said: frozenset[str]
    gone: frozenset[str]
    came: frozenset[str]
    before: frozenset[frozenset[str]]
    after: frozenset[frozenset[str]]


def edit_words(hunk: LineHunk | None) -> EditWords:
    """The words of an edit; none of an unknown one."""
    before, after = _words_each(_lines_before(hunk)), _words_each(_lines_after(hunk))
    gone, came = frozenset[str]().union(*before), frozenset[str]().union(*after)
    return EditWords(gone | came, gone - came, came - gone, before, after)


def likeness(edit: EditWords, text: str) -> Mapping[str, float]:
    """How much a line has in common with the edit."""
    own = words(text)
    if not own:
        return {}
    ours = frozenset(own)
    return {
        "overlap": len(ours & edit.said) / len(ours),
        "gone": len(ours & edit.gone) / len(ours),
        "came": len(ours & edit.came) / len(ours),
        "like-before": _likest(ours, edit.before),
        "like-after": _likest(ours, edit.after),
    }


def _words_each(lines: Sequence[str]) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(own) for line in lines if (own := words(line)))


def _likest(ours: frozenset[str], lines: Collection[frozenset[str]]) -> float:
    """The share of words in common with the line that has most of them."""
    likest = 0.0
    for theirs in lines:
        common = len(ours & theirs)
        if common:
            likest = max(likest, common / (len(ours) + len(theirs) - common))
    return likest


def _edit_alike(hunk: LineHunk) -> float:
    """The share of words that an edit left in its lines."""
    edit = edit_words(hunk)
    return 1 - len(edit.gone | edit.came) / len(edit.said) if edit.said else 1.0


def _lines_before(hunk: LineHunk | None) -> Sequence[str]:
    return hunk.before[:MOST_LINES] if hunk is not None else ()


def _lines_after(hunk: LineHunk | None) -> Sequence[str]:
    return hunk.after[:MOST_LINES] if hunk is not None else ()


def log_share(number: int) -> float:
    """A count on a logarithmic scale, where 1 stands for about a thousand or more."""
    return min(1.0, log2(1 + number) / 10)
