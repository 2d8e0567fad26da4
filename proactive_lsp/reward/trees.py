"""Boosted regression trees: log odds from named features, and what each feature added to them.

Trees are data: `[feature, limit, mean, at_most, above]`, each of the last two a tree again or the
log odds of a leaf; `mean` is what the tree says on average of all that comes so far. A feature that
is not named is 0. Made elsewhere by gradient boosting (Friedman 2001), read here without any
library.
"""

from collections.abc import Mapping, Sequence
from typing import Union

from msgspec import Struct


class Node(Struct, frozen=True, array_like=True):
    """A question about one feature: at most the limit, or above it."""

    feature: str
    limit: float
    mean: float
    at_most: Union["Node", float]
    above: Union["Node", float]


Tree = Node | float
# The same with the number of the feature in place of its name: what is walked a thousand times.
_Flat = tuple[int, float, "_Flat | float", "_Flat | float"]


class Forest:
    """Trees that add up."""

    def __init__(self, trees: Sequence[Tree]) -> None:
        self._trees = tuple(trees)
        self._numbers: dict[str, int] = {}
        self._flat = [self._flatten(tree) for tree in trees]
        self._zeros = [0.0] * len(self._numbers)

    @property
    def features(self) -> frozenset[str]:
        """The names that any tree asks for."""
        return frozenset(self._numbers)

    def row(
        self, features: Mapping[str, float], base: Sequence[float] | None = None
    ) -> list[float]:
        """The features by number, on top of those of `base`; names that no tree asks for are left
        out."""
        row = list(self._zeros if base is None else base)
        numbers = self._numbers
        for name, value in features.items():
            number = numbers.get(name)
            if number is not None:
                row[number] = value
        return row

    def score(self, row: Sequence[float]) -> float:
        """The sum of what all trees say of a row."""
        total = 0.0
        for tree in self._flat:
            node = tree
            while isinstance(node, tuple):
                node = node[2] if row[node[0]] <= node[1] else node[3]
            total += node
        return total

    def pushes(self, features: Mapping[str, float]) -> tuple[float, dict[str, float]]:
        """What the trees say of nothing in particular, and what each feature adds to that.

        A feature's push is what the trees' mean changes by at its questions, along the way that
        these features take (Saabas 2014); all together make the score.
        """
        start = 0.0
        pushes: dict[str, float] = {}
        for tree in self._trees:
            node = tree
            mean = mean_of(node)
            start += mean
            while isinstance(node, Node):
                name = node.feature
                node = node.at_most if features.get(name, 0.0) <= node.limit else node.above
                pushes[name] = pushes.get(name, 0.0) + mean_of(node) - mean
                mean = mean_of(node)
        return start, pushes

    def _flatten(self, tree: Tree) -> "_Flat | float":
        if not isinstance(tree, Node):
            return float(tree)
        number = self._numbers.setdefault(tree.feature, len(self._numbers))
        return (number, tree.limit, self._flatten(tree.at_most), self._flatten(tree.above))


def mean_of(tree: Tree) -> float:
    """What a tree says on average; of a leaf, what it says."""
    return tree.mean if isinstance(tree, Node) else tree
