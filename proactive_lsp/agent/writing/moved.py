"""Move what was written to where its lines are by now, or say that they were edited meanwhile.

A model takes seconds, and the user types on. Lines that only moved take what was written along;
lines that changed, or that something was written right beside, do not.
"""

from collections.abc import Mapping, Sequence

from msgspec import structs

from proactive_lsp.events import Position, Range
from proactive_lsp.suggestions import Place
from proactive_lsp.workspace.documents import split_lines
from proactive_lsp.workspace.hunks import LineHunk, line_hunks
from proactive_lsp.workspace.tree import Tree


def moved(places: Sequence[Place], base: Mapping[str, str], tree: Tree) -> tuple[Place, ...] | str:
    """The places in the texts as they stand now; else the path of the file that moved on.

    `base` has the text that they were made for by path; places of other files are as they are.
    """
    hunks: dict[str, Sequence[LineHunk]] = {}
    for path, text in base.items():
        now = tree.read(path)
        if now is None:
            return path
        hunks[path] = line_hunks(path, split_lines(text), split_lines(now)) if now != text else ()
    found: list[Place] = []
    for place in places:
        here = _here(place, hunks.get(place.path, ()))
        if here is None:
            return place.path
        found.append(here)
    return tuple(found)


def _here(place: Place, hunks: Sequence[LineHunk]) -> Place | None:
    start, end = place.range.start, place.range.end
    by = 0
    for hunk in hunks:
        first, last = hunk.before_start, hunk.before_start + len(hunk.before)
        if last < start.line:
            by += len(hunk.after) - len(hunk.before)
        elif first <= end.line:
            return None
    if not by:
        return place
    shifted = Range(
        Position(start.line + by, start.character), Position(end.line + by, end.character)
    )
    return structs.replace(place, range=shifted)
