"""Notice that a changed line stands word for word elsewhere, and offer the same change there.

    timeout = settings.get("timeout", 30)   →   timeout = settings.get("timeout", 60)

offers the new line at the other places where the old one still stands, indented as it is there. A
line that went is offered to go there, too; one that was rewritten along with others is pointed at.
"""

import re
from collections.abc import Iterator, Sequence
from math import log2

from proactive_lsp.events import Range, span
from proactive_lsp.needs.pairing import LineEdit, likeness, line_edits, times_done
from proactive_lsp.needs.spots import across, cut, lines_place, reindented, shown
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.changes import LineHunk
from proactive_lsp.workspace.documents import utf16_length
from proactive_lsp.workspace.texts import line_numbers

KIND = "line-clone"
MOST_NEEDS = 8
MOST_CLONES = 20
# Of a large hunk the first lines count, so that others are heard, too.
MOST_OF_A_HUNK = 5
# So many lines above and below may have been changed along with it.
NEIGHBOURS = 3
# What stands in more places than anybody would look through is how this code is written.
MOST_OCCURRENCES = 60
IMPORT = re.compile(r"\s*(import|from|#include|use|require)\b")
CODE = re.compile(r"[=(){}\[\]<>;:.,]\s*$|[\w)\]]\(|\s=\s|==|[-=]>")


def detect(situation: Situation) -> Iterator[Need]:
    """One need per changed line with clones left; none for short or very common lines.

    The latest edits first. Of a rewrite only the lines are looked for that the finder is
    interested in.
    """
    done = times_done(situation.recent)
    written = {line.strip() for hunk in situation.recent for line in hunk.after}
    # The first of several equal edits stays the trigger, so that its need stays the same one.
    origins = {edit.key: (hunk, edit) for hunk in situation.recent for edit in line_edits(hunk)}
    seen: set[object] = set()
    for age, hunk in enumerate(situation.recent):
        most = len(seen) + MOST_OF_A_HUNK
        for edit in line_edits(hunk):
            if len(seen) == MOST_NEEDS:
                return
            if len(seen) == most:
                break
            if edit.key in seen or not _counts(situation, edit, written):
                continue
            features = {
                "done": min(1.0, (done[edit.key] - 1) / 3),
                "age": age / len(situation.recent),
            }
            need = _need(situation, *origins[edit.key], features)
            if need is not None:
                seen.add(edit.key)
                yield need


def _counts(situation: Situation, edit: LineEdit, written: set[str]) -> bool:
    """Whether to look for the line: known to the finder, and not merely moved or changed back."""
    old, new = edit.key
    if not situation.finder.interested(old) or not any(c.isalnum() for c in old):
        return False
    return bool(new) or old not in written


def _need(
    situation: Situation, hunk: LineHunk, edit: LineEdit, features: dict[str, float]
) -> Need | None:
    found = _clones(situation, hunk.path, edit)
    if not 0 < len(found) <= MOST_OCCURRENCES:
        return None
    places = tuple(
        place
        for path, line in found[:MOST_CLONES]
        if (place := _place(situation, path, line, hunk, edit)) is not None
    )
    if not places:
        return None
    new = edit.new[0] if edit.new else ""
    return Need(
        kind=KIND,
        path=hunk.path,
        range=_where(edit),
        anchor=(new or edit.old).strip(),
        title=_title(places, hunk.path, edit),
        facts=(
            Fact(_what(edit), hunk.path, edit.line),
            Fact("the old line still stands elsewhere", places[0].path, places[0].range.start.line),
        ),
        places=places,
        features={
            **features,
            "occurrences": log2(len(found)) / 6,
            "import-line": float(IMPORT.match(edit.old) is not None),
            "code-line": float(CODE.search(edit.old) is not None),
            "deleted": float(edit.new == ()),
            "rewritten": float(edit.new is None),
            "kinship": likeness(edit.old, new),
        },
    )


def _clones(situation: Situation, path: str, edit: LineEdit) -> Sequence[tuple[str, int]]:
    """Where the old line stands and was not edited: the nearest of the same file first."""
    old = edit.old.strip()
    found = [
        (other, line)
        for other in situation.files(old)
        if (text := situation.tree.read(other)) is not None
        for line in line_numbers(text).get(old, ())
        if not situation.edited(other, line)
    ]
    found.sort(
        key=lambda each: (
            each[0] != path,
            each[0],
            abs(each[1] - edit.line if each[0] == path else each[1]),
        )
    )
    return found


def _place(
    situation: Situation, path: str, line: int, hunk: LineHunk, edit: LineEdit
) -> Place | None:
    lines = situation.lines(path)
    after = reindented(edit.new, edit.old, lines[line]) if edit.new is not None else None
    features = {"beside": _beside(hunk.before, edit.number, lines, line)}
    return lines_place(situation, path, line, line, after, features)


def _beside(before: Sequence[str], number: int, lines: Sequence[str], line: int) -> float:
    """The share of the lines changed along with it that stand around the clone as well."""
    steps = (*range(-NEIGHBOURS, 0), *range(1, NEIGHBOURS + 1))
    same = sum(
        before[number + step].strip() == lines[line + step].strip() != ""
        for step in steps
        if 0 <= number + step < len(before) and 0 <= line + step < len(lines)
    )
    return same / NEIGHBOURS / 2


def _where(edit: LineEdit) -> Range:
    if not edit.new:
        return span(edit.line, 0, edit.line, 0)
    new = edit.new[0]
    start = utf16_length(new) - utf16_length(new.lstrip())
    return span(edit.line, start, edit.line, utf16_length(new))


def _what(edit: LineEdit) -> str:
    if edit.new is None:
        return f"`{cut(edit.old.strip())}` was changed along with others"
    if not edit.new:
        return f"`{cut(edit.old.strip())}` is gone"
    was, now = shown(edit.old, edit.new[0])
    return f"`{was}` became `{now}`"


def _title(places: Sequence[Place], path: str, edit: LineEdit) -> str:
    lines = "the equal line" if len(places) == 1 else f"{len(places)} equal lines"
    where = across(places, path)
    if edit.new is None:
        return f"Look at {lines}{where}"
    return f"{'Make the same change to' if edit.new else 'Delete'} {lines}{where}"
