"""The commands `bench reward` and `bench agent`, over the public data of arXiv 2410.12361."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from proactive_lsp.evaluation.commands import bench
from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.replay.escaping import visible
from proactive_lsp.replay.target import unwritable
from proactive_lsp.terminal import plain_console, progress, write_result

_Data = Annotated[
    Path, typer.Option("--data", metavar="DIR", help="The folder with reward_train.jsonl.")
]
_Json = Annotated[
    Path | None, typer.Option(metavar="FILE|-", help="Write the result as JSON; - is stdout.")
]


@bench.command()
def reward(
    data: _Data,
    json: _Json = None,
    embeddings: Annotated[
        bool, typer.Option("--embeddings", help="Measure once more with a small sentence model.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the weights fitted to all rows, as they ship."),
    ] = None,
) -> None:
    """Measure on ProactiveBench how well the words of a task tell whether people want it.

    For the published split, which leaks, and for folds of whole sessions, beside two baselines.
    """
    from proactive_lsp.evaluation import reward_bench
    from proactive_lsp.evaluation.embeddings import load, similarities
    from proactive_lsp.evaluation.proactivebench import read_rewards
    from proactive_lsp.evaluation.reward_table import remarks, table_of

    _check_targets(json, out)
    rewards = read_rewards(data)
    more = similarities(load()) if embeddings else None
    console = plain_console(sys.stderr if str(json) == "-" else sys.stdout)
    with progress(console, reward_bench.rounds(more), "fits") as advance:
        measured = reward_bench.measure(rewards, data, more, advance)
    console.print(table_of(measured.report))
    for line in remarks(measured.report):
        console.print(visible(line), soft_wrap=True)
    if out is not None:
        write_result(out, reward_bench.encode_weights(measured.weights))
    if json is not None:
        write_result(json, reward_bench.encode(measured.report))


@bench.command()
def agent(data: _Data, json: _Json = None) -> None:
    """Score what 15 models proposed at each event of the recorded sessions, with and without us.

    An answer is held against the labels there are: whether help was needed, and `task_status`.
    """
    from proactive_lsp.evaluation import agent_bench
    from proactive_lsp.evaluation.agent_table import remarks, tables_of
    from proactive_lsp.evaluation.proactivebench import read_rewards, read_sessions, read_traces

    _check_targets(json)
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


def _check_targets(*files: Path | None) -> None:
    """Refuse a file that cannot be written before anything is measured."""
    for file in files:
        problem = unwritable(file) if file is not None and str(file) != "-" else None
        if problem is not None:
            raise EvaluationError(f"{file}: {problem}")
