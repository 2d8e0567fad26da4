"""Notice lines that differ from a changed line in a name or two, and offer the same edit there.

    width = read(row, "width")   →   width = read(row, "width", default=0)
    height = read(row, "height")     offers     height = read(row, "height", default=0)

Where the edit itself changed what the other line has otherwise, the line is only pointed at.
"""

from collections.abc import Iterator, Sequence
from itertools import chain

from msgspec import Struct

from proactive_lsp.events import span
from proactive_lsp.needs.carry import carried, changed_slots, lines_by_shape, shape, slots
from proactive_lsp.needs.pairing import LineEdit, likeness, line_edits, times_done
from proactive_lsp.needs.spots import across, cut, indent, lines_place, reindented, shown
from proactive_lsp.situation import SHORTEST_LINE, Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.changes import LineHunk
from proactive_lsp.workspace.documents import utf16_length
from proactive_lsp.workspace.tokens import vanished_strings, vanished_words

KIND = "shape-clone"
MOST_NEEDS = 6
MOST_PLACES = 12
MOST_FILES = 16
# A word in more files than this is everywhere.
MOST_FILES_OF_A_WORD = 12
MOST_DIFFERENT = 3
# More lines of a shape are a table.
MOST_OF_A_SHAPE = 200


class Twin(Struct, frozen=True):
    """A line of the same shape, with the number of slots in which it differs."""

    path: str
    line: int
    text: str
    different: int


def detect(situation: Situation) -> Iterator[Need]:
    """One need per changed line with lines of its shape left, the latest edits first."""
    done = times_done(situation.recent)
    seen: set[object] = set()
    for age, hunk in enumerate(situation.recent):
        for edit in line_edits(hunk):
            if len(seen) == MOST_NEEDS:
                return
            if edit.key in seen or not _counts(edit):
                continue
            features = {
                "done": min(1.0, (done[edit.key] - 1) / 3),
                "age": age / len(situation.recent),
            }
            need = _need(situation, hunk, edit, features)
            if need is not None:
                seen.add(edit.key)
                yield need


def _counts(edit: LineEdit) -> bool:
    return len(edit.key[0]) >= SHORTEST_LINE and len(slots(edit.key[0])) > 1


def _need(
    situation: Situation, hunk: LineHunk, edit: LineEdit, features: dict[str, float]
) -> Need | None:
    twins = _twins(situation, hunk, edit)
    places = tuple(
        place
        for twin in twins[:MOST_PLACES]
        if (place := _place(situation, twin, edit)) is not None
    )
    if not places:
        return None
    new = edit.new[0] if edit.new else ""
    return Need(
        kind=KIND,
        path=hunk.path,
        range=span(edit.line, 0, edit.line, utf16_length(new)),
        anchor=(new or edit.old).strip(),
        title=_title(places, hunk.path),
        facts=(
            Fact(_what(edit), hunk.path, edit.line),
            Fact("a line of the same shape stands elsewhere", places[0].path, twins[0].line),
        ),
        places=places,
        features={
            **features,
            "occurrences": min(1.0, len(twins) / MOST_OF_A_SHAPE),
            "slots": min(1.0, len(slots(edit.old)) / 10),
            "deleted": float(edit.new == ()),
            "rewritten": float(edit.new is None),
            "kinship": likeness(edit.old, new),
        },
    )


def _twins(situation: Situation, hunk: LineHunk, edit: LineEdit) -> Sequence[Twin]:
    """The lines most like the old one first, then the nearest; of a table none."""
    old = edit.old.strip()
    ours, form = slots(old), shape(old)
    most = min(MOST_DIFFERENT, len(ours) // 2)
    written = {old, *(line.strip() for line in edit.new or ())}
    found: list[Twin] = []
    for path in _paths(situation, hunk):
        text = situation.tree.read(path)
        lines = situation.lines(path)
        for line in lines_by_shape(text).get(form, ()) if text is not None else ():
            there = lines[line].strip()
            different = sum(a != b for a, b in zip(ours, slots(there), strict=False))
            if different <= most and there not in written and not situation.edited(path, line):
                found.append(Twin(path, line, lines[line], different))
    if len(found) > MOST_OF_A_SHAPE:
        return ()

    def nearness(twin: Twin) -> tuple[int, bool, str, int]:
        same = twin.path == hunk.path
        away = abs(twin.line - edit.line) if same else twin.line
        return twin.different, not same, twin.path, away

    return sorted(found, key=nearness)


def _paths(situation: Situation, hunk: LineHunk) -> Sequence[str]:
    """The file itself, those worked on, and those that have what the edit took away."""
    texts = chain(vanished_strings(hunk), vanished_words(hunk))
    rare = (situation.files(text) for text in texts if situation.finder.interested(text))
    others = (path for paths in rare if len(paths) <= MOST_FILES_OF_A_WORD for path in paths)
    return tuple(dict.fromkeys((hunk.path, *situation.touched, *others)))[:MOST_FILES]


def _place(situation: Situation, twin: Twin, edit: LineEdit) -> Place | None:
    gone = changed_slots(edit.old, "\n".join(edit.new)) if edit.new else frozenset[str]()
    there = slots(twin.text)
    features = {
        "different": twin.different / MOST_DIFFERENT,
        "different-share": twin.different / len(there),
        "changed-there": sum(slot in there for slot in gone) / len(gone) if gone else 1.0,
    }
    after = _carried(edit, twin.text)
    return lines_place(situation, twin.path, twin.line, twin.line, after, features)


def _carried(edit: LineEdit, there: str) -> Sequence[str] | None:
    if not edit.new:
        return None
    new = "\n".join(reindented(edit.new, edit.old, edit.old.strip())).strip()
    text = carried(edit.old.strip(), new, there.strip())
    if text is None:
        return None
    return tuple(f"{indent(there)}{line}" if line.strip() else line for line in text.split("\n"))


def _what(edit: LineEdit) -> str:
    if edit.new is None:
        return f"`{cut(edit.old.strip())}` was rewritten"
    if not edit.new:
        return f"`{cut(edit.old.strip())}` is gone"
    was, now = shown(edit.old, edit.new[0])
    return f"`{was}` became `{now}`"


def _title(places: Sequence[Place], path: str) -> str:
    lines = "the similar line" if len(places) == 1 else f"{len(places)} similar lines"
    verb = "Look at" if all(place.after is None for place in places) else "Make the same change to"
    return f"{verb} {lines}{across(places, path)}"
