"""What a model adds to the rules, in figures: the same commits without it and with it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from msgspec import Struct

from proactive_lsp.agent.predict import KIND
from proactive_lsp.evaluation.counting import counts_of, located, of_kind
from proactive_lsp.evaluation.history import CommitResult
from proactive_lsp.evaluation.labels import JudgedSpot
from proactive_lsp.evaluation.metrics import Metrics, Rise, Runs, mean_metrics, rises
from proactive_lsp.evaluation.steps import Order

# The figures whose rise is told; the others follow from them.
RISES = ("recall", "alarm_precision", "place_precision", "false_alarms_per_100_edits", "quiet_rate")


class Compared(Struct, frozen=True):
    """One repository, or the mean of several.

    `without` are the cards of the run without the model; `together` those of the run with it, of
    which `rules` and `model` are the parts. `rises` say by how much figures of `together` are above
    those of `without`, with intervals by drawing the same commits of both.

    Of the boundaries at which the model was asked, `came` tells how many ended how: "shown", or a
    kind of silence. `written` does so for cards that were right: whether the model's edit is byte
    by byte what the developer did there ("exact"). `exact` is their share.
    """

    name: str
    commits: int
    edits: int
    without: Metrics
    together: Metrics
    rules: Metrics
    model: Metrics
    rises: Mapping[str, Rise]
    asked: int
    came: Mapping[str, int]
    written: Mapping[str, int]
    exact: float | None
    purposes: Mapping[str, int]
    most_requests_an_hour: int
    prompt_tokens: int
    answer_tokens: int


class ModelReport(Struct, frozen=True):
    """Which model, on how many moments of each repository (None: all), and what it added."""

    name: str
    sample: int | None
    repositories: tuple[Compared, ...]
    mean: Compared


class Pair(Struct, frozen=True):
    """The same commits of one repository in the same order of hunks, without the model and with."""

    model: str
    name: str
    order: Order
    without: tuple[CommitResult, ...]
    together: tuple[CommitResult, ...]


def reports_of(pairs: Sequence[Pair], sample: int | None) -> tuple[ModelReport, ...]:
    """All figures of each model, in the order in which they come first."""
    reports: list[ModelReport] = []
    for name in dict.fromkeys(pair.model for pair in pairs):
        own = [pair for pair in pairs if pair.model == name]
        rows = tuple(_compared(pair.name, [pair]) for pair in own)
        reports.append(ModelReport(name, sample, rows, _compared("mean", own)))
    return tuple(reports)


def _compared(name: str, pairs: Sequence[Pair]) -> Compared:
    with_it = [result for pair in pairs for result in pair.together]
    answered = [each for result in with_it for each in result.answered]
    requests = [result.requests for result in with_it]
    written = Counter(each.written for each in answered if each.written is not None)
    purposes = sum((Counter(each.purposes) for each in requests), Counter[str]())
    found = rises([_runs(pair) for pair in pairs])
    return Compared(
        name=name,
        commits=len(with_it),
        edits=sum(result.edits for result in with_it),
        without=_metrics(pair.without for pair in pairs),
        together=_metrics(pair.together for pair in pairs),
        rules=_metrics((pair.together for pair in pairs), _by_rules),
        model=_metrics((pair.together for pair in pairs), partial(of_kind, KIND)),
        rises={name: found[name] for name in RISES},
        asked=len(answered),
        came=dict(sorted(Counter(each.came for each in answered).items())),
        written=dict(sorted(written.items())),
        exact=round(written["exact"] / written.total(), 4) if written else None,
        purposes=dict(sorted(purposes.items())),
        most_requests_an_hour=max((each.most_an_hour for each in requests), default=0),
        prompt_tokens=sum(each.prompt_tokens for each in requests),
        answer_tokens=sum(each.answer_tokens for each in requests),
    )


def _runs(pair: Pair) -> Runs:
    return [counts_of(pair.without, located), counts_of(pair.together, located)]


def _metrics(
    runs: Iterable[Sequence[CommitResult]], wanted: Callable[[JudgedSpot], bool] = located
) -> Metrics:
    return mean_metrics([[counts_of(run, wanted)] for run in runs])


def _by_rules(spot: JudgedSpot) -> bool:
    return located(spot) and spot.kind != KIND
