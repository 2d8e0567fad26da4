"""Fit a small logistic regression: Newton's method, a ridge on standardised numbers, no library.

A few thousand rows of a dozen numbers take a tenth of a second, and the same rows give the same
weights on every machine.
"""

import math
from collections.abc import Sequence
from operator import mul

from msgspec import Struct

STEPS = 25
CLOSE = 1e-9


class Logistic(Struct, frozen=True):
    """Log odds are `bias` plus each number by its weight, on the scale of the numbers."""

    bias: float
    weights: tuple[float, ...]

    def log_odds(self, numbers: Sequence[float]) -> float:
        """What the model says of one row."""
        return self.bias + dot(self.weights, numbers)


def fit(rows: Sequence[Sequence[float]], labels: Sequence[bool], ridge: float) -> Logistic:
    """The weights that maximise the likelihood less `ridge` / 2 times their squares.

    The bias pays nothing. Numbers are brought to mean 0 and deviation 1 first and the weights back
    afterwards; one that never varies gets weight 0. Raises `ValueError` unless both labels occur.
    """
    if len(set(labels)) < 2:
        raise ValueError("rows of both labels are needed")
    columns = list(zip(*rows, strict=True))
    means = [math.fsum(column) / len(column) for column in columns]
    spreads = [
        math.sqrt(math.fsum((x - mean) ** 2 for x in column) / len(column))
        for column, mean in zip(columns, means, strict=True)
    ]
    scales = [1 / spread if spread > CLOSE else 0.0 for spread in spreads]
    scaled = [
        [1.0, *((x - m) * s for x, m, s in zip(row, means, scales, strict=True))] for row in rows
    ]
    found = _newton(scaled, labels, ridge)
    weights = tuple(w * s for w, s in zip(found[1:], scales, strict=True))
    return Logistic(found[0] - dot(weights, means), weights)


def dot(one: Sequence[float], other: Sequence[float]) -> float:
    """The sum of the products, over the shorter of the two."""
    return sum(map(mul, one, other))


def _newton(rows: Sequence[list[float]], labels: Sequence[bool], ridge: float) -> list[float]:
    size = len(rows[0])
    found = [0.0] * size
    for _ in range(STEPS):
        slope = [0.0] + [-ridge * w for w in found[1:]]
        curve = [[ridge * (i == j and i > 0) for j in range(size)] for i in range(size)]
        for row, label in zip(rows, labels, strict=True):
            p = 1 / (1 + math.exp(-max(-500.0, dot(found, row))))
            rest, weight = label - p, p * (1 - p)
            for i, x in enumerate(row):
                slope[i] += rest * x
                line, by = curve[i], weight * x
                for j in range(i + 1):
                    line[j] += by * row[j]
        step = _solve(curve, slope)
        found = [w + s for w, s in zip(found, step, strict=True)]
        if max(map(abs, step)) < CLOSE:
            break
    return found


def _solve(lower: list[list[float]], right: Sequence[float]) -> list[float]:
    """Solve a symmetric positive system, given below its diagonal, by Cholesky's factors."""
    size = len(right)
    root = [[0.0] * size for _ in range(size)]
    for i in range(size):
        for j in range(i + 1):
            rest = lower[i][j] - dot(root[i][:j], root[j][:j])
            if i == j:
                # A number that never varies has no curve; any step but none would do.
                root[i][i] = math.sqrt(rest) if rest > CLOSE else math.inf
            else:
                root[i][j] = rest / root[j][j]
    half: list[float] = []
    for i in range(size):
        half.append((right[i] - dot(root[i][:i], half)) / root[i][i])
    found = [0.0] * size
    for i in reversed(range(size)):
        rest = half[i] - math.fsum(root[j][i] * found[j] for j in range(i + 1, size))
        found[i] = rest / root[i][i]
    return found
