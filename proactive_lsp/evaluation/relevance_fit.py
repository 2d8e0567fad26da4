"""Fit the relevance of free text to judged proposals, everything from the given rows alone."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.evaluation.folds import deal
from proactive_lsp.evaluation.logistic import Logistic, fit
from proactive_lsp.evaluation.proactivebench import Observation, Row
from proactive_lsp.evaluation.scores import auc, best_threshold
from proactive_lsp.reward.model import sigmoid
from proactive_lsp.reward.relevance import Weights, log_odds, relevance

RIDGES = (3.0, 10.0, 30.0, 100.0)
INNER_FOLDS = 4
DIGITS = 4
SEARCHED = "searched"

# More numbers about a row, such as those of an embedding.
More = Callable[[Row], Mapping[str, float]]


class Example(Struct, frozen=True):
    """A row with the numbers about its task, or about its events alone when it has none."""

    row: Row
    numbers: Mapping[str, float]

    @property
    def is_task(self) -> bool:
        """Whether something was proposed; else the proposal is silence."""
        return self.row.pred_task is not None

    @property
    def session(self) -> Observation:
        """Which session it is of."""
        return self.row.session


class Fitted(Struct, frozen=True):
    """Weights as they would ship, and how probable it is that silence is right.

    All that was found to tell when silence is right is whether the last event is a search: its
    probability is the share of such rows, or of the others, among those it was fitted to. A
    decision is yes from the weights' threshold on.
    """

    weights: Weights
    silence: float
    silence_after_search: float
    ridge: float

    def p(self, example: Example) -> float:
        """How likely people would accept what was proposed, a task or silence."""
        if example.is_task:
            return sigmoid(log_odds(example.numbers, self.weights))
        return self.silence_after_search if example.numbers[SEARCHED] else self.silence


def examples(rows: Iterable[Row], more: More | None = None) -> tuple[Example, ...]:
    """The rows with their numbers."""
    return tuple(
        Example(
            row,
            {
                **relevance(row.pred_task or "", row.events),
                **(more(row) if more and row.pred_task is not None else {}),
            },
        )
        for row in rows
    )


def fit_relevance(given: Sequence[Example]) -> Fitted:
    """Weights, ridge and threshold, chosen by folds of whole sessions among the given rows.

    The ridge is the one with the best auc on tasks, the threshold the one with the best F1 on
    tasks, both on predictions for sessions that the fold was not fitted to. Raises
    `EvaluationError` when the rows hold too little.
    """
    tasks = [each for each in given if each.is_task]
    silences = [each for each in given if not each.is_task]
    if len({each.row.valid for each in tasks}) < 2:
        raise EvaluationError(
            "the rows to fit to have no task that was accepted, or none that was not"
        )
    chosen = max(
        ((_held_out(tasks, ridge), ridge) for ridge in RIDGES),
        # Of equally good ones the first, which is the mildest.
        key=lambda each: auc(each[0]) or 0.0,
    )
    pairs, ridge = chosen
    quiet = _share([each for each in silences if not each.numbers[SEARCHED]])
    searching = _share([each for each in silences if each.numbers[SEARCHED]])
    found = _fit(tasks, ridge)
    names = list(tasks[0].numbers)
    weights = Weights(
        provenance={},
        bias=round(found.bias, DIGITS),
        centre=0.0,
        threshold=round(best_threshold(pairs), DIGITS),
        weights={
            name: round(weight, DIGITS) for name, weight in zip(names, found.weights, strict=True)
        },
    )
    centre = sum(log_odds(each.numbers, weights) for each in tasks) / len(tasks)
    return Fitted(replace(weights, centre=round(centre, DIGITS)), quiet, searching, ridge)


def _held_out(tasks: Sequence[Example], ridge: float) -> list[tuple[float, bool]]:
    """Each task's probability by a fit without its session, and its label."""
    folds = deal([each.session for each in tasks], INNER_FOLDS)
    pairs: list[tuple[float, bool]] = []
    for fold in sorted(set(folds)):
        others = [each for each, at in zip(tasks, folds, strict=True) if at != fold]
        own = [each for each, at in zip(tasks, folds, strict=True) if at == fold]
        if len({each.row.valid for each in others}) < 2:
            continue
        model = _fit(others, ridge)
        pairs += [
            (sigmoid(model.log_odds(list(each.numbers.values()))), each.row.valid) for each in own
        ]
    return pairs


def _fit(tasks: Sequence[Example], ridge: float) -> Logistic:
    return fit(
        [list(each.numbers.values()) for each in tasks], [each.row.valid for each in tasks], ridge
    )


def _share(rows: Sequence[Example]) -> float:
    """The share of rows that people accept, one more of each kind added."""
    return (sum(each.row.valid for each in rows) + 1) / (len(rows) + 2)
