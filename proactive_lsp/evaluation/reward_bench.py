"""Measure the relevance of free text on ProactiveBench, with and without its leak.

All histories of the published test file also stand in the training file, beside whether help was
needed then. So the published split measures memory; folds of whole sessions measure reading.
"""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.evaluation.folds import deal
from proactive_lsp.evaluation.proactivebench import TEST, TRAIN, Rewards, Row
from proactive_lsp.evaluation.relevance_fit import Example, Fitted, More, examples, fit_relevance
from proactive_lsp.evaluation.scores import Predicted, Scores, scores
from proactive_lsp.reward.relevance import Weights, shipped

FOLDS = 5


class Rows(Struct, frozen=True):
    """Figures of all rows, of those with a task, of those with silence, of the published test."""

    all: Scores
    tasks: Scores
    silence: Scores
    test120: Scores


class Data(Struct, frozen=True):
    """What the figures are of; `leaked` are the test rows whose history stands in training."""

    rows: int
    train: int
    test: int
    tasks: int
    sessions: int
    histories: int
    leaked: int


class Report(Struct, frozen=True):
    """What `bench reward --json` gives.

    `published` fits to the training file and predicts the test file. `grouped` predicts each row
    by a fit to the sessions of the other folds; its `test120` are the same 120 rows. Baselines are
    over the same rows as `grouped`: `lookup` says what the training file says of the history,
    `lookup_unseen` is left when no fold may know the session: how often a task, or silence, is
    right. `embeddings` is `published` and `grouped` once more, with an embedding's numbers added.
    `same_as_shipped` tells whether these rows give the weights that ship.
    """

    data: Data
    published: Rows
    grouped: Rows
    baselines: dict[str, Rows]
    embeddings: dict[str, Rows] | None
    same_as_shipped: bool


class Measured(Struct, frozen=True):
    """The report, and the weights fitted to all rows, with where they are from."""

    report: Report
    weights: Weights


def measure(
    rewards: Rewards,
    folder: Path,
    more: More | None = None,
    advance: Callable[[], None] = lambda: None,
) -> Measured:
    """Fit and predict; `more` adds an embedding's numbers to a second round of figures.

    `advance` is called for each of `rounds(more)` parts.
    """
    sessions = {row.session for row in (*rewards.train, *rewards.test)}
    if len(sessions) < FOLDS:
        raise EvaluationError(
            f"{folder}: {len(sessions)} sessions; {FOLDS} folds need as many different first events"
        )
    given = examples((*rewards.train, *rewards.test))
    train = len(rewards.train)
    published, grouped = _published(given, train, advance), _grouped(given, train, advance)
    weights = fit_relevance(given).weights
    advance()
    added = examples((*rewards.train, *rewards.test), more) if more else None
    known = shipped()
    report = Report(
        data=_data(rewards),
        published=published,
        grouped=grouped,
        baselines=_baselines(given, train),
        embeddings={
            "published": _published(added, train, advance),
            "grouped": _grouped(added, train, advance),
        }
        if added
        else None,
        same_as_shipped=known is not None and replace(known, provenance={}) == weights,
    )
    return Measured(report, replace(weights, provenance=_provenance(folder, report)))


def rounds(more: More | None) -> int:
    """How many parts `measure` has."""
    return (FOLDS + 1) * (2 if more else 1) + 1


def encode(report: Report) -> bytes:
    """The report as JSON for a file."""
    return msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n"


def encode_weights(weights: Weights) -> bytes:
    """The weights as the readable file that ships."""
    return msgspec.json.format(msgspec.json.encode(weights), indent=1) + b"\n"


def _published(given: Sequence[Example], train: int, advance: Callable[[], None]) -> Rows:
    model = fit_relevance(given[:train])
    advance()
    return _figures([_predict(model, each) for each in given[train:]], 0)


def _grouped(given: Sequence[Example], train: int, advance: Callable[[], None]) -> Rows:
    folds = deal([each.session for each in given], FOLDS)
    predicted: dict[int, Predicted] = {}
    for fold in range(FOLDS):
        model = fit_relevance([e for e, at in zip(given, folds, strict=True) if at != fold])
        for number, example in enumerate(given):
            if folds[number] == fold:
                predicted[number] = _predict(model, example)
        advance()
    return _figures([predicted[number] for number in range(len(given))], train)


def _predict(model: Fitted, example: Example) -> Predicted:
    p = model.p(example)
    return _decided(example, p, p >= model.weights.threshold)


def _decided(example: Example, p: float, yes: bool) -> Predicted:
    row = example.row
    return Predicted(row.valid, p, yes, row.outcome, row.session)


def _baselines(given: Sequence[Example], train: int) -> dict[str, Rows]:
    needed = {each.row.obs: each.row.help_needed for each in given[:train]}
    always = [_decided(each, 1.0, yes=True) for each in given]
    looked_up: list[Predicted] = []
    for each in given:
        # A task is wanted when help is, and silence when it is not.
        yes = needed.get(each.row.obs, False) == (each.row.pred_task is not None)
        looked_up.append(_decided(each, float(yes), yes))
    folds = deal([each.session for each in given], FOLDS)
    unseen: list[Predicted] = []
    for each, fold in zip(given, folds, strict=True):
        alike = [
            other.row.valid
            for other, at in zip(given, folds, strict=True)
            if at != fold and other.is_task == each.is_task
        ]
        p = (sum(alike) + 1) / (len(alike) + 2)
        unseen.append(_decided(each, p, p >= 0.5))
    return {
        "always_yes": _figures(always, train),
        "lookup": _figures(looked_up, train),
        "lookup_unseen": _figures(unseen, train),
    }


def _figures(predicted: Sequence[Predicted], train: int) -> Rows:
    """The figures of the rows, those of the test file being from `train` on."""
    silent = ("Correct-Rejection", "Missed-Need")
    return Rows(
        all=scores(predicted),
        tasks=scores(each for each in predicted if each.category not in silent),
        silence=scores(each for each in predicted if each.category in silent),
        test120=scores(predicted[train:]),
    )


def _data(rewards: Rewards) -> Data:
    rows: tuple[Row, ...] = (*rewards.train, *rewards.test)
    known = {row.obs for row in rewards.train}
    return Data(
        rows=len(rows),
        train=len(rewards.train),
        test=len(rewards.test),
        tasks=sum(row.pred_task is not None for row in rows),
        sessions=len({row.session for row in rows}),
        histories=len({row.obs for row in rows}),
        leaked=sum(row.obs in known for row in rewards.test),
    )


def _provenance(folder: Path, report: Report) -> dict[str, object]:
    tasks, test = report.grouped.tasks, report.grouped.test120
    return {
        "data": "ProactiveBench, thunlp/ProactiveAgent (Apache-2.0)",
        "paper": "arXiv 2410.12361",
        "date": "2024-10-16",
        "sha256": {
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (TRAIN, TEST)
        },
        "rows": report.data.rows,
        "tasks": report.data.tasks,
        "sessions": report.data.sessions,
        "method": "ridge logistic regression on the rows with a task; ridge and threshold by folds "
        "of whole sessions",
        "command": "proactive-lsp bench reward --data DIR --out FILE",
        "grouped": {
            "folds": FOLDS,
            "tasks": {"n": tasks.n, "auc": tasks.auc, "f1": tasks.f1, "ece": tasks.ece},
            "test120": {"n": test.n, "auc": test.auc, "f1": test.f1, "ece": test.ece},
        },
    }
