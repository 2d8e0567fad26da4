"""Train the reward filter on what developers did next: candidates in, a readable file out.

Gradient boosted trees on the log loss. Each repository is judged once by trees that were grown
without it; from that the calibration and the figures of the provenance are made. Then all of them
are grown again on everything. The same candidates give the same file. LightGBM and NumPy are
wanted here alone: `pip install "proactive-lsp[train]"`.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

import msgspec
from msgspec import Struct, structs

from proactive_lsp.evaluation.data import Data
from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.evaluation.filter_figures import Scored, figures_of
from proactive_lsp.reward.model import (
    PRIORS,
    Provenance,
    Weights,
    blended,
    calibrated,
    logit,
    sigmoid,
)
from proactive_lsp.reward.trees import Node, Tree, mean_of

if TYPE_CHECKING:
    import numpy as np

TREES, LEAVES = 200, 16
PARAMETERS: Mapping[str, Any] = {
    "objective": "cross_entropy",
    "learning_rate": 0.08,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 10.0,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
# What can only speak for a place, and what can only speak against it, whatever a few commits say.
RISING = frozenset(
    {
        *("agree", "agree-near", "needs-here", "neighbours", "like-before", "gone", "alike"),
        *("forward", "backward", "share", "done", "done-files", "same-indent", "same-definition"),
        *("rule-odds", "together"),
    }
)
FALLING = frozenset({"occurrences", "mentioning-files", "hunk-age"})
# A kind keeps its estimate unless so many commits know it, or at least as many places: what a
# handful of commits did is no habit.
ENOUGH_COMMITS, ENOUGH_PLACES = 100, 1_000
# The calibration is made of so many points: shares of the candidates below each.
_QUANTILES = (0.2, 0.5, 0.7, 0.8, 0.87, 0.92, 0.95, 0.97, 0.98, 0.99, 0.995)
_DIGITS = 5
# How firmly a kind keeps to the calibration of all: a step of one costs as much as this many
# places that were misjudged by one.
FIRMNESS = 20.0


class Trained(Struct, frozen=True):
    """Weights, and for each candidate the log odds of trees that had not seen its repository.

    Those of kinds that are too rare to be fitted are NaN.
    """

    weights: Weights
    held_out: "np.ndarray"


def train(
    data: Data,
    *,
    date: str,
    trees: int = TREES,
    leaves: int = LEAVES,
    advance: Callable[[], None] = lambda: None,
) -> Trained:
    """Weights for all of it; `date` goes into their provenance, `advance` is called per round.

    There are as many rounds as repositories, and one more. Raises `EvaluationError` for fewer than
    two repositories, or too few commits.
    """
    import numpy as np

    grow = partial(_grow, trees=trees, leaves=leaves)
    repositories = repositories_of(data)
    if len(repositories) < 2:
        raise EvaluationError("one repository alone cannot tell what holds elsewhere; give several")
    places = Counter(str(kind) for kind in data.kinds[data.first])
    known = sorted(
        kind
        for kind, number in data.commits.items()
        if number >= ENOUGH_COMMITS or places[kind] >= ENOUGH_PLACES
    )
    counted = np.isin(data.kinds, known)
    if not counted.any():
        raise EvaluationError(f"no kind of need is in {ENOUGH_COMMITS} commits; give more of them")
    raw = np.full(len(data.right), np.nan)
    for held in repositories:
        test = counted & (data.repositories == held)
        seen = counted & ~test
        if test.any():
            rates = rates_of(data, seen)
            grown = grow(data, seen, rates).predict(data.matrix[test], raw_score=True)
            raw[test] = grown + _starts(data.kinds[test], rates)
        advance()
    points = calibration(raw[counted], data.right[counted])
    odds = np.array([calibrated(float(each), points) for each in raw])
    lines: dict[str, tuple[float, float]] = {}
    for kind in known:
        of = data.kinds == kind
        slope, offset = lines[kind] = line_of(odds[of], data.right[of])
        odds[of] = offset + slope * odds[of]
    rates = rates_of(data, counted)
    first = counted & data.first
    figures = figures_of(
        Scored(str(kind), sigmoid(float(of)), rates[str(kind)], bool(right))
        for kind, of, right in zip(data.kinds[first], odds[first], data.right[first], strict=True)
    )
    provenance = Provenance(
        method=f"LightGBM, {trees} trees of {leaves} leaves",
        date=date,
        rows=int(counted.sum()),
        repositories=tuple(structs.asdict(source) for source in data.sources),
        held_out={
            name: value for name, value in structs.asdict(figures).items() if value is not None
        },
    )
    names = sorted(data.names, key=data.names.__getitem__)
    found = _trees(grow(data, counted, rates), names)
    advance()
    weights = Weights(
        provenance=provenance,
        rates=rates,
        seen=_seen(data, ~counted),
        calibration=points,
        lines=lines,
        trees=found,
    )
    return Trained(weights, odds)


def rates_of(data: Data, chosen: "np.ndarray") -> Mapping[str, float]:
    """Of each kind the share of right places among the chosen, as they are first noticed."""
    rates: dict[str, float] = {}
    for kind in sorted({str(kind) for kind in data.kinds[chosen]}):
        right = data.right[chosen & data.first & (data.kinds == kind)]
        yes, number = int(right.sum()), len(right)
        known = PRIORS.get(kind, (yes + 0.5) / (number + 1))
        rates[kind] = _rounded(blended(known, number, yes))
    return rates


def _seen(data: Data, chosen: "np.ndarray") -> Mapping[str, tuple[int, int]]:
    """Of each kind among the chosen how many places were noticed, and how many were right."""
    seen: dict[str, tuple[int, int]] = {}
    for kind in sorted({str(kind) for kind in data.kinds[chosen]}):
        right = data.right[chosen & data.first & (data.kinds == kind)]
        seen[kind] = len(right), int(right.sum())
    return seen


def _starts(kinds: "np.ndarray", rates: Mapping[str, float]) -> "np.ndarray":
    """The log odds of each candidate's kind, where the trees begin."""
    import numpy as np

    middle = sum(rates.values()) / len(rates)
    return np.array([logit(rates.get(str(kind), middle)) for kind in kinds])


def repositories_of(data: Data) -> list[str]:
    """The names of the repositories, in order."""
    return sorted({str(name) for name in data.repositories})


def encode(weights: Weights) -> bytes:
    """JSON for a person to read: a line for each tree, and for each repository."""
    whole = cast("dict[str, Any]", msgspec.to_builtins(weights))
    told = whole["provenance"]
    lines = {
        "format": _json(whole["format"]),
        "provenance": _block(
            {
                **{name: _json(value) for name, value in told.items() if name != "repositories"},
                "repositories": _list(told["repositories"], "  "),
            },
            " ",
        ),
        "rates": _json(whole["rates"]),
        "seen": _json(whole["seen"]),
        "calibration": _json(whole["calibration"]),
        "lines": _json(whole["lines"]),
        "trees": _list(whole["trees"], " "),
    }
    return f"{_block(lines, '')}\n".encode()


def _block(lines: Mapping[str, str], indent: str) -> str:
    inside = ",\n".join(f'{indent} "{name}": {text}' for name, text in lines.items())
    return f"{{\n{inside}\n{indent}}}"


def _list(values: Sequence[Any], indent: str) -> str:
    inside = ",\n".join(f"{indent} {_json(value)}" for value in values)
    return f"[\n{inside}\n{indent}]"


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def calibration(raw: "np.ndarray", right: "np.ndarray") -> tuple[tuple[float, float], ...]:
    """Points from what trees said of places they had not seen, to the log odds that these had.

    Groups of candidates by what was said, as few as the numbers allow at the likely end; what is
    said of a likelier group never falls (isotonic regression, by pooling neighbours).
    """
    import numpy as np

    order = np.argsort(raw, kind="stable")
    ends = [0, *(int(share * len(raw)) for share in _QUANTILES), len(raw)]
    groups = [
        [float(raw[part].mean()), float(right[part].sum()), float(len(part))]
        for start, end in pairwise(ends)
        if len(part := order[start:end])
    ]
    pooled: list[list[float]] = []
    for said, yes, number in groups:
        pooled.append([said * number, yes, number])
        while len(pooled) > 1 and pooled[-2][1] * pooled[-1][2] >= pooled[-1][1] * pooled[-2][2]:
            last = pooled.pop()
            pooled[-1] = [one + two for one, two in zip(pooled[-1], last, strict=True)]
    # Half a case of either kind keeps a group of few from certainty.
    points = [
        (_rounded(said / number), _rounded(logit((yes + 0.5) / (number + 1))))
        for said, yes, number in pooled
    ]
    if len(points) < 2:
        reason = "what holds in some of these repositories does not hold in the others"
        raise EvaluationError(f"{reason}; give more of them, or more commits")
    return tuple(points)


def line_of(odds: "np.ndarray", right: "np.ndarray") -> tuple[float, float]:
    """Slope and offset that make the log odds of one kind those that it had (Platt 1999).

    Kept close to 1 and 0 by `FIRMNESS`; found by Newton's method.
    """
    import numpy as np

    columns = np.stack([odds, np.ones(len(odds))], axis=1)
    start = np.array([1.0, 0.0])
    line = start.copy()
    for _ in range(25):
        p = 1 / (1 + np.exp(-(columns @ line)))
        slope = columns.T @ (p - right) + FIRMNESS * (line - start)
        bend = (columns * (p * (1 - p))[:, None]).T @ columns + FIRMNESS * np.eye(2)
        line -= np.linalg.solve(bend, slope)
    return _rounded(float(line[0])), _rounded(float(line[1]))


def _grow(
    data: Data,
    chosen: "np.ndarray",
    rates: Mapping[str, float],
    trees: int = TREES,
    leaves: int = LEAVES,
) -> Any:  # noqa: ANN401 - LightGBM has no types
    lightgbm = cast("Any", import_module("lightgbm"))
    names = sorted(data.names, key=data.names.__getitem__)
    ways = [(name in RISING) - (name in FALLING) for name in names]
    rows = lightgbm.Dataset(
        data.matrix[chosen],
        label=data.right[chosen].astype(float),
        weight=data.importance[chosen],
        init_score=_starts(data.kinds[chosen], rates),
        free_raw_data=True,
    )
    more = {"num_leaves": leaves, "monotone_constraints": ways}
    return lightgbm.train({**PARAMETERS, **more}, rows, trees)


def _trees(grown: Any, names: Sequence[str]) -> tuple[Tree, ...]:  # noqa: ANN401
    """LightGBM's trees as ours."""
    found = grown.dump_model()["tree_info"]
    return tuple(_tree(each["tree_structure"], names)[0] for each in found)


def _tree(node: Mapping[str, Any], names: Sequence[str]) -> tuple[Tree, float]:
    """A tree, and of how many candidates it was made."""
    if "split_feature" not in node:
        return _rounded(node["leaf_value"]), float(node.get("leaf_count", 1))
    at_most, few = _tree(node["left_child"], names)
    above, many = _tree(node["right_child"], names)
    mean = (few * mean_of(at_most) + many * mean_of(above)) / (few + many)
    name, limit = names[int(node["split_feature"])], _rounded(node["threshold"])
    return Node(name, limit, _rounded(mean), at_most, above), few + many


def _rounded(value: float) -> float:
    """As many digits as a person would compare."""
    return float(f"{value:.{_DIGITS}g}")
