"""Run the history benchmark over repositories, one or several commits at a time."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from proactive_lsp.evaluation.baselines import BASELINES
from proactive_lsp.evaluation.commits import read_commits
from proactive_lsp.evaluation.counting import coarse, counts_of, located, of_kind
from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.evaluation.history import Candidate, CommitResult, HistoryOptions, evaluate
from proactive_lsp.evaluation.later import Later
from proactive_lsp.evaluation.metrics import (
    Counts,
    Metrics,
    count,
    count_after,
    mean_metrics,
    metrics,
)
from proactive_lsp.evaluation.mining import date_of
from proactive_lsp.evaluation.model_figures import ModelReport
from proactive_lsp.evaluation.sources import Source, chosen, head_of, open_history
from proactive_lsp.evaluation.steps import Order
from proactive_lsp.evaluation.workers import Workers, in_order
from proactive_lsp.workspace.cache import make_room
from proactive_lsp.workspace.git_history import CommitPair, History
from proactive_lsp.workspace.tree import GitTree

# Neighbouring commits share most of their files, so they go to the same process.
_AT_A_TIME = 8
# How many times the text that an editor's server keeps at hand; a benchmark has the machine.
_ROOM = 10
# A larger tree would make each boundary a matter of seconds.
MOST_FILES = 30_000
_DAY = len("2026-11-22")


class Row(Struct, frozen=True):
    """One repository in one order; `head_date` is the day of its newest commit, in UTC. Without
    `past` it was lived through as in a folder that has no repository.

    `left_out` are commits whose tree is missing or larger than `MOST_FILES`. `after_commit` are
    the cards that were shown once all was committed, right when one of the next 10 commits that
    touch the file does what they say; `total` and `needs` do not count them.
    """

    name: str
    head: str
    head_date: str
    order: Order
    seed: int
    past: bool
    commits: int
    left_out: int
    edits: int
    total: Metrics
    coarse: Metrics
    after_commit: Metrics
    needs: dict[str, Metrics]
    baselines: dict[str, Metrics]


class Report(Struct, frozen=True):
    """What `--json` writes: every row, the mean over all of them, and the mean of each order.

    A mean weighs each row the same, but adds up their alarms. None of this is of a run with a
    model; `models` has the figures of those that were asked.
    """

    repositories: tuple[Row, ...]
    mean: Metrics
    means: dict[Order, Metrics]
    models: tuple[ModelReport, ...] = ()


class Ran(Struct, frozen=True):
    """One repository's row, with the commits it is made of."""

    row: Row
    results: tuple[CommitResult, ...]


def run(
    source: Source,
    options: HistoryOptions,
    *,
    most: int,
    jobs: int,
    advance: Callable[[], None],
    only: Collection[str] | None = None,
    cluster: str | None = None,
) -> Ran:
    """Live through the newest commits of one repository; `advance` is called after each.

    With `only`, through those of them that it names. What became of the cards later is looked up
    once all has been lived through.

    The result is the same whatever `jobs` and `cluster` are, but for the latencies. Raises
    `EvaluationError`.
    """
    history = open_history(source.path)
    try:
        head = head_of(history, source.path)
        pairs = [
            (commit.id, commit.parent)
            for commit in chosen(history, source, most)
            if only is None or commit.id in only
        ]
    finally:
        history.close()
    if not pairs:
        raise EvaluationError(
            f"{source.path}: no commit counts; is it a shallow clone, or all merges?"
        )
    results: list[CommitResult] = []
    workers = Workers(jobs, cluster)
    for batch, asked in _batches(source.path.absolute(), options, pairs, workers):
        results += batch
        for _ in range(asked):
            advance()
    if not results:
        reason = f"each tree is missing or has more than {MOST_FILES} files; give a subfolder"
        raise EvaluationError(f"{source.path}: {reason}")
    history = open_history(source.path)
    try:
        results = _looked_up(history, head, results)
        facts = history.commit(head)
    finally:
        history.close()
    row = _row(
        source,
        head,
        date_of(facts.time)[:_DAY] if facts is not None else "",
        options,
        results,
        left_out=len(pairs) - len(results),
    )
    return Ran(row, tuple(results))


def report(ran: Sequence[Ran], models: Sequence[ModelReport] = ()) -> Report:
    """All repositories together, and what models added."""
    orders: dict[Order, None] = dict.fromkeys(each.row.order for each in ran)
    return Report(
        repositories=tuple(each.row for each in ran),
        mean=_mean(ran),
        means={order: _mean([each for each in ran if each.row.order == order]) for order in orders},
        models=tuple(models),
    )


def _mean(ran: Sequence[Ran]) -> Metrics:
    """Over these runs; those over the same commits of a repository stand or fall together."""
    groups: dict[tuple[str, ...], list[list[Counts]]] = {}
    for each in ran:
        same = (each.row.name, *(result.id for result in each.results))
        groups.setdefault(same, []).append(counts_of(each.results, located))
    seconds = (second for each in ran for result in each.results for second in result.seconds)
    return mean_metrics(list(groups.values()), seconds)


def encode(report: Report) -> bytes:
    """Indented JSON with a final newline."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


def encode_features(ran: Iterable[Ran]) -> bytes:
    """One line of JSON for each need that was noticed, with its features and what became of it."""
    encode_line = msgspec.json.Encoder(order="deterministic").encode
    return b"".join(
        encode_line(features_row(each.row.name, candidate)) + b"\n"
        for each in ran
        for result in each.results
        for candidate in result.candidates
    )


def features_row(repository: str, candidate: Candidate) -> dict[str, object]:
    """One candidate as `--features` writes it, its label flat beside its features."""
    row: dict[str, object] = msgspec.to_builtins(candidate)
    del row["spot"]
    spot = candidate.spot
    label = {"hunks": spot.hunks, "exact": spot.exact, "later": spot.later}
    return {"repository": repository, **row, **label}


def _looked_up(history: History, head: str, results: Sequence[CommitResult]) -> list[CommitResult]:
    """The results with what the commits after them did."""
    later = Later(history, head, [result.id for result in results])
    return [
        replace(
            result,
            alarms=later.judge(result.id, result.alarms),
            after=later.judge(result.id, result.after),
            baselines={
                name: later.judge(result.id, alarms) for name, alarms in result.baselines.items()
            },
            candidates=tuple(
                replace(candidate, spot=spot)
                for candidate, spot in zip(
                    result.candidates,
                    later.judge_spots(result.id, [each.spot for each in result.candidates]),
                    strict=True,
                )
            ),
        )
        for result in results
    ]


def _row(
    source: Source,
    head: str,
    head_date: str,
    options: HistoryOptions,
    results: Sequence[CommitResult],
    *,
    left_out: int,
) -> Row:
    spots = (spot for result in results for alarm in result.alarms for spot in alarm.spots)
    kinds = sorted({spot.kind for spot in spots if not spot.coarse})
    seconds = [second for result in results for second in result.seconds]
    return Row(
        name=source.name,
        head=head,
        head_date=head_date,
        order=options.order,
        seed=options.seed,
        past=options.past,
        commits=len(results),
        left_out=left_out,
        edits=sum(result.edits for result in results),
        total=metrics(counts_of(results, located), seconds),
        coarse=metrics(counts_of(results, coarse)),
        after_commit=metrics(
            [count_after(result.edits, result.after) for result in results],
            [second for result in results for second in result.seconds_after],
        ),
        needs={kind: metrics(counts_of(results, partial(of_kind, kind))) for kind in kinds},
        baselines={
            name: metrics([count(result.edits, result.baselines[name]) for result in results])
            for name in BASELINES
        },
    )


def _batches(
    path: Path, options: HistoryOptions, pairs: Sequence[CommitPair], workers: Workers
) -> Iterator[tuple[list[CommitResult], int]]:
    """The results in the order of the commits, with how many commits were asked for."""
    rest = iter(pairs)
    batches = list(iter(lambda: tuple(islice(rest, _AT_A_TIME)), ()))
    work = partial(_live_through, path, options)
    for batch, results in zip(batches, in_order(work, batches, workers), strict=True):
        yield results, len(batch)


def _live_through(
    path: Path, options: HistoryOptions, pairs: Sequence[CommitPair]
) -> list[CommitResult]:
    make_room(_ROOM)
    history = _opened(path)
    results: list[CommitResult] = []
    for commit in read_commits(history, pairs):
        tree = history.tree(commit.parent)
        if tree is not None and len(tree.paths()) <= MOST_FILES:
            past = history.past(commit.parent)
            results.append(evaluate(commit, GitTree(tree), past, options))
    return results


@lru_cache(maxsize=1)
def _opened(path: Path) -> History:
    """One history for all batches of a process, so that its blobs stay."""
    return open_history(path)
