"""How good predicted probabilities are against labels of yes and no."""

import math
import random
from collections.abc import Hashable, Iterable, Sequence

from msgspec import Struct

BINS = 10
ROUNDS = 400


class Predicted(Struct, frozen=True):
    """One prediction: the label, the probability of yes, the decision; what it is part of."""

    label: bool
    p: float
    yes: bool
    category: str = ""
    session: Hashable = None


class Scores(Struct, frozen=True):
    """Shares in [0, 1] rounded to 4 digits; None where there is nothing to divide by.

    `ece` is the expected calibration error over 10 bins of equal width. `categories` are the
    shares decided rightly in each category of the data. `within` is the mean of each session's own
    auc, and `ci` the 95 % interval of auc when whole sessions are drawn again; None for few.
    """

    n: int
    accuracy: float | None
    precision: float | None
    recall: float | None
    f1: float | None
    auc: float | None
    ece: float | None
    categories: dict[str, float] = {}
    within: float | None = None
    ci: tuple[float, float] | None = None


def scores(predicted: Iterable[Predicted]) -> Scores:
    """All figures of some predictions."""
    rows = tuple(predicted)
    right = [row for row in rows if row.yes == row.label]
    hits = sum(row.yes and row.label for row in rows)
    names = sorted({row.category for row in rows if row.category})
    counts = [sum(row.category == name for row in rows) for name in names]
    rights = [sum(row.category == name for row in right) for name in names]
    said = sum(row.yes for row in rows)
    wanted = sum(row.label for row in rows)
    return Scores(
        n=len(rows),
        accuracy=share(len(right), len(rows)),
        precision=share(hits, said),
        recall=share(hits, wanted),
        f1=share(2 * hits, said + wanted),
        auc=_round(auc([(row.p, row.label) for row in rows])),
        ece=_round(ece([(row.p, row.label) for row in rows])),
        categories={
            name: round(part / whole, 4)
            for name, part, whole in zip(names, rights, counts, strict=True)
        },
        within=_within(rows),
        ci=_interval(rows),
    )


def auc(pairs: Sequence[tuple[float, bool]]) -> float | None:
    """The probability that a yes has the higher p than a no, ties counted half; None without both.

    >>> auc([(0.2, False), (0.2, True), (0.9, True)])
    0.75
    """
    yes = sum(label for _, label in pairs)
    no = len(pairs) - yes
    if not yes or not no:
        return None
    ordered = sorted(pairs)
    won, below, start = 0.0, 0, 0
    while start < len(ordered):
        end = start
        while end < len(ordered) and ordered[end][0] == ordered[start][0]:
            end += 1
        right = sum(label for _, label in ordered[start:end])
        wrong = end - start - right
        won += right * (below + wrong / 2)
        below += wrong
        start = end
    return won / (yes * no)


def ece(pairs: Sequence[tuple[float, bool]]) -> float | None:
    """The mean distance of probability and share of yes, over bins of equal width by their size.

    >>> ece([(1.0, True), (1.0, False)])
    0.5
    """
    if not pairs:
        return None
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for p, label in pairs:
        bins[min(int(p * BINS), BINS - 1)].append((p, label))
    gaps = (abs(math.fsum(p - label for p, label in each)) for each in bins)
    return math.fsum(gaps) / len(pairs)


def best_threshold(pairs: Sequence[tuple[float, bool]]) -> float:
    """The probability from which yes gives the best F1; halfway between two that occur.

    Of several the lowest; 0.5 when no label is yes.
    """
    wanted = sum(label for _, label in pairs)
    if not wanted:
        return 0.5
    ordered = sorted(pairs, reverse=True)
    hits, best, at = 0, 0.0, 0.0
    for said, (p, label) in enumerate(ordered, start=1):
        hits += label
        following = ordered[said][0] if said < len(ordered) else 0.0
        f1 = 2 * hits / (said + wanted)
        if following < p and f1 >= best:
            best, at = f1, (p + following) / 2
    return at


def share(part: int, whole: int) -> float | None:
    """A rounded share; None of nothing."""
    return round(part / whole, 4) if whole else None


def _within(rows: Sequence[Predicted]) -> float | None:
    values = [
        value
        for group in _by_session(rows)
        if (value := auc([(row.p, row.label) for row in group])) is not None
    ]
    return _round(math.fsum(values) / len(values)) if len(values) > 1 else None


def _interval(rows: Sequence[Predicted]) -> tuple[float, float] | None:
    groups = [[(row.p, row.label) for row in group] for group in _by_session(rows)]
    if len(groups) < 5:
        return None
    draw = random.Random(1)  # noqa: S311 - no secret, and the same interval each time
    found = sorted(
        value
        for _ in range(ROUNDS)
        if (value := auc([pair for group in draw.choices(groups, k=len(groups)) for pair in group]))
        is not None
    )
    if not found:
        return None
    last = len(found) - 1
    return round(found[round(0.025 * last)], 4), round(found[round(0.975 * last)], 4)


def _by_session(rows: Sequence[Predicted]) -> list[list[Predicted]]:
    groups: dict[Hashable, list[Predicted]] = {}
    for row in rows:
        if row.session is not None:
            groups.setdefault(row.session, []).append(row)
    return list(groups.values())


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
