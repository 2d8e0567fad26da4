"""How well the reward filter tells places that were worked on from those that were not.

Over candidates as they are first noticed, without any filter. The baseline knows the kind of need
alone: for each its share of right places in the histories that the trees were trained on. Within a
kind that baseline knows nothing; there the trees must read the features.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from random import Random

from msgspec import Struct

from proactive_lsp.evaluation.scores import auc, ece

# A kind with fewer right or wrong places has no AUC of its own.
FEWEST = 20
SHUFFLES = 5


class Scored(Struct, frozen=True):
    """A candidate as it was judged: `p` by the filter, `rate` by its kind alone."""

    kind: str
    p: float
    rate: float
    right: bool


class FilterFigures(Struct, frozen=True):
    """Shares in [0, 1], rounded to 4 digits; None where nothing can be told.

    - auc, auc_prior_per_kind: by the filter, and by the kind alone
    - auc_within_kind: the mean over kinds with enough places of both sorts
    - auc_shuffled: the same when each place is given the probability of another one of its kind
    - ece: expected calibration error, in ten bins
    """

    n: int
    right: float | None
    auc: float | None
    auc_prior_per_kind: float | None
    auc_within_kind: float | None
    auc_shuffled: float | None
    ece: float | None


def figures_of(scored: Iterable[Scored]) -> FilterFigures:
    """The figures over all candidates together."""
    rows = list(scored)
    kinds: dict[str, list[Scored]] = defaultdict(list)
    for row in rows:
        kinds[row.kind].append(row)
    random = Random(20261128)  # noqa: S311 - for repetition, not secrecy
    known = [kinds[kind] for kind in sorted(kinds) if _enough(kinds[kind])]
    shuffled = [
        auc(list(zip(random.sample([row.p for row in of], len(of)), _labels(of), strict=True)))
        for of in known
        for _ in range(SHUFFLES)
    ]
    return FilterFigures(
        n=len(rows),
        right=_mean([float(row.right) for row in rows]),
        auc=_rounded(auc([(row.p, row.right) for row in rows])),
        auc_prior_per_kind=_rounded(auc([(row.rate, row.right) for row in rows])),
        auc_within_kind=_mean([auc([(row.p, row.right) for row in of]) for of in known]),
        auc_shuffled=_mean(shuffled),
        ece=_rounded(ece([(row.p, row.right) for row in rows])),
    )


def _enough(rows: Sequence[Scored]) -> bool:
    right = sum(row.right for row in rows)
    return FEWEST <= right <= len(rows) - FEWEST


def _labels(rows: Sequence[Scored]) -> list[bool]:
    return [row.right for row in rows]


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return _rounded(sum(known) / len(known)) if known else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
