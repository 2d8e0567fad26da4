"""Notice that a changed line stands word for word elsewhere, and offer the same change there.

    timeout = settings.get("timeout", 30)   →   timeout = settings.get("timeout", 60)

offers the new line at the one to six other places where the old one still stands.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from posixpath import basename, commonprefix, splitext

from proactive_lsp.events import span
from proactive_lsp.situation import SHORTEST_LINE, Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.cache import TextCache
from proactive_lsp.workspace.changes import LineHunk
from proactive_lsp.workspace.documents import bare, split_lines, utf16_length
from proactive_lsp.workspace.search import line_hits

KIND = "line-clone"
MOST_CLONES = 6
NEIGHBOURS = 3
# Characters of a line that a fact quotes.
LONGEST = 60
# Comparing two lines costs the product of their lengths; longer ones are no clones.
LONGEST_EDIT = 500
# Of the characters of both lines, so many at least must be common to them, in order.
LEAST_RATIO = 0.5
IMPORT = re.compile(r"\s*(import|from|#include|use|require)\b")
TESTS = ("test_", "tests/", "/test/", "_test.", "conftest", ".spec.", ".test.")
DOCS = (".md", ".rst", ".txt", ".adoc")


def detect(situation: Situation) -> Iterator[Need]:
    """One need per changed line with clones left; none for short or very common lines.

    Of a rewrite only the last lines are looked for, as many as the finder is interested in.
    """
    for hunk in situation.hunks:
        if len(hunk.before) != len(hunk.after):
            continue
        for offset, (old, new) in enumerate(zip(hunk.before, hunk.after, strict=True)):
            if old.strip() == new.strip() or not new.strip():
                continue
            if not situation.finder.interested(old.strip()) or not _is_edit(old, new):
                continue
            need = _clones(situation, hunk, offset, old, new)
            if need is not None:
                yield need


def _clones(situation: Situation, hunk: LineHunk, offset: int, old: str, new: str) -> Need | None:
    places: list[Place] = []
    likeness: list[float] = []
    line = hunk.after_start + offset
    for path in situation.files(old.strip()):
        text = situation.tree.read(path)
        if text is None:
            continue
        lines = split_lines(text)
        for hit in line_hits(path, text, old):
            places.append(Place(path, hit.range, old, new))
            likeness.append(_likeness(situation, hunk, offset, lines, hit.range.start.line))
        if len(places) > MOST_CLONES:
            return None
    if not places:
        return None
    total = len(places)
    was, now = _shown(old, new)
    return Need(
        kind=KIND,
        path=hunk.path,
        range=span(line, utf16_length(new) - utf16_length(new.lstrip()), line, utf16_length(new)),
        anchor=new.strip(),
        title=_title(places, hunk.path),
        facts=(
            Fact(f"`{was}` became `{now}`", hunk.path, line),
            Fact("the old line still stands elsewhere", places[0].path, places[0].range.start.line),
        ),
        places=tuple(places),
        features={
            "twin-neighbours": sum(likeness) / total,
            "other-class": sum(_class(place.path) != _class(hunk.path) for place in places) / total,
            "import-line": float(IMPORT.match(old) is not None),
            "line-length": min(1.0, (len(old.strip()) - SHORTEST_LINE) / SHORTEST_LINE),
        },
    )


def _is_edit(old: str, new: str) -> bool:
    """Whether the one line was made from the other, and not merely stands where it stood."""
    if max(len(old), len(new)) > LONGEST_EDIT:
        return False

    def ratio() -> float:
        return SequenceMatcher(None, old.strip(), new.strip(), autojunk=False).ratio()

    # Each save asks again about all lines that were changed before.
    return _ratios.get(old, new, ratio) >= LEAST_RATIO


_ratios: TextCache[float] = TextCache(50_000)


def _likeness(
    situation: Situation, hunk: LineHunk, offset: int, lines: Sequence[str], at: int
) -> float:
    """The share of the lines around the clone that equal those around the changed line."""
    text = situation.tree.read(hunk.path)
    own = split_lines(text) if text is not None else []
    here = hunk.after_start + offset
    same = 0
    for step in (*range(-NEIGHBOURS, 0), *range(1, NEIGHBOURS + 1)):
        theirs = bare(lines[at + step]) if 0 <= at + step < len(lines) else None
        ours = bare(own[here + step]) if 0 <= here + step < len(own) else None
        # Where the hunk changed the neighbour too, its old text is what a clone still has.
        if 0 <= offset + step < len(hunk.before):
            ours = hunk.before[offset + step]
        same += theirs == ours
    return same / (2 * NEIGHBOURS)


def _class(path: str) -> str:
    """Source, test or prose: a change seldom repeats across these."""
    if any(mark in f"/{path}" for mark in TESTS):
        return "test"
    return "docs" if splitext(path)[1] in DOCS else "source"


def _title(places: Sequence[Place], path: str) -> str:
    if len(places) == 1:
        where = places[0].path
        same = "" if where == path else f" in {basename(where)}"
        return f"Make the same change to the equal line{same}"
    files = {place.path for place in places}
    across = f" in {len(files)} files" if len(files) > 1 else ""
    return f"Make the same change to {len(places)} equal lines{across}"


def _shown(old: str, new: str) -> tuple[str, str]:
    """Both lines short enough to read, cut so that what differs is seen."""
    old, new = old.strip(), new.strip()
    same = len(commonprefix([old, new]))
    skip = same - 12 if max(len(old), len(new)) > LONGEST and same > 24 else 0
    return _cut(old, skip), _cut(new, skip)


def _cut(line: str, skip: int) -> str:
    text = f"…{line[skip:]}" if skip else line
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
