"""Candidates as numbers, for whoever trains on them; NumPy and SciPy are wanted here."""

import math
import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct

from proactive_lsp.evaluation.candidates import Candidates, Row, Source
from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.reward.model import MOMENTS

if TYPE_CHECKING:
    import numpy as np

# Histories know one kind of moment alone, at one distance from the next.
_MOMENTS = ("at-", "relevance", "boundary-just-passed", *MOMENTS)


class Data(Struct, frozen=True):
    """Candidates as a matrix, a row each; `names` are its columns.

    `first` tells which were noticed for the first time, `importance` how much each counts,
    `commits` how many know each kind.
    """

    names: Mapping[str, int]
    matrix: Any
    right: "np.ndarray"
    first: "np.ndarray"
    repositories: "np.ndarray"
    kinds: "np.ndarray"
    importance: "np.ndarray"
    commits: Mapping[str, int]
    sources: tuple[Source, ...]


def gather(runs: Iterable[Candidates]) -> Data:
    """The candidates of several runs together; raises `EvaluationError` without any.

    In whatever order runs and candidates come, the result is the same.
    """
    import numpy as np

    blocks = sorted((_Block(run) for run in runs), key=_Block.order)
    if not any(block.right for block in blocks):
        raise EvaluationError("nothing was noticed in these commits; give more of them")
    names = {
        name: number
        for number, name in enumerate(sorted({each for b in blocks for each in b.names}))
    }
    columns = np.concatenate(
        [
            np.array([names[name] for name in block.names], np.int32)[block.columns]
            for block in blocks
        ]
    )
    lengths = np.concatenate([np.array(block.lengths, np.int64) for block in blocks])
    matrix = cast("Any", import_module("scipy.sparse")).csr_matrix(
        (
            np.concatenate([np.array(block.values, np.float32) for block in blocks]),
            columns,
            np.concatenate([[0], np.cumsum(lengths)]),
        ),
        shape=(len(lengths), len(names)),
    )
    commits: dict[str, set[tuple[str, str]]] = {}
    for block in blocks:
        for kind, commit in zip(block.kinds, block.commits, strict=True):
            commits.setdefault(kind, set()).add((block.source.name, commit))
    return Data(
        names=names,
        matrix=matrix,
        right=np.array([each for block in blocks for each in block.right]),
        first=np.array([each for block in blocks for each in block.first]),
        repositories=np.array([block.source.name for block in blocks for _ in block.right]),
        kinds=np.array([each for block in blocks for each in block.kinds]),
        importance=np.array([each for block in blocks for each in block.importance()]),
        commits={kind: len(ids) for kind, ids in commits.items()},
        sources=tuple(block.source for block in blocks),
    )


class _Block:
    """The candidates of one run, in an order of their own, as numbers that need little room."""

    def __init__(self, run: Candidates) -> None:
        self.source = run.source
        self.names: dict[str, int] = {}
        self.columns = array("i")
        self.values = array("f")
        self.lengths = array("i")
        self.right: list[bool] = []
        self.first: list[bool] = []
        self.kinds: list[str] = []
        self.commits: list[str] = []
        self._boundaries: list[tuple[str, int]] = []
        for row in sorted(run.rows, key=_place):
            self._add(row)

    def order(self) -> tuple[str, str, int, bool]:
        """Where it stands among the others."""
        return self.source.name, self.source.order, self.source.seed, self.source.past

    def numbered(self, names: Mapping[str, int]) -> "np.ndarray":
        """The columns by the numbers that all blocks share."""
        import numpy as np

        numbers = np.array([names[name] for name in self.names], np.int32)
        return numbers[np.array(self.columns)]

    def importance(self) -> Iterator[float]:
        """A boundary counts nearly the same however many places it had."""
        sizes = Counter(self._boundaries)
        return (1 / math.sqrt(sizes[boundary]) for boundary in self._boundaries)

    def _add(self, row: Row) -> None:
        before = len(self.columns)
        for name, value in sorted((*row.features.items(), (f"kind-{row.kind}", 1.0))):
            if not name.startswith(_MOMENTS):
                self.columns.append(self.names.setdefault(name, len(self.names)))
                self.values.append(value)
        self.lengths.append(len(self.columns) - before)
        self.right.append(row.right)
        self.first.append(row.look == 1)
        self.kinds.append(sys.intern(row.kind))
        self.commits.append(sys.intern(row.commit))
        self._boundaries.append((sys.intern(row.commit), row.edits))


def _place(row: Row) -> tuple[object, ...]:
    """What tells a candidate from the others of its run."""
    line = -1 if row.line is None else row.line
    features = sorted(row.features.items())
    return row.commit, row.edits, row.kind, row.path, line, row.look, features, row.hunks
