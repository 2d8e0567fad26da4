"""One card per boundary: merge what passed into a single suggestion, likeliest first."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import structs

from proactive_lsp.situation import Boundary
from proactive_lsp.suggestions import Judgement, Place, Suggestion

# More places than a person would look through are not listed.
MOST_PLACES = 60


def merge(
    judgements: Iterable[Judgement], boundary: Boundary, taken: Iterable[Place] = ()
) -> Suggestion | None:
    """The card of this boundary; None when nothing passed or every place is `taken` already.

    Tasks stand likeliest first, in their given order where equally likely, and so do the places
    of all of them. A place that overlaps another one, or one on another card, is listed once: under
    the task that comes first in the given order, for that one says best what it is about.
    """
    given = tuple(judgements)
    candidates = [
        (odds, place, number)
        for number, judgement in enumerate(given)
        for odds, place in _scored(judgement)
    ]
    best_on_line: dict[tuple[str, int, bool], float] = {}
    for odds, place, _ in candidates:
        for where in _lines(place):
            best_on_line[where] = max(odds, best_on_line.get(where, 0.0))
    # On the same lines, an edit goes before a place that only points there.
    candidates.sort(
        key=lambda each: (
            -max(best_on_line[where] for where in _lines(each[1])),
            each[1].after is None,
            each[2],
        )
    )
    listed = _Listed(taken)
    places: list[Place] = []
    used: set[int] = set()
    for _, place, number in candidates:
        if len(places) == MOST_PLACES:
            break
        if listed.add(place):
            places.append(structs.replace(place, features={}))
            used.add(number)
    chosen = sorted(
        (
            judgement
            for number, judgement in enumerate(given)
            if number in used or not judgement.task.places
        ),
        key=lambda judgement: -judgement.p,
    )
    if not chosen:
        return None
    best = chosen[0]
    return Suggestion(
        id=best.task.need.id,
        need=best.task.need.kind,
        title=_title([judgement.task.title for judgement in chosen]),
        path=best.task.need.path,
        range=best.task.need.range,
        p=best.p,
        t=boundary.t,
        trigger=boundary.kind,
        tasks=tuple(judgement.task for judgement in chosen),
        places=tuple(places),
    )


def _scored(judgement: Judgement) -> Iterator[tuple[float, Place]]:
    """The places with their odds; a judgement that has none of its own gives each its own."""
    places = judgement.task.places
    odds = judgement.odds if len(judgement.odds) == len(places) else (judgement.p,) * len(places)
    return zip(odds, places, strict=True)


def _lines(place: Place) -> Iterator[tuple[str, int, bool]]:
    """The lines of a place; an end before the first character of a line has nothing of it."""
    start, end = place.range.start, place.range.end
    last = end.line if end.character or end == start else end.line - 1
    return ((place.path, line, place.whole) for line in range(start.line, last + 1))


class _Listed:
    """The places listed so far, by file."""

    def __init__(self, taken: Iterable[Place]) -> None:
        self._places: dict[str, list[Place]] = {}
        for place in taken:
            self._places.setdefault(place.path, []).append(place)

    def add(self, place: Place) -> bool:
        """List a place; False when it overlaps another one."""
        others = self._places.setdefault(place.path, [])
        if any(_overlap(place, other) for other in others):
            return False
        others.append(place)
        return True


def _overlap(place: Place, other: Place) -> bool:
    """Whether two places of a file are about the same text; a whole file is about itself alone."""
    if place.whole or other.whole:
        return place.whole and other.whole
    one, two = place.range, other.range
    return one == two or (one.start < two.end and two.start < one.end)


def _title(titles: Sequence[str]) -> str:
    match len(titles):
        case 1:
            return titles[0]
        case 2:
            return f"{titles[0]}; {titles[1][0].lower()}{titles[1][1:]}"
        case more:
            return f"{titles[0]}, and {more - 1} more"
