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
    followed: int = 0
    followed_right: int = 0
    followed_places: int = 0
    followed_right_places: int = 0


# Of one repository: its commits in the same order, lived through in one order of hunks or several.
Runs = Sequence[Sequence[Counts]]


class Latency(Struct, frozen=True):
    """Milliseconds of computing per boundary; nearest rank; None without a boundary."""

    p50: float | None
    p95: float | None


class Precision(Struct, frozen=True):
    """Two of the figures of `Metrics`, for another meaning of right."""

    alarm_precision: float | None
    place_precision: float | None


class Rise(Struct, frozen=True):
    """By how much a figure is higher in one run than in another, with its 95 % interval."""

    value: float | None
    ci: tuple[float, float] | None


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
    - within_10: the precisions when a place is right, too, that one of the next 10 commits touches
      that touch its file; of the commits that others follow
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
    within_10: Precision
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
    followed = _followed(alarms)
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
        **followed,
    )


def count_after(edits: int, alarms: Sequence[Alarm]) -> Counts:
    """The same of cards that were shown once all was committed: right is what was done later.

    Where no commit follows there is nothing to judge them by, and they are left out.
    """
    followed = _followed(alarms)
    return Counts(
        edits=edits,
        alarms=followed["followed"],
        right=followed["followed_right"],
        places=followed["followed_places"],
        right_places=followed["followed_right_places"],
        **followed,
    )


def _followed(alarms: Sequence[Alarm]) -> dict[str, int]:
    """Which cards and places were right within the next commits, of those that have any."""
    known = [alarm for alarm in alarms if all(spot.later is not None for spot in alarm.spots)]
    spots = [spot for alarm in known for spot in alarm.spots]
    return {
        "followed": len(known),
        "followed_right": sum(any(spot.later for spot in alarm.spots) for alarm in known),
        "followed_places": len(spots),
        "followed_right_places": sum(spot.later is True for spot in spots),
    }


def total(counts: Iterable[Counts]) -> Counts:
    """The sum, field by field."""
    return _sum([_numbers(one) for one in counts])


def metrics(counts: Sequence[Counts], seconds: Iterable[float] = ()) -> Metrics:
    """The figures of one run over a repository's commits."""
    return _metrics([[counts]], seconds)


def mean_metrics(groups: Sequence[Runs], seconds: Iterable[float] = ()) -> Metrics:
    """The mean over all runs of all repositories; one without a figure is passed over."""
    return _metrics(groups, seconds)


def rises(groups: Sequence[Runs]) -> Mapping[str, Rise]:
    """Of each figure, how much higher it is in the second run of a repository than in the first.

    The mean over the repositories; one without the figure in either run is passed over.
    """
    drawn: dict[str, list[float]] = {name: [] for name in _FIGURES}
    for sums in _resamples(groups):
        for name, figure in _FIGURES.items():
            value = _rise(figure, sums)
            if value is not None:
                drawn[name].append(value)
    sums = [total(run) for runs in groups for run in runs]
    return {
        name: Rise(_rounded(_rise(figure, sums)), _middle(sorted(drawn[name])))
        for name, figure in _FIGURES.items()
    }


def _rise(figure: Callable[[Counts], float | None], sums: Sequence[Counts]) -> float | None:
    pairs = [(figure(one), figure(two)) for one, two in zip(sums[::2], sums[1::2], strict=True)]
    return _mean(two - one for one, two in pairs if one is not None and two is not None)


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
    "within_10_alarm_precision": lambda c: _share(c.followed_right, c.followed),
    "within_10_place_precision": lambda c: _share(c.followed_right_places, c.followed_places),
}


def _metrics(groups: Sequence[Runs], seconds: Iterable[float]) -> Metrics:
    sums = [total(run) for runs in groups for run in runs]
    ordered = sorted(seconds)
    figures = {name: _rounded(_mean(map(figure, sums))) for name, figure in _FIGURES.items()}
    within_10 = Precision(
        figures.pop("within_10_alarm_precision"), figures.pop("within_10_place_precision")
    )
    return Metrics(
        alarms=sum(each.alarms for each in sums),
        **figures,
        within_10=within_10,
        ci=_intervals(groups),
        latency_ms=Latency(_percentile(ordered, 50), _percentile(ordered, 95)),
    )


def _intervals(groups: Sequence[Runs]) -> dict[str, tuple[float, float] | None]:
    drawn: dict[str, list[float]] = {name: [] for name in _FIGURES}
    for sums in _resamples(groups):
        for name, figure in _FIGURES.items():
            value = _mean(map(figure, sums))
            if value is not None:
                drawn[name].append(value)
    return {name: _middle(sorted(values)) for name, values in drawn.items()}


def _resamples(groups: Sequence[Runs]) -> Iterator[list[Counts]]:
    if not any(each.alarms for runs in groups for run in runs for each in run):
        # Without an alarm nothing varies that an interval could tell of.
        return
    random = Random(_SEED)  # noqa: S311 - for repetition, not secrecy
    tables = [[[_numbers(one) for one in run] for run in runs] for runs in groups]
    for _ in range(_RESAMPLES):
        sums: list[Counts] = []
        for runs in tables:
            commits = range(min(map(len, runs), default=0))
            # The same commits in all runs: in another order they are no other commits.
            drawn = random.choices(commits, k=len(commits)) if commits else ()
            sums += (_sum([run[number] for number in drawn]) for run in runs if drawn)
        yield sums


def _sum(rows: Sequence[Sequence[int]]) -> Counts:
    return Counts(*map(sum, zip(*rows, strict=True)))


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
