"""Notice lines that differ from a changed line in a name or two, and offer the same edit there.

    width = read(row, "width")   →   width = read(row, "width", default=0)
    height = read(row, "height")     offers     height = read(row, "height", default=0)

Where the edit itself changed what the other line has otherwise, the line is only pointed at.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice

from msgspec import Struct

from proactive_lsp.events import span
from proactive_lsp.needs.carry import carried, changed_slots, lines_by_shape, shape, slots
from proactive_lsp.needs.pairing import LineEdit, likeness, line_edits, times_done
from proactive_lsp.needs.spots import across, cut, indent, lines_place, reindented, shown
from proactive_lsp.situation import SHORTEST_LINE, Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.changes import LineHunk
from proactive_lsp.workspace.documents import utf16_length
from proactive_lsp.workspace.texts import bare_lines
from proactive_lsp.workspace.tokens import vanished_strings, vanished_words

KIND = "shape-clone"
MOST_NEEDS = 6
MOST_PLACES = 12
MOST_FILES = 16
# So many lines are looked for, the latest edits first, and of each edit so many.
MOST_EDITS = 24
MOST_OF_A_HUNK = 8
# A word in more files than this is everywhere.
MOST_FILES_OF_A_WORD = 12
MOST_DIFFERENT = 3
# More lines of a shape are a table.
MOST_OF_A_SHAPE = 200
# Hardly any edit is repeated on a similar line farther away in the same file.
FARTHEST = 240
# What only points says less: it must be nearer, most of all where much differs.
FARTHEST_POINTED = 100
FARTHEST_UNLIKE = 30
LITTLE_DIFFERENT = 0.34


class File(Struct, frozen=True):
    """A file to look at: its lines, and the numbers of those of each shape."""

    path: str
    lines: Sequence[str]
    shapes: Mapping[str, Sequence[int]]


class Twin(Struct, frozen=True):
    """A line of the same shape, in how many slots it differs, and what it would become."""

    path: str
    line: int
    text: str
    different: int
    after: tuple[str, ...] | None


def detect(situation: Situation) -> Iterator[Need]:
    """One need per changed line with lines of its shape left, the latest edits first."""
    done = times_done(situation.recent)
    known: dict[str, File | None] = {}
    seen: set[object] = set()
    needs = 0
    for age, hunk in enumerate(situation.recent):
        edits = [edit for edit in line_edits(hunk) if edit.key not in seen and _counts(edit)]
        files = _files(situation, hunk, known) if edits else ()
        for edit in edits[:MOST_OF_A_HUNK]:
            if needs == MOST_NEEDS or len(seen) == MOST_EDITS:
                return
            seen.add(edit.key)
            features = {
                "done": min(1.0, (done[edit.key] - 1) / 3),
                "age": age / len(situation.recent),
            }
            need = _need(situation, hunk, edit, files, features)
            if need is not None:
                needs += 1
                yield need


def _counts(edit: LineEdit) -> bool:
    return len(edit.key[0]) >= SHORTEST_LINE and len(slots(edit.key[0])) > 1


def _files(situation: Situation, hunk: LineHunk, known: dict[str, File | None]) -> Sequence[File]:
    """The file itself, those worked on, and those that have what the edit took away."""
    texts = chain(vanished_strings(hunk), vanished_words(hunk))
    rare = (situation.files(text) for text in texts if situation.finder.interested(text))
    others = (path for paths in rare if len(paths) <= MOST_FILES_OF_A_WORD for path in paths)
    paths = dict.fromkeys((hunk.path, *situation.touched, *others))
    chosen = tuple(islice(paths, MOST_FILES))
    # Reading a file costs more than looking into it.
    for path in chosen:
        if path not in known:
            known[path] = _file(situation, path)
    return tuple(file for path in chosen if (file := known[path]) is not None)


def _file(situation: Situation, path: str) -> File | None:
    text = situation.tree.read(path)
    return File(path, bare_lines(text), lines_by_shape(text)) if text is not None else None


def _need(
    situation: Situation,
    hunk: LineHunk,
    edit: LineEdit,
    files: Sequence[File],
    features: Mapping[str, float],
) -> Need | None:
    twins = _twins(situation, hunk, edit, files)
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
            "occurrences": min(1.0, len(twins) / MOST_PLACES),
            "slots": min(1.0, len(slots(edit.old)) / 10),
            "deleted": float(edit.new == ()),
            "rewritten": float(edit.new is None),
            "kinship": likeness(edit.old, new),
        },
    )


def _twins(
    situation: Situation, hunk: LineHunk, edit: LineEdit, files: Sequence[File]
) -> Sequence[Twin]:
    """The lines most like the old one first, then the nearest; of a table none."""
    old = edit.old.strip()
    ours, form = slots(old), shape(old)
    most = min(MOST_DIFFERENT, len(ours) // 2)
    written = {old, *(line.strip() for line in edit.new or ())}
    if sum(len(file.shapes.get(form, ())) for file in files) > MOST_OF_A_SHAPE:
        return ()
    found: list[tuple[int, int, int, Twin]] = []
    for order, file in enumerate(files):
        for line in file.shapes.get(form, ()):
            text = file.lines[line]
            there = slots(text.strip())
            different = sum(a != b for a, b in zip(ours, there, strict=True))
            if different > most or text.strip() in written or situation.edited(file.path, line):
                continue
            after = _carried(edit, text)
            twin = Twin(file.path, line, text, different, after)
            away = abs(line - edit.line) if file.path == hunk.path else None
            if _likely(edit, twin, away, different / len(ours)):
                found.append((different, order, line if away is None else away, twin))
    return [twin for *_, twin in sorted(found, key=lambda each: each[:3])]


def _likely(edit: LineEdit, twin: Twin, away: int | None, share: float) -> bool:
    """Whether it is near enough for what is known of it; in another file it must be more alike."""
    if twin.after is not None:
        return away is None or away <= FARTHEST
    if away is not None:
        return away <= (FARTHEST_POINTED if share <= LITTLE_DIFFERENT else FARTHEST_UNLIKE)
    return share <= LITTLE_DIFFERENT and (not edit.new or _changed_there(edit, twin.text) > 0)


def _changed_there(edit: LineEdit, text: str) -> float:
    """The share of what the edit took away that stands in the other line, too."""
    gone = changed_slots(edit.old, "\n".join(edit.new)) if edit.new else frozenset[str]()
    there = slots(text)
    return sum(slot in there for slot in gone) / len(gone) if gone else 1.0


def _place(situation: Situation, twin: Twin, edit: LineEdit) -> Place | None:
    changed = _changed_there(edit, twin.text)
    features = {
        "different": twin.different / MOST_DIFFERENT,
        "different-share": twin.different / len(slots(twin.text)),
        "changed-there": changed,
    }
    return lines_place(
        situation, twin.path, twin.line, twin.line, twin.after, features, certain=changed == 1
    )


def _carried(edit: LineEdit, there: str) -> tuple[str, ...] | None:
    if not edit.new:
        return None
    new = "\n".join(reindented(edit.new, edit.old, edit.old.strip())).strip()
    text = carried(edit.old.strip(), new, there.strip())
    if text is None:
        return None
    return tuple(f"{indent(there)}{line}" if line.strip() else line for line in text.split("\n"))


def _what(edit: LineEdit) -> str:
    if edit.new is None:
        return f"`{cut(edit.old.strip())}` was changed along with others"
    if not edit.new:
        return f"`{cut(edit.old.strip())}` is gone"
    was, now = shown(edit.old, edit.new[0])
    return f"`{was}` became `{now}`"


def _title(places: Sequence[Place], path: str) -> str:
    lines = "the similar line" if len(places) == 1 else f"{len(places)} similar lines"
    verb = "Look at" if all(place.after is None for place in places) else "Make the same change to"
    return f"{verb} {lines}{across(places, path)}"
