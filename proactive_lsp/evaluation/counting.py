"""Count what commits came to, by the sort of places that cards had."""

from collections.abc import Callable, Iterable

from proactive_lsp.evaluation.history import CommitResult
from proactive_lsp.evaluation.labels import JudgedSpot
from proactive_lsp.evaluation.metrics import Counts, count


def counts_of(
    results: Iterable[CommitResult], wanted: Callable[[JudgedSpot], bool]
) -> list[Counts]:
    """The counts of each commit with these spots of its cards alone."""
    return [
        count(result.edits, [part for alarm in result.alarms if (part := alarm.only(wanted))])
        for result in results
    ]


def located(spot: JudgedSpot) -> bool:
    """Whether the spot is lines and not a whole file."""
    return not spot.coarse


def coarse(spot: JudgedSpot) -> bool:
    """Whether the spot is a whole file."""
    return spot.coarse


def of_kind(kind: str, spot: JudgedSpot) -> bool:
    """Whether the spot is lines that a need of this kind named."""
    return spot.kind == kind and not spot.coarse
