"""The commands `bench reward` and `bench agent`: what the filter and the words of tasks tell."""

import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from proactive_lsp.evaluation.commands import Ordering, bench
from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.evaluation.filter_table import filter_table
from proactive_lsp.evaluation.targets import check_targets
from proactive_lsp.replay.escaping import visible
from proactive_lsp.terminal import plain_console, progress, write_result

if TYPE_CHECKING:
    from proactive_lsp.evaluation.candidates import Candidates

_Data = Annotated[
    Path, typer.Option("--data", metavar="DIR", help="The folder with reward_train.jsonl.")
]
_Json = Annotated[
    Path | None, typer.Option(metavar="FILE|-", help="Write the result as JSON; - is stdout.")
]


@bench.command()
def reward(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="DIR",
            help="Clones, folders of them, what `mine` made, or dumps of `history --features`.",
        ),
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--data", metavar="DIR", help="The folder of ProactiveBench.")
    ] = None,
    train: Annotated[
        bool, typer.Option("--train", help="Train the filter on the histories of each DIR.")
    ] = False,
    train_predicted: Annotated[
        bool, typer.Option("--train-predicted", help="Train what judges the tasks of a model.")
    ] = False,
    json: _Json = None,
    embeddings: Annotated[
        bool, typer.Option("--embeddings", help="With --data, once more with a sentence model.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the fitted weights, as they ship.")
    ] = None,
    commits: Annotated[
        int, typer.Option(min=1, metavar="N", help="The newest N of each DIR that count.")
    ] = 200,
    order: Annotated[Ordering, typer.Option(help="Of the hunks, when judging.")] = Ordering.RANDOM,
    seed: Annotated[int, typer.Option(metavar="S", help="Of the random order, judging.")] = 1,
    jobs: Annotated[int, typer.Option(min=1, metavar="N", help="Processes.")] = 1,
) -> None:
    """Measure the filter that decides what is said, or train it.

    With DIR: how well it tells places that developers worked on from others, in these histories.
    With DIR and --train: grow it again, and write it to --out; with --train-predicted that for the
    tasks of a model, which is a file of its own. With --data: how well the words of a
    task tell whether people want it, on ProactiveBench, for the published split, which leaks, and
    for folds of whole sessions, beside two baselines.
    """
    from proactive_lsp.evaluation import filter_bench

    if (data is None) == (not paths):
        raise EvaluationError("give repositories, or --data with the folder of ProactiveBench")
    training = train or train_predicted
    if train and train_predicted:
        raise EvaluationError("--train and --train-predicted make two files; give one of them")
    if training and (data is not None or out is None):
        option = "--train" if train else "--train-predicted"
        raise EvaluationError(f"{option} wants repositories, and --out FILE for what it makes")
    if out is not None and data is None and not training:
        raise EvaluationError("--out has nothing to write without --train or --data")
    check_targets(json, out)
    console = plain_console(sys.stderr if str(json) == "-" else sys.stdout)
    if data is not None:
        _words(data, console, json=json, embeddings=embeddings, out=out)
        return

    def bar(total: int, what: str) -> AbstractContextManager[Callable[[], None]]:
        return progress(console, total, visible(what))

    if training:
        assert out is not None
        live = filter_bench.for_training if train else filter_bench.for_predictions
        found = live(paths or (), commits=commits, jobs=jobs, bar=bar)
        _train(found, console, out, filter_bench.FEW if train_predicted else filter_bench.MANY)
        return
    report = filter_bench.judged(
        paths or (), commits=commits, jobs=jobs, order=order.value, seed=seed, bar=bar
    )
    console.print(filter_table(report))
    if json is not None:
        write_result(json, filter_bench.encode(report))


def _words(
    data: Path, console: Console, *, json: Path | None, embeddings: bool, out: Path | None
) -> None:
    """Measure what the words of a task tell."""
    from proactive_lsp.evaluation import reward_bench
    from proactive_lsp.evaluation.embeddings import load, similarities
    from proactive_lsp.evaluation.proactivebench import read_rewards
    from proactive_lsp.evaluation.reward_table import remarks, table_of

    rewards = read_rewards(data)
    more = similarities(load()) if embeddings else None
    with progress(console, reward_bench.rounds(more), "fits") as advance:
        measured = reward_bench.measure(rewards, data, more, advance)
    console.print(table_of(measured.report))
    for line in remarks(measured.report):
        console.print(visible(line), soft_wrap=True)
    if out is not None:
        write_result(out, reward_bench.encode_weights(measured.weights))
    if json is not None:
        write_result(json, reward_bench.encode(measured.report))


def _train(
    found: Iterable["Candidates"], console: Console, out: Path, size: tuple[int, int]
) -> None:
    """Grow the trees and write them."""
    if find_spec("lightgbm") is None:
        raise EvaluationError('training wants LightGBM; pip install "proactive-lsp[train]"')
    from proactive_lsp.evaluation import training
    from proactive_lsp.evaluation.data import gather

    data = gather(found)
    rounds = len(training.repositories_of(data)) + 1
    with progress(console, rounds, "rounds of training") as advance:
        trees, leaves = size
        today = date.today().isoformat()
        trained = training.train(data, date=today, trees=trees, leaves=leaves, advance=advance)
    told = trained.weights.provenance
    for name, value in told.held_out.items():
        console.print(f"{name} {value:g}")
    write_result(out, training.encode(trained.weights))
    kinds = len(trained.weights.rates)
    typer.echo(visible(f"{kinds} kinds of need from {told.rows} candidates, written to {out}"))


@bench.command()
def opinion(
    paths: Annotated[list[Path], typer.Argument(metavar="DIR", help="Clones, or folders of them.")],
    model: Annotated[str, typer.Option(metavar="NAME", help="As the host calls it.")],
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="Write the shipped file with this model in it.")
    ],
    host: Annotated[
        str | None, typer.Option(metavar="URL", help="Where that model is served.")
    ] = None,
    sample: Annotated[int, typer.Option(min=1, metavar="N", help="So many places in all.")] = 300,
    commits: Annotated[
        int, typer.Option(min=1, metavar="N", help="Of the newest N of each DIR that count.")
    ] = 200,
) -> None:
    """Measure what a model's yes or no is worth where the filter is unsure.

    It is asked about places in real histories of which the filter said nearly enough; what it says
    and what the filter says are fitted to whether the developer worked there.
    """
    from proactive_lsp.evaluation import opinions
    from proactive_lsp.evaluation.asked import Chosen, check

    check_targets(out)
    asked = Chosen(model, host)
    check(asked)
    if asked.is_known:
        raise EvaluationError(f"{model} has no opinion; name a model that --host serves")
    console = plain_console(sys.stdout)
    with progress(console, sample, "answers") as advance:
        found = opinions.opinions_of(
            paths,
            asked,
            sample=sample,
            commits=commits,
            date=date.today().isoformat(),
            advance=advance,
        )
    write_result(out, opinions.encode(found))
    told = found.models[model.removesuffix(":latest")]
    typer.echo(
        visible(
            f"{model}: {told.n} places, {told.right:.0%} right; AUC of the filter "
            f"{told.auc_filter}, with the model {told.auc_both}; written to {out}"
        )
    )


@bench.command()
def agent(data: _Data, json: _Json = None) -> None:
    """Score what 15 models proposed at each event of the recorded sessions, with and without us.

    An answer is held against the labels there are: whether help was needed, and `task_status`.
    """
    from proactive_lsp.evaluation import agent_bench
    from proactive_lsp.evaluation.agent_table import remarks, tables_of
    from proactive_lsp.evaluation.proactivebench import read_rewards, read_sessions, read_traces

    check_targets(json)
    rewards, recorded = read_rewards(data), read_sessions(data)
    traces = read_traces(data, recorded)
    console = plain_console(sys.stderr if str(json) == "-" else sys.stdout)
    with progress(console, len(recorded), "sessions") as advance:
        report = agent_bench.measure(rewards, recorded, traces, data, advance)
    for table in tables_of(report):
        console.print(table)
    for line in remarks(report):
        console.print(visible(line), soft_wrap=True)
    if json is not None:
        write_result(json, agent_bench.encode(report))
