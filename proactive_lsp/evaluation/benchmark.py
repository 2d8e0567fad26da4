"""Run the history benchmark over repositories, one or several commits at a time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache, partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import msgspec
from msgspec import Struct

from proactive_lsp.evaluation.baselines import BASELINES
from proactive_lsp.evaluation.commits import read_commits
from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.evaluation.history import CommitResult, HistoryOptions, evaluate
from proactive_lsp.evaluation.labels import Alarm
from proactive_lsp.evaluation.metrics import Counts, Metrics, count, mean_metrics, metrics
from proactive_lsp.evaluation.sources import Source, chosen, head_of, open_history
from proactive_lsp.evaluation.steps import Order
from proactive_lsp.workspace.git_history import CommitPair, History
from proactive_lsp.workspace.tree import GitTree

# Neighbouring commits share most of their files, so they go to the same process.
_AT_A_TIME = 8
# A larger tree would make each boundary a matter of seconds.
MOST_FILES = 30_000


class Row(Struct, frozen=True):
    """One repository; `left_out` are commits whose tree is missing or larger than `MOST_FILES`."""

    name: str
    head: str
    order: Order
    seed: int
    commits: int
    left_out: int
    edits: int
    total: Metrics
    coarse: Metrics
    needs: dict[str, Metrics]
    baselines: dict[str, Metrics]


class Report(Struct, frozen=True):
    """What `--json` writes; `mean` weighs each repository the same, but adds up its alarms."""

    repositories: tuple[Row, ...]
    mean: Metrics


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
) -> Ran:
    """Live through the newest commits of one repository; `advance` is called after each.

    The result is the same whatever `jobs` is, but for the latencies. Raises `EvaluationError`.
    """
    history = open_history(source.path)
    try:
        head = head_of(history, source.path)
        pairs = [(commit.id, commit.parent) for commit in chosen(history, source, most)]
    finally:
        history.close()
    if not pairs:
        raise EvaluationError(
            f"{source.path}: no commit counts; is it a shallow clone, or all merges?"
        )
    results: list[CommitResult] = []
    for batch, asked in _batches(source.path, options, pairs, jobs):
        results += batch
        for _ in range(asked):
            advance()
    if not results:
        reason = f"each tree is missing or has more than {MOST_FILES} files; give a subfolder"
        raise EvaluationError(f"{source.path}: {reason}")
    row = _row(source, head, options, results, left_out=len(pairs) - len(results))
    return Ran(row, tuple(results))


def report(ran: Sequence[Ran]) -> Report:
    """All repositories together."""
    counts = [_counts(each.results, _located) for each in ran]
    seconds = [second for each in ran for result in each.results for second in result.seconds]
    return Report(tuple(each.row for each in ran), mean_metrics(counts, seconds))


def encode(report: Report) -> bytes:
    """Indented JSON with a final newline."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


def encode_features(ran: Iterable[Ran]) -> bytes:
    """One line of JSON for each need that was noticed, with its features and what became of it."""
    encode_line = msgspec.json.Encoder(order="deterministic").encode
    return b"".join(
        encode_line({"repository": each.row.name, **msgspec.to_builtins(candidate)}) + b"\n"
        for each in ran
        for result in each.results
        for candidate in result.candidates
    )


def _row(
    source: Source,
    head: str,
    options: HistoryOptions,
    results: Sequence[CommitResult],
    *,
    left_out: int,
) -> Row:
    kinds = sorted({alarm.need for result in results for alarm in result.alarms})
    seconds = [second for result in results for second in result.seconds]
    return Row(
        name=source.name,
        head=head,
        order=options.order,
        seed=options.seed,
        commits=len(results),
        left_out=left_out,
        edits=sum(result.edits for result in results),
        total=metrics(_counts(results, _located), seconds),
        coarse=metrics(_counts(results, lambda alarm: alarm.coarse)),
        needs={kind: metrics(_counts(results, partial(_of_kind, kind))) for kind in kinds},
        baselines={
            name: metrics([count(result.edits, result.baselines[name]) for result in results])
            for name in BASELINES
        },
    )


def _counts(results: Iterable[CommitResult], wanted: Callable[[Alarm], bool]) -> list[Counts]:
    return [count(result.edits, [*filter(wanted, result.alarms)]) for result in results]


def _located(alarm: Alarm) -> bool:
    return not alarm.coarse


def _of_kind(kind: str, alarm: Alarm) -> bool:
    return alarm.need == kind


def _batches(
    path: Path, options: HistoryOptions, pairs: Sequence[CommitPair], jobs: int
) -> Iterator[tuple[list[CommitResult], int]]:
    """The results in the order of the commits, with how many commits were asked for."""
    rest = iter(pairs)
    batches = list(iter(lambda: tuple(islice(rest, _AT_A_TIME)), ()))
    work = partial(_live_through, path, options)
    if jobs == 1 or len(batches) == 1:
        for batch in batches:
            yield work(batch), len(batch)
        return
    # Not forked: a fresh process shares no state, so its result cannot depend on ours.
    context = get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(batches)), mp_context=context) as pool:
        try:
            for batch, results in zip(batches, pool.map(work, batches), strict=True):
                yield results, len(batch)
        except BrokenProcessPool as error:
            raise EvaluationError("a worker process died; try again with --jobs 1") from error
        finally:
            pool.shutdown(cancel_futures=True)


def _live_through(
    path: Path, options: HistoryOptions, pairs: Sequence[CommitPair]
) -> list[CommitResult]:
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
