"""Live through the same commits without a model and with some, at all moments or at a sample."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from random import Random

from msgspec.structs import replace

from proactive_lsp.evaluation.asked import Chosen
from proactive_lsp.evaluation.benchmark import Ran, run
from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.evaluation.history import HistoryOptions
from proactive_lsp.evaluation.model_figures import Pair
from proactive_lsp.evaluation.sources import Source, chosen, open_history
from proactive_lsp.evaluation.steps import steps_of


def compare(
    source: Source,
    options: HistoryOptions,
    models: Sequence[Chosen],
    *,
    sample: int | None,
    most: int,
    jobs: int,
    advance: Callable[[], None],
    cluster: str | None = None,
) -> tuple[Ran, tuple[Pair, ...]]:
    """The run without a model, and beside it the one with each; `advance` follows each commit.

    With a `sample`, the models are asked at so many moments alone, drawn by the seed of the
    options, and commits without any are left out of all runs. At a moment at which rules speak, no
    model is asked. Raises `EvaluationError`.
    """
    sampled = _sampled(source, options, sample, most) if sample is not None else None
    living = partial(run, source, most=most, advance=advance, only=sampled)
    without = living(options, jobs=jobs, cluster=cluster)
    pairs: list[Pair] = []
    for model in models:
        asked = replace(options, model=replace(model, sampled=sampled), features=False)
        # A server is asked one thing at a time.
        own, where = (jobs, cluster) if model.is_known else (1, None)
        together = living(asked, jobs=own, cluster=where)
        if [each.id for each in without.results] != [each.id for each in together.results]:
            raise EvaluationError(f"{source.path}: it changed meanwhile; run it again")
        found = Pair(model.name, source.name, options.order, without.results, together.results)
        pairs.append(found)
    return without, tuple(pairs)


def _sampled(
    source: Source, options: HistoryOptions, sample: int, most: int
) -> Mapping[str, frozenset[int]]:
    """By commit, the numbers of the steps after which the model is asked, counted from 1."""
    history = open_history(source.path)
    try:
        moments = [
            (commit.id, number)
            for commit in chosen(history, source, most)
            for number, step in enumerate(steps_of(commit, options.order, options.seed), 1)
            if step.hunk is not None
        ]
    finally:
        history.close()
    random = Random(f"{options.seed} {source.name}")  # noqa: S311 - for repetition, not secrecy
    drawn: dict[str, set[int]] = {}
    for commit, number in random.sample(moments, min(sample, len(moments))):
        drawn.setdefault(commit, set()).add(number)
    return {commit: frozenset(drawn[commit]) for commit in sorted(drawn)}
