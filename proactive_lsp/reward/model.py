"""The probability that a task is wanted, from named features: log odds that add up.

Most kinds of need are judged by boosted trees in `weights.json`, trained on what developers did
next in real histories by `bench reward --train`; the file says which, and what came of it where it
was held out. A kind that is too rare there has an estimate: the precision measured for it elsewhere
(8 886 commits of 13 Python repositories: how often the developer did what the rule foresaw, in the
same commit), moved by a few features. What histories cannot tell, the moment, follows a field study
of proactive help (arXiv 2601.10253: 52 % engaged right after a commit, 38 % in the midst of a
task). Without the file, or with a broken one, all kinds have estimates, and `problem` says why.
What a model predicts is judged by a file of its own, `predicted.json`.
"""

import logging
import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from proactive_lsp.reward.trees import Common, Forest, Tree

log = logging.getLogger(__name__)

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
    "failing-test": 0.80,
    "unused-import": 0.95,
    "docstring": 0.76,
    "twin-signature": 0.50,
    "predicted": 0.50,
}
# A kind nobody measured is as likely wanted as not wanted.
UNKNOWN_PRIOR = 0.5
# What is known of a kind from elsewhere counts as so many places.
PRIOR_PLACES = 50
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
    "failing-test": {"in-test": -1.00, "edited-line": 0.50, "frames-between": -0.50},
    "docstring": {"no-edit": -1.00},
    "index-entry": {"listed": 1.50, "index-name": 0.80},
    "merge-conflict": {"no-edit": -1.00},
    "moved-path": {"as-prose": -1.50, "as-comment": -0.50},
    "option-docs": {"documented-files": 0.80},
    "release": {"own-version": 1.00, "places": -5.00},
}
# For every kind: what no history tells, in log odds. `boundary-just-passed` is told to whoever
# trains on sessions; nothing that is known gives it a weight.
MOMENTS: Mapping[str, float] = {
    "at-pause": -0.57,
    "at-commit": 0.08,
    "diagnosed": 0.40,
}
WEIGHTS = Path(__file__).with_name("weights.json")
# The kind of need that a model's tasks have.
PREDICTION = "predicted"
PREDICTED = Path(__file__).with_name(f"{PREDICTION}.json")
# What this version reads.
FORMAT = 2


class Provenance(Struct, frozen=True):
    """Where weights come from: which commits of which repositories, and what they came to.

    `held_out` are the figures on repositories that the trees had not seen, each in turn.
    """

    method: str = ""
    date: str = ""
    rows: int = 0
    repositories: tuple[Mapping[str, Any], ...] = ()
    held_out: Mapping[str, float] = {}


class Weights(Struct, frozen=True, dict=True):
    """The shipped file.

    `rates` has the share of right places of each fitted kind, where its log odds begin; the trees
    add to them. `seen` has how many places of each other kind there were, and how many were right,
    too few to train on. `calibration` are points of the way from that sum to log odds as they
    turned out, rising in both, straight in between and beyond; `lines` has a slope and an offset
    for what that makes of each kind.
    """

    format: int = FORMAT
    provenance: Provenance = Provenance()
    rates: Mapping[str, float] = {}
    seen: Mapping[str, tuple[int, int]] = {}
    calibration: tuple[tuple[float, float], ...] = ()
    lines: Mapping[str, tuple[float, float]] = {}
    trees: tuple[Tree, ...] = ()

    @cached_property
    def forest(self) -> Forest:
        """The trees, ready to be asked."""
        return Forest(self.trees)


class Loaded(Struct, frozen=True):
    """Weights, and what is wrong with the file where there are none."""

    weights: Weights
    problem: str = ""


def read(file: Path) -> Loaded:
    """The weights of a file; none, with a sentence that says why, where it cannot be used."""
    try:
        made = msgspec.json.decode(file.read_bytes(), type=Weights)
    except OSError as error:
        return Loaded(Weights(), f"{file}: {error.strerror}; judging by estimates; reinstall")
    except (msgspec.DecodeError, RecursionError) as error:
        return Loaded(Weights(), f"{file}: {error}; judging by estimates; reinstall")
    if made.format != FORMAT:
        reason = f"format {made.format}, not {FORMAT}"
        return Loaded(Weights(), f"{file}: {reason}; judging by estimates; reinstall")
    points = made.calibration
    rising = all(one[0] < two[0] and one[1] <= two[1] for one, two in pairwise(points))
    if not made.trees or len(points) < 2 or not rising:
        return Loaded(Weights(), f"{file}: no trees, or no calibration; judging by estimates")
    return Loaded(made)


@cache
def _loaded(file: Path) -> Loaded:
    loaded = read(file)
    if loaded.problem:
        log.warning("%s", loaded.problem)
    return loaded


def weights() -> Weights:
    """The shipped weights, read once; none where the file is broken."""
    return _loaded(WEIGHTS).weights


def predicted_weights() -> Weights:
    """The weights for what a model predicts, read once; none where the file is broken."""
    return _loaded(PREDICTED).weights


def problem() -> str:
    """What is wrong with the shipped weights, as a sentence for the user; "" for nothing."""
    return _loaded(WEIGHTS).problem


def is_fitted(kind: str) -> bool:
    """Whether trees know the kind."""
    return _weights_of(kind) is not None


def _weights_of(kind: str) -> Weights | None:
    """The weights that know a kind; None for one that has an estimate."""
    if kind in weights().rates:
        return weights()
    return predicted_weights() if kind in predicted_weights().rates else None


def logit(p: float) -> float:
    """Log odds of a probability, which is kept off 0 and 1."""
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))


def sigmoid(x: float) -> float:
    """The probability with these log odds."""
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def prior(kind: str) -> float:
    """The log odds of a kind of which nothing else is known."""
    fitted = _weights_of(kind)
    return logit(fitted.rates[kind]) if fitted is not None else _estimate(kind).prior


class Scorer:
    """Judges the places of one task: what they have in common is looked up once."""

    def __init__(self, kind: str, common: Mapping[str, float]) -> None:
        # Trees know what comes after an edit. Where none is known a prediction has its estimate.
        nothing_done = kind == PREDICTION and bool(common.get("edit-unknown"))
        self._fitted = None if nothing_done else _weights_of(kind)
        self._common = {**common, f"kind-{kind}": 1.0}
        self._kind = kind
        if self._fitted is not None:
            self._shared = Common(self._fitted.forest, self._common)
            self._moment = linear(MOMENTS, common)
            self._prior = prior(kind)
            self._line = self._fitted.lines.get(kind, (1.0, 0.0))

    def log_odds(self, own: Mapping[str, float]) -> float:
        """Of a place with these features of its own."""
        if self._fitted is None:
            return sum(push for _, push in self.pushes(own))
        raw = self._prior + self._shared.score(own)
        return self._calibrated(raw) + self._moment + linear(MOMENTS, own)

    def pushes(self, own: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
        """What the prior and each feature add to the log odds, in all their sum.

        Features that add nothing are left out. `calibration` is what the trees together are off.
        """
        features = {**self._common, **own}
        moment = [(name, MOMENTS[name] * features[name]) for name in MOMENTS if features.get(name)]
        if self._fitted is None:
            estimate = _estimate(self._kind)
            terms = [
                (name, weight * value)
                for name, value in features.items()
                if value and (weight := estimate.weights.get(name))
            ]
            return (("prior", estimate.prior), *terms, *moment)
        start, pushes = self._fitted.forest.pushes(features)
        # What the kind itself stands for is one push, however many questions it answers.
        kind = start + sum(push for name, push in pushes.items() if name.startswith("kind-"))
        raw = self._prior + start + sum(pushes.values())
        terms = [(name, push) for name, push in pushes.items() if not name.startswith("kind-")]
        off = self._calibrated(raw) - raw
        told = (("prior", self._prior), ("kind", kind), *terms, ("calibration", off))
        return (*(each for each in told if each[1] or each[0] == "prior"), *moment)

    def _calibrated(self, raw: float) -> float:
        assert self._fitted is not None
        slope, offset = self._line
        return offset + slope * calibrated(raw, self._fitted.calibration)


def calibrated(raw: float, points: Sequence[tuple[float, float]]) -> float:
    """Log odds as they turned out for what the trees say: straight between the points."""
    number = bisect_right(points, raw, key=_first)
    number = min(max(number, 1), len(points) - 1)
    (x, y), (next_x, next_y) = points[number - 1 : number + 1]
    return y + (raw - x) * (next_y - y) / (next_x - x)


def _first(point: tuple[float, float]) -> float:
    return point[0]


def linear(table: Mapping[str, float], features: Mapping[str, float]) -> float:
    """The sum of features times their weights."""
    return sum(weight * features.get(name, 0.0) for name, weight in table.items())


class _Estimate(Struct, frozen=True):
    """A prior in log odds, and what moves it."""

    prior: float
    weights: Mapping[str, float]


@cache
def _estimate(kind: str) -> _Estimate:
    prior = PRIORS.get(kind, UNKNOWN_PRIOR)
    return _Estimate(logit(prior), OWN_ESTIMATES.get(kind, ESTIMATES))


def blended(known: float, places: int, right: int) -> float:
    """A share that is known from elsewhere, moved by the places that were seen."""
    return (right + PRIOR_PLACES * known) / (places + PRIOR_PLACES)
