"""The figures of DESIGN's benchmark paragraph, from what commits came to.

Commits are counted one by one and added up before anything is divided; intervals come from
drawing whole commits again, since the edits of one commit are not independent.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from random import Random

from msgspec import Struct

from proactive_lsp.evaluation.labels import Alarm

_RESAMPLES = 1_000
_SEED = 20261122
_COVERED = 0.95


class Counts(Struct, frozen=True):
    """What the figures are made of, in one commit or in several."""

    edits: int = 0
    follow_ups: int = 0
    alarms: int = 0
    right: int = 0
    places: int = 0
    right_places: int = 0
    foreseen: int = 0
    lead: int = 0
    with_edit: int = 0
    exact: int = 0
    calm: int = 0
    calm_silent: int = 0
    helpable: int = 0
    helped: int = 0


class Latency(Struct, frozen=True):
    """Milliseconds of computing per boundary; nearest rank; None without a boundary."""

    p50: float | None
    p95: float | None


class Metrics(Struct, frozen=True):
    """Shares in [0, 1], rounded to 4 digits; None where the denominator is 0.

    - alarms: cards shown
    - alarm_precision: cards with a place that a later hunk of the commit touches (± 1 line)
    - place_precision: places that a later hunk touches, of all places of all cards
    - recall: follow-up hunks (all but a commit's first) that a card had touched, each once
    - exact_edit: of the right places that carry an edit, those whose lines the developer wrote so
    - false_alarms_per_100_edits: 100 * cards without a right place / edits
    - quiet_rate: boundaries with no hunk to come, of which nothing was said
    - helped: commits with a follow-up, in which a card was right
    - lead: how many edits before a foreseen hunk its first card came, on average; 1 is the next
    - ci: 95 % intervals, by drawing commits again
    """

    alarms: int
    alarm_precision: float | None
    place_precision: float | None
    recall: float | None
    exact_edit: float | None
    false_alarms_per_100_edits: float | None
    quiet_rate: float | None
    helped: float | None
    lead: float | None
    ci: Mapping[str, tuple[float, float] | None]
    latency_ms: Latency


def count(edits: int, alarms: Sequence[Alarm]) -> Counts:
    """The counts of one commit of so many edits, in which these cards were shown."""
    spots = [spot for alarm in alarms for spot in alarm.spots]
    with_edit = [spot.exact for spot in spots if spot.exact is not None]
    right = sum(any(spot.hunks for spot in alarm.spots) for alarm in alarms)
    first: dict[int, int] = {}
    for alarm in alarms:
        for hunk in (hunk for spot in alarm.spots for hunk in spot.hunks):
            first.setdefault(hunk, hunk - alarm.edits + 1)
    calm = edits > 0
    return Counts(
        edits=edits,
        follow_ups=max(0, edits - 1),
        alarms=len(alarms),
        right=right,
        places=len(spots),
        right_places=sum(bool(spot.hunks) for spot in spots),
        foreseen=len(first),
        lead=sum(first.values()),
        with_edit=len(with_edit),
        exact=sum(with_edit),
        calm=int(calm),
        calm_silent=int(calm and all(alarm.edits < edits for alarm in alarms)),
        helpable=int(edits > 1),
        helped=int(right > 0),
    )


def total(counts: Iterable[Counts]) -> Counts:
    """The sum, field by field."""
    rows = [_numbers(one) for one in counts]
    return Counts(*map(sum, zip(*rows, strict=True)))


def metrics(counts: Sequence[Counts], seconds: Iterable[float] = ()) -> Metrics:
    """The figures of one repository's commits."""
    return _metrics([counts], seconds)


def mean_metrics(repositories: Sequence[Sequence[Counts]], seconds: Iterable[float]) -> Metrics:
    """The mean over repositories, each weighing the same; one without a figure is passed over."""
    return _metrics(repositories, seconds)


# In the order of the fields; those that have an interval.
_FIGURES: Mapping[str, Callable[[Counts], float | None]] = {
    "alarm_precision": lambda c: _share(c.right, c.alarms),
    "place_precision": lambda c: _share(c.right_places, c.places),
    "recall": lambda c: _share(c.foreseen, c.follow_ups),
    "exact_edit": lambda c: _share(c.exact, c.with_edit),
    "false_alarms_per_100_edits": lambda c: _share(100 * (c.alarms - c.right), c.edits),
    "quiet_rate": lambda c: _share(c.calm_silent, c.calm),
    "helped": lambda c: _share(c.helped, c.helpable),
    "lead": lambda c: _share(c.lead, c.foreseen),
}


def _metrics(groups: Sequence[Sequence[Counts]], seconds: Iterable[float]) -> Metrics:
    sums = [total(group) for group in groups]
    ordered = sorted(seconds)
    return Metrics(
        alarms=sum(each.alarms for each in sums),
        **{name: _rounded(_mean(map(figure, sums))) for name, figure in _FIGURES.items()},
        ci=_intervals(groups),
        latency_ms=Latency(_percentile(ordered, 50), _percentile(ordered, 95)),
    )


def _intervals(groups: Sequence[Sequence[Counts]]) -> dict[str, tuple[float, float] | None]:
    drawn: dict[str, list[float]] = {name: [] for name in _FIGURES}
    for sums in _resamples(groups):
        for name, figure in _FIGURES.items():
            value = _mean(map(figure, sums))
            if value is not None:
                drawn[name].append(value)
    return {name: _middle(sorted(values)) for name, values in drawn.items()}


def _resamples(groups: Sequence[Sequence[Counts]]) -> Iterator[list[Counts]]:
    if not any(each.alarms for group in groups for each in group):
        # Without an alarm nothing varies that an interval could tell of.
        return
    random = Random(_SEED)  # noqa: S311 - for repetition, not secrecy
    tables = [[_numbers(one) for one in group] for group in groups]
    for _ in range(_RESAMPLES):
        yield [
            Counts(*map(sum, zip(*random.choices(table, k=len(table)), strict=True)))
            for table in tables
            if table
        ]


def _middle(ordered: Sequence[float]) -> tuple[float, float] | None:
    if not ordered:
        return None
    outside = int(len(ordered) * (1 - _COVERED) / 2)
    return round(ordered[outside], 4), round(ordered[-1 - outside], 4)


def _numbers(counts: Counts) -> tuple[int, ...]:
    return tuple(getattr(counts, field) for field in Counts.__struct_fields__)


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _percentile(ordered: Sequence[float], percent: int) -> float | None:
    if not ordered:
        return None
    return round(1000 * ordered[max(0, -(-len(ordered) * percent // 100) - 1)], 3)
