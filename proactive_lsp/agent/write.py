"""Turn an accepted card into edits that are safe to apply now."""

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import accumulate, groupby

from msgspec import structs

from proactive_lsp.agent.guarded import guarded
from proactive_lsp.events import Change, Position, Range
from proactive_lsp.suggestions import (
    FileEdit,
    Judgement,
    Need,
    Place,
    Plan,
    Stale,
    Suggestion,
    TextEdit,
    narrowed,
)
from proactive_lsp.workspace.documents import apply_changes, locate, split_lines, text_in
from proactive_lsp.workspace.search import line_hits
from proactive_lsp.workspace.syntax import parses
from proactive_lsp.workspace.tree import Tree, language_of


def plan(
    suggestion_id: str,
    title: str,
    places: Sequence[Place],
    *,
    trigger: str,
    tree: Tree,
    version: Callable[[str], int | None],
) -> Plan | Stale:
    """The edits for these places as the text stands now; a `Stale` when it moved on.

    `trigger` is the path of the need itself. A place that only points (no `after`), lies behind
    a link, or configures what runs (see `guarded`) gives no edit. A file whose edits would break
    code that parsed is refused.
    """
    files: list[FileEdit] = []
    ordered = sorted(places, key=lambda place: (place.path, place.range))
    for path, group in groupby(ordered, key=lambda place: place.path):
        if not _writable(path, trigger, tree):
            continue
        text = tree.read(path)
        if text is None:
            return Stale(suggestion_id, f"{path} is gone or can no longer be read")
        lines = split_lines(text)
        edits: list[TextEdit] = []
        for place in group:
            if text_in(lines, place.range) != place.before:
                return Stale(suggestion_id, f"{path} changed at line {place.range.start.line + 1}")
            if place.after is None or (edits and place.range.start < edits[-1].range.end):
                continue
            edits.append(TextEdit(place.range, place.after, place.certain, place.note))
        if not edits:
            continue
        language = language_of(path)
        if language and parses(language, text) and not parses(language, result(text, edits)):
            return Stale(suggestion_id, f"the edit would break the syntax of {path}")
        files.append(FileEdit(path, version(path), tuple(edits)))
    return Plan(suggestion_id, title, tuple(files))


def created_file(path: str, text: str) -> FileEdit:
    """A file that is not there yet, as the edit that makes it."""
    start = Position(0, 0)
    return FileEdit(path, None, (TextEdit(Range(start, start), text),), create=True)


def result(text: str, edits: Collection[TextEdit]) -> str:
    """The text once the edits are applied; they must be sorted and not overlap."""
    return apply_changes(
        text, [Change(edit.range, edit.new_text) for edit in reversed(list(edits))]
    )


class Made:
    """The texts that a user may make of `before` with these edits: what is uncertain may be left.

    As a container, `text in made` says whether a text is one of them.
    """

    def __init__(self, before: str, edits: Sequence[TextEdit]) -> None:
        self._before = before
        lines = split_lines(before)
        starts = [0, *accumulate(len(line) for line in lines)]
        self._edits = [
            (starts[row] + column, starts[last] + end, edit)
            for edit in edits
            for row, column in (locate(lines, edit.range.start),)
            for last, end in (locate(lines, edit.range.end),)
        ]

    def __contains__(self, text: object) -> bool:
        if not isinstance(text, str):
            return False
        at = 0
        # How far the text may have been read by now: what is left out can begin like what is made.
        reads = {0}
        for start, end, edit in self._edits:
            kept, old = self._before[at:start], self._before[start:end]
            choices = [edit.new_text]
            if not edit.certain:
                choices = [old] if edit.new_text == old else [edit.new_text, old]
            reads = {
                read + len(kept) + len(choice)
                for read in reads
                if text.startswith(kept, read)
                for choice in choices
                if text.startswith(choice, read + len(kept))
            }
            at = end
        return any(text[read:] == self._before[at:] for read in reads)


def guard(need: Need, tree: Tree) -> Need:
    """The need with places that only point where nothing of ours may be written."""
    places = tuple(
        place if _writable(place.path, need.path, tree) else structs.replace(place, after=None)
        for place in need.places
    )
    return structs.replace(need, places=places) if places != need.places else need


def _writable(path: str, trigger: str, tree: Tree) -> bool:
    """Whether a path may get edits: no link on the way, and nothing that runs but the trigger."""
    return not tree.linked(path) and (path == trigger or not guarded(path))


def relocate(need: Need, tree: Tree) -> Need | None:
    """A need that no rule can find again, with its places where their text stands now.

    None when the text of its trigger is gone from the file.
    """
    places: list[Place] = []
    for place in need.places:
        text = tree.read(place.path)
        hits = line_hits(place.path, text, place.before) if text is not None else []
        if hits:
            nearest = min(hits, key=lambda hit: abs(hit.range.start.line - place.range.start.line))
            places.append(structs.replace(place, range=nearest.range))
    if not places:
        return None
    return structs.replace(need, places=tuple(places), range=places[0].range)


def found_again(
    judgements: Iterable[Judgement], needs: Iterable[Need], card: Suggestion, tree: Tree
) -> list[Judgement]:
    """What was judged of a card and is among the `needs` now, with the places that it lists."""
    found = {need.id: need for need in needs}
    again: list[Judgement] = []
    for judged in judgements:
        task = judged.task
        need = relocate(task.need, tree) if task.by_model else found.get(task.need.id)
        if need is not None:
            need = _still_listed(need, card.places)
            task = structs.replace(task, need=need, title=need.title)
            again.append(structs.replace(judged, task=task, odds=()))
    return again


def _still_listed(need: Need, listed: Sequence[Place]) -> Need:
    """The need with those of its places that a card lists, wherever their lines are by now."""
    left = list(need.places)
    kept: list[Place] = []
    for wanted in listed:
        for place in nearest(wanted, left):
            left.remove(place)
            certain = place.certain and wanted.certain
            kept.append(structs.replace(place, certain=certain, note=place.note or wanted.note))
    return narrowed(need, tuple(kept))


def nearest(wanted: Place, places: Sequence[Place]) -> tuple[Place, ...]:
    """The one of the places that asks for the same and stands nearest; none when all are gone."""
    same = [
        place
        for place in places
        if (place.path, place.before, place.after) == (wanted.path, wanted.before, wanted.after)
    ]
    line = wanted.range.start.line
    return tuple(sorted(same, key=lambda place: abs(place.range.start.line - line))[:1])
