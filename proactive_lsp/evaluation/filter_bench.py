"""Live through real histories to train the reward filter, or to see how well it judges there."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec
from msgspec import Struct

from proactive_lsp.evaluation.benchmark import run
from proactive_lsp.evaluation.candidates import Candidates, of_file, of_run
from proactive_lsp.evaluation.filter_figures import FilterFigures, Scored, figures_of
from proactive_lsp.evaluation.history import HistoryOptions
from proactive_lsp.evaluation.sources import Source, sources_of
from proactive_lsp.evaluation.steps import Order
from proactive_lsp.reward.model import Scorer, is_fitted, sigmoid, weights

Bar = Callable[[int, str], AbstractContextManager[Callable[[], None]]]


class Way(Struct, frozen=True):
    """One way to live through a repository, with this share of the commits."""

    order: Order
    seed: int
    past: bool
    share: float


# What a filter is trained on. Developers keep no canonical order, so most of it is random; and a
# folder without a repository must be judged as well as one that has a past.
WAYS = (
    Way("random", 1, past=True, share=1.0),
    Way("canonical", 1, past=True, share=0.5),
    Way("random", 2, past=False, share=0.5),
)
# What the filter for tasks of a model is trained on; half of it in either order.
GUESSED = (
    Way("canonical", 1, past=True, share=1.0),
    Way("random", 1, past=True, share=0.6),
    Way("random", 2, past=False, share=0.4),
)
# Trees and leaves: for all kinds of rules, and for the one kind of a model.
MANY, FEW = (200, 16), (80, 8)


class RepositoryFigures(Struct, frozen=True):
    """How the shipped filter judges the candidates of one repository."""

    name: str
    head: str
    head_date: str
    order: Order
    seed: int
    commits: int
    figures: FilterFigures


class FilterReport(Struct, frozen=True):
    """Each repository, and all of their candidates together."""

    repositories: tuple[RepositoryFigures, ...]
    total: FilterFigures


def for_training(
    paths: Sequence[Path],
    *,
    commits: int,
    jobs: int,
    bar: Bar,
) -> Iterator[Candidates]:
    """The candidates of repositories, lived through in all `WAYS`, and of dumps as they are.

    `bar` shows how far it is with so many commits of what.
    """
    for path in paths:
        if path.is_file():
            yield of_file(path)
            continue
        for source in sources_of(path):
            for way in WAYS:
                most = max(1, round(commits * way.share))
                yield _lived(source, _options(way), most=most, jobs=jobs, bar=bar)


def for_predictions(
    paths: Sequence[Path],
    *,
    commits: int,
    jobs: int,
    bar: Bar,
) -> Iterator[Candidates]:
    """What a model might name in these repositories, lived through in all `GUESSED` ways."""
    for source in (source for path in paths for source in sources_of(path)):
        for way in GUESSED:
            options = HistoryOptions(order=way.order, seed=way.seed, past=way.past, guesses=True)
            most = max(1, round(commits * way.share))
            yield _lived(source, options, most=most, jobs=jobs, bar=bar)


def judged(
    paths: Sequence[Path],
    *,
    commits: int,
    jobs: int,
    order: Order,
    seed: int,
    bar: Bar,
) -> FilterReport:
    """How the shipped weights judge the candidates of these repositories or dumps."""
    way = Way(order, seed, past=True, share=1.0)
    rows: list[RepositoryFigures] = []
    together: list[Scored] = []
    for path in paths:
        found = (
            [of_file(path)]
            if path.is_file()
            else [
                _lived(source, _options(way), most=commits, jobs=jobs, bar=bar)
                for source in sources_of(path)
            ]
        )
        for candidates in found:
            scored = list(_scored(candidates))
            together += scored
            source = msgspec.structs.asdict(candidates.source)
            del source["past"]
            rows.append(RepositoryFigures(**source, figures=figures_of(scored)))
    return FilterReport(tuple(rows), figures_of(together))


def encode(report: FilterReport) -> bytes:
    """Indented JSON with a final newline."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


def _options(way: Way) -> HistoryOptions:
    return HistoryOptions(
        order=way.order, seed=way.seed, filter=False, features=True, past=way.past
    )


def _lived(
    source: Source, options: HistoryOptions, *, most: int, jobs: int, bar: Bar
) -> Candidates:
    with bar(most, f"commits of {source.name}") as advance:
        return of_run(run(source, options, most=most, jobs=jobs, advance=advance))


def _scored(candidates: Candidates) -> Iterator[Scored]:
    """The candidates of fitted kinds as they were first noticed."""
    rates = weights().rates
    for row in candidates.rows:
        if row.look == 1 and is_fitted(row.kind):
            p = sigmoid(Scorer(row.kind, row.features).log_odds({}))
            yield Scored(row.kind, p, rates[row.kind], row.right)
