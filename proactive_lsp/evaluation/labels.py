"""What a card was worth: the hunks still to come are the labels.

A place is right when a later hunk of the commit touches it, give or take one line. Lines are
counted in the files as they stand when the card is shown.
"""

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct, structs

from proactive_lsp.evaluation.commits import Hunk
from proactive_lsp.evaluation.steps import Desk, Step
from proactive_lsp.events import Change, Range
from proactive_lsp.suggestions import Place, Suggestion
from proactive_lsp.workspace.documents import apply_changes, bare, split_lines
from proactive_lsp.workspace.kinds import FileKind, file_kind

_SLACK = 1  # lines

Lines = tuple[int, int]  # the first and the last one


class Spot(Struct, frozen=True):
    """A place as a benchmark sees it: lines of a file, a whole file, or every file of a kind."""

    path: str | None
    lines: Lines | None = None
    kind: FileKind | None = None


class JudgedSpot(Struct, frozen=True):
    """Which later hunks touch a spot; `exact` is None without an edit or a hunk to compare.

    `kind` is that of the need that named it, `coarse` says that it is a whole file. `end` is where
    an untouched spot stands when the commit is done, None when it is gone. `later` tells whether
    it was done in its commit or soon after; None where no commit follows.
    """

    kind: str
    coarse: bool
    hunks: tuple[int, ...]
    exact: bool | None = None
    end: Spot | None = None
    later: bool | None = None


class Alarm(Struct, frozen=True):
    """A card that was shown after so many edits of the commit."""

    need: str
    edits: int
    spots: tuple[JudgedSpot, ...]

    def only(self, wanted: Callable[[JudgedSpot], bool]) -> "Alarm | None":
        """The same card with these spots alone; None when it has none of them."""
        spots = tuple(filter(wanted, self.spots))
        return structs.replace(self, spots=spots) if spots else None


class Pending(Struct, frozen=True):
    """A hunk still to come: its number among the commit's edits, its path and lines by now."""

    number: int
    path: str
    final_path: str
    first: int
    last: int
    hunk: Hunk


def pending(steps: Sequence[Step], done: int, edits: int, desk: Desk) -> tuple[Pending, ...]:
    """The hunks after the first `done` steps, of which `edits` were hunks."""
    return tuple(_pending(steps[done:], edits, desk))


def _pending(steps: Sequence[Step], number: int, desk: Desk) -> Iterator[Pending]:
    for step in steps:
        if step.hunk is None:
            continue
        first = desk.line(step.file, step.hunk)
        last = first + max(len(step.hunk.before) - 1, 0)
        yield Pending(number, desk.path(step.file), step.file.path, first, last, step.hunk)
        number += 1


def spot_of(place: Place) -> Spot:
    """The lines of a card's place, or the whole file."""
    return Spot(place.path, None if place.whole else lines_of(place.range))


def lines_of(range: Range) -> Lines:
    """The first and the last line; a range that ends where a line starts ends before it."""
    last = range.end.line
    if range.end.character == 0 and last > range.start.line:
        last -= 1
    return range.start.line, last


def judge_spot(kind: str, spot: Spot, later: Sequence[Pending]) -> JudgedSpot:
    """The later hunks that touch a spot."""
    hunks = tuple(hunk.number for hunk in later if _touches(spot, hunk))
    return JudgedSpot(kind, spot.lines is None, hunks)


def judge_spots(need: str, edits: int, spots: Sequence[Spot], later: Sequence[Pending]) -> Alarm:
    """An alarm without edits, as baselines raise it."""
    return Alarm(need, edits, tuple(judge_spot(need, spot, later) for spot in spots))


def judge_card(
    card: Suggestion, edits: int, later: Sequence[Pending], texts: dict[str, str]
) -> Alarm:
    """What a card was worth; `texts` are the files of its places as they stood."""
    if not card.places:
        return judge_spots(card.need, edits, (Spot(card.path),), later)
    spots = tuple(
        judge_place(kind, place, card.places, later, texts.get(place.path))
        for kind, place in zip(_kinds(card), card.places, strict=True)
    )
    return Alarm(card.need, edits, spots)


def _kinds(card: Suggestion) -> Iterator[str]:
    """The kind of need that named each place of a card; the likeliest of several."""
    kinds = {
        (place.key, place.after): task.need.kind
        for task in reversed(card.tasks)
        for place in task.places
    }
    return (kinds.get((place.key, place.after), card.need) for place in card.places)


def judge_place(
    kind: str, place: Place, places: Sequence[Place], later: Sequence[Pending], text: str | None
) -> JudgedSpot:
    """What one of the `places` of a card was worth; `text` is its file as it stood."""
    judged = judge_spot(kind, spot_of(place), later)
    if place.after is None or not judged.hunks or text is None:
        return judged
    hunks = [hunk.hunk for hunk in later if hunk.number in judged.hunks]
    lines = written(place, places, text)
    return structs.replace(judged, exact=any(_wrote(hunk, lines) for hunk in hunks))


def written(
    place: Place, places: Sequence[Place], text: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The bare lines of a place before and after all of the card's edits on them."""
    first, last = lines_of(place.range)
    on_them = [
        other
        for other in places
        if other.path == place.path
        and other.after is not None
        and first <= other.range.start.line <= last
    ]
    on_them.sort(key=lambda other: other.range, reverse=True)
    after = apply_changes(text, [Change(other.range, other.after or "") for other in on_them])
    old, new = split_lines(text), split_lines(after)
    grown = last + 1 + len(new) - len(old)
    return tuple(map(bare, old[first : last + 1])), tuple(map(bare, new[first:grown]))


def _wrote(hunk: Hunk, lines: tuple[tuple[str, ...], tuple[str, ...]]) -> bool:
    """Whether the hunk took these lines away and left what they became.

    Lines that stay as they are do not count: an edit may name its neighbour to stand beside it.
    """
    before, after = _without_common(*lines)
    if not _contains(hunk.before, before):
        return False
    return _contains(hunk.after, after) if after else not _contains(hunk.after, before)


def _without_common(
    before: tuple[str, ...], after: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    shorter = min(len(before), len(after))
    first = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    before, after = before[first:], after[first:]
    shorter = min(len(before), len(after))
    last = next((n for n in range(shorter) if before[-1 - n] != after[-1 - n]), shorter)
    return before[: len(before) - last], after[: len(after) - last]


def _contains(lines: Sequence[str], part: Sequence[str]) -> bool:
    size = len(part)
    return any(tuple(lines[at : at + size]) == part for at in range(len(lines) - size + 1))


def _touches(spot: Spot, hunk: Pending) -> bool:
    if spot.kind is not None:
        return file_kind(hunk.final_path) == spot.kind
    if spot.path != hunk.path:
        return False
    if spot.lines is None:
        return True
    return near(spot.lines, hunk.first, hunk.last)


def near(lines: Lines, first: int, last: int) -> bool:
    """Whether a hunk from `first` to `last` touches the lines."""
    return lines[0] <= last + _SLACK and first - _SLACK <= lines[1]
