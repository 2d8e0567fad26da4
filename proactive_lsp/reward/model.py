"""The probability that a task is wanted, from named features: log odds that add up.

Most kinds of need have weights in `weights.json`, fitted to what developers did next in real
histories by `bench/fit_filter.py`; the file says which. A kind that is too rare there to be fitted
has an estimate: the precision measured for it elsewhere (8 886 commits of 13 Python repositories:
how often the developer did what the rule foresaw, in the same commit), moved by a few features.
What histories cannot tell, the moment, follows a field study of proactive help (arXiv 2601.10253:
52 % engaged right after a commit, 38 % in the midst of a task).
"""

import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

# The estimates. Where the work itself is certain to be owed (a conflict, a message for what is
# staged) the prior says so; where it is owed sooner or later (a changelog entry), it is the share
# that was done within the next 10 commits of the file.
PRIORS: Mapping[str, float] = {
    "broken-call": 0.97,
    "renamed-mention": 0.97,
    "commit-owes": 0.93,
    "line-clone": 0.66,
    "deleted-mention": 0.80,
    "moved-path": 0.75,
    "index-entry": 0.35,
    "release": 0.65,
    "option-docs": 0.62,
    "changelog": 0.33,
    "merge-conflict": 0.95,
    "commit-message": 0.80,
    "unused-import": 0.95,
    "docstring": 0.76,
    "twin-signature": 0.50,
    "predicted": 0.50,
}
# A kind nobody measured is as likely wanted as not wanted.
UNKNOWN_PRIOR = 0.5
# What moves an estimate, in log odds; each first as it is, for some kinds otherwise.
ESTIMATES: Mapping[str, float] = {
    "same-file": 0.40,
    "uncertain": -3.20,
    "no-edit": -1.20,
    "relevance": 0.20,
    "import-line": -1.00,
    "many-places": -0.50,
}
OWN_ESTIMATES: Mapping[str, Mapping[str, float]] = {
    "changelog": {"changelog-rate": 3.5},
    "commit-message": {},
    "docstring": {"no-edit": -1.00},
    "index-entry": {"listed": 1.50, "index-name": 0.80},
    "merge-conflict": {"no-edit": -1.00},
    "moved-path": {"as-prose": -1.50, "as-comment": -0.50},
    "option-docs": {"documented-files": 0.80},
    "release": {"own-version": 1.00, "places": -5.00},
}
# For every kind.
MOMENTS: Mapping[str, float] = {"at-pause": -0.57, "at-commit": 0.08}


class Fitted(Struct, frozen=True):
    """What one kind of need has of its own: a prior in log odds, and weights beside the shared."""

    prior: float
    weights: Mapping[str, float] = {}


class Weights(Struct, frozen=True):
    """The shipped file: what all fitted kinds share, and each kind's own; where it is from.

    Once read, each kind's weights are all that count for it, the shared ones included.
    """

    provenance: Mapping[str, object]
    shared: Mapping[str, float]
    kinds: Mapping[str, Fitted]


@cache
def weights() -> Weights:
    """The shipped weights, read once."""
    file = Path(__file__).with_name("weights.json")
    shipped = msgspec.json.decode(file.read_bytes(), type=Weights)
    kinds = {
        kind: Fitted(own.prior, _sum(shipped.shared, own.weights, MOMENTS))
        for kind, own in shipped.kinds.items()
    }
    return Weights(shipped.provenance, shipped.shared, kinds)


def is_fitted(kind: str) -> bool:
    """Whether the kind has weights that were fitted to histories."""
    return kind in weights().kinds


def logit(p: float) -> float:
    """Log odds of a probability, which is kept off 0 and 1."""
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))


def sigmoid(x: float) -> float:
    """The probability with these log odds."""
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def score(kind: str, features: Mapping[str, float]) -> float:
    """What these features add to the log odds of a kind, without its prior."""
    table = _terms(kind).weights
    return sum(weight * value for name, value in features.items() if (weight := table.get(name)))


def prior(kind: str) -> float:
    """The log odds of a kind of which nothing else is known."""
    return _terms(kind).prior


def pushes(kind: str, features: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """What the prior and each known feature add to the log odds; features at 0 add nothing."""
    table = _terms(kind).weights
    terms = (
        (name, weight * value)
        for name, value in features.items()
        if value and (weight := table.get(name))
    )
    return (("prior", prior(kind)), *terms)


def _terms(kind: str) -> Fitted:
    """The prior and all the weights that count for a kind."""
    return weights().kinds.get(kind) or _estimate(kind)


@cache
def _estimate(kind: str) -> Fitted:
    estimates = OWN_ESTIMATES.get(kind, ESTIMATES)
    return Fitted(logit(PRIORS.get(kind, UNKNOWN_PRIOR)), _sum(estimates, MOMENTS))


def _sum(*tables: Mapping[str, float]) -> Mapping[str, float]:
    names = dict.fromkeys(name for table in tables for name in table)
    return {name: sum(table.get(name, 0.0) for table in tables) for name in names}
