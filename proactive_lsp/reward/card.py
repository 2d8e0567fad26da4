"""One card per boundary: merge what passed into a single suggestion, likeliest first."""

from collections.abc import Iterable, Sequence

from proactive_lsp.situation import Boundary
from proactive_lsp.suggestions import Judgement, Place, Suggestion

# More places than a person would look through are not listed.
MOST_PLACES = 60


def merge(
    judgements: Iterable[Judgement], boundary: Boundary, taken: Iterable[Place] = ()
) -> Suggestion | None:
    """The card of this boundary; None when nothing passed or every place is `taken` already.

    Tasks stand likeliest first, in their given order where equally likely. A place that
    overlaps an earlier one, or one on another card, is listed once.
    """
    listed = list(taken)
    places: list[Place] = []
    chosen: list[Judgement] = []
    for judgement in sorted(judgements, key=lambda judgement: -judgement.p):
        fresh = [place for place in judgement.task.places if not _overlaps(place, listed)]
        if judgement.task.places and not fresh:
            continue
        places += fresh
        listed += fresh
        chosen.append(judgement)
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
        places=tuple(places[:MOST_PLACES]),
    )


def _overlaps(place: Place, others: Sequence[Place]) -> bool:
    return any(
        place.path == other.path
        and place.range.start < other.range.end
        and other.range.start < place.range.end
        for other in others
    )


def _title(titles: Sequence[str]) -> str:
    match len(titles):
        case 1:
            return titles[0]
        case 2:
            return f"{titles[0]}; {titles[1][0].lower()}{titles[1][1:]}"
        case more:
            return f"{titles[0]}, and {more - 1} more"
