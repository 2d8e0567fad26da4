"""Boosted regression trees: log odds from named features, and what each feature added to them.

Trees are data: `[feature, limit, mean, at_most, above]`, each of the last two a tree again or the
log odds of a leaf; `mean` is what the tree says on average of all that comes so far. A feature that
is not named is 0. Made elsewhere by gradient boosting (Friedman 2001), read here without any
library.
"""

import operator
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from struct import Struct as Layout
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
# A feature on the way to a leaf, with what the tree says before and after its question.
_Step = tuple[str, float, float]
# So many sets of names are known by what rows without them leave.
_MOST_KNOWN = 256


class Forest:
    """Trees that add up.

    They are not walked. Each tree has a field of bits, one for each leaf from left to right; an
    answer "above" takes the leaves at the other side out of reach. What all answers leave of a
    field, its lowest bit, is the leaf that walking would have come to (QuickScorer, Lucchese et
    al. 2015). So a row costs a look at each of its features, and not one at each question.
    """

    def __init__(self, trees: Sequence[Tree]) -> None:
        self._trees = tuple(trees)
        leaves = [list(_leaves(tree)) for tree in trees]
        self._width = -(-max(map(len, leaves), default=1) // 8)
        self._layout = Layout(f"{self._width}s" * len(trees))
        self._says = [{self._bit(n): leaf for n, leaf in enumerate(each)} for each in leaves]
        self._ways: list[dict[bytes, tuple[_Step, ...]]] = []
        bits = 8 * self._width
        self._lowest = sum(1 << bits * number for number in range(len(trees)))
        self._whole = self._lowest * ((1 << bits) - 1)
        # By feature the limits it is asked about, rising, and what is in reach between them.
        self._answers = self._answered()
        self._left: dict[frozenset[str], int] = {}

    @property
    def features(self) -> frozenset[str]:
        """The names that any tree asks for."""
        return frozenset(self._answers)

    def row(
        self, features: Mapping[str, float], base: Mapping[str, float] | None = None
    ) -> Mapping[str, float]:
        """The features on top of those of `base`; names that no tree asks for are left out."""
        known = {name: value for name, value in features.items() if name in self._answers}
        return {**base, **known} if base else known

    def score(self, row: Mapping[str, float]) -> float:
        """The sum of what all trees say of a row."""
        return Common(self, row).score({})

    def pushes(self, features: Mapping[str, float]) -> tuple[float, dict[str, float]]:
        """What the trees say of nothing in particular, and what each feature adds to that.

        A feature's push is what the trees' mean changes by at its questions, along the way that
        these features take (Saabas 2014); all together make the score.
        """
        if not self._ways:
            self._ways = [
                {self._bit(n): way for n, way in enumerate(_ways(tree))} for tree in self._trees
            ]
        pushes: dict[str, float] = {}
        reached = self.reached(Common(self, features).left(()))
        for way in map(operator.getitem, self._ways, reached):
            for name, before, after in way:
                pushes[name] = pushes.get(name, 0.0) + after - before
        return _sum(map(mean_of, self._trees)), pushes

    def say(self, left: int) -> float:
        """What the trees say together, each by the lowest of its leaves that are left."""
        return _sum(map(operator.getitem, self._says, self.reached(left)))

    def reached(self, left: int) -> tuple[bytes, ...]:
        """For each tree the lowest of its leaves that are left, as a field of one bit."""
        only = left & (left ^ (left - self._lowest))
        return self._layout.unpack(only.to_bytes(self._layout.size, "little"))

    def narrowed(self, left: int, features: Mapping[str, float]) -> int:
        """What these features leave of the leaves that were left."""
        answers = self._answers
        for name, value in features.items():
            known = answers.get(name)
            if known is not None:
                left &= known[1][bisect_left(known[0], value)]
        return left

    def without(self, names: frozenset[str]) -> int:
        """The leaves that are left where all features but these are 0."""
        left = self._left.get(names)
        if left is None:
            if len(self._left) == _MOST_KNOWN:
                self._left.clear()
            zeros = dict.fromkeys((name for name in self._answers if name not in names), 0.0)
            left = self._left[names] = self.narrowed(self._whole, zeros)
        return left

    def _bit(self, number: int) -> bytes:
        return (1 << number).to_bytes(self._width, "little")

    def _answered(self) -> dict[str, tuple[list[float], list[int]]]:
        """For each feature its limits, and which leaves are left below, between, above them."""
        taken: dict[str, dict[float, int]] = {}
        for number, tree in enumerate(self._trees):
            for feature, limit, leaves in _questions(tree, 8 * self._width * number):
                limits = taken.setdefault(feature, {})
                limits[limit] = limits.get(limit, 0) | leaves
        answers: dict[str, tuple[list[float], list[int]]] = {}
        for feature, by_limit in taken.items():
            limits = sorted(by_limit)
            left = [self._whole]
            for limit in limits:
                left.append(left[-1] & ~by_limit[limit])
            answers[feature] = limits, left
        return answers


class Common:
    """What many rows have in common: looked up once for all of them."""

    def __init__(self, forest: Forest, features: Mapping[str, float]) -> None:
        self._forest = forest
        self._features = features
        # By the names that a row has of its own, which take the place of those in common.
        self._left: dict[tuple[str, ...], int] = {}

    def score(self, own: Mapping[str, float]) -> float:
        """The sum of what all trees say of the features in common with these on top."""
        return self._forest.say(self._forest.narrowed(self.left(tuple(own)), own))

    def left(self, own: tuple[str, ...]) -> int:
        """The leaves that the features in common leave, but for those with names of `own`."""
        left = self._left.get(own)
        if left is None:
            names = frozenset(own)
            common = {name: x for name, x in self._features.items() if name not in names}
            known = self._forest.without(names.union(common))
            left = self._left[own] = self._forest.narrowed(known, common)
        return left


def mean_of(tree: Tree) -> float:
    """What a tree says on average; of a leaf, what it says."""
    return tree.mean if isinstance(tree, Node) else tree


def _sum(numbers: Iterator[float]) -> float:
    """From left to right, as `sum` added before Python 3.12, so that all versions agree."""
    return reduce(operator.add, numbers, 0.0)


def _leaves(tree: Tree) -> Iterator[float]:
    """What the leaves say, from left to right."""
    if isinstance(tree, Node):
        yield from _leaves(tree.at_most)
        yield from _leaves(tree.above)
    else:
        yield float(tree)


def _ways(tree: Tree, way: tuple[_Step, ...] = ()) -> Iterator[tuple[_Step, ...]]:
    """The steps to each leaf, from left to right."""
    if not isinstance(tree, Node):
        yield way
        return
    for next_ in (tree.at_most, tree.above):
        yield from _ways(next_, (*way, (tree.feature, tree.mean, mean_of(next_))))


def _questions(tree: Tree, first: int) -> Iterator[tuple[str, float, int]]:
    """Each question, with the leaves, from bit `first` on, that "above" takes out of reach."""
    if not isinstance(tree, Node):
        return
    middle = first + sum(1 for _ in _leaves(tree.at_most))
    yield tree.feature, tree.limit, (1 << middle) - (1 << first)
    yield from _questions(tree.at_most, first)
    yield from _questions(tree.above, middle)
