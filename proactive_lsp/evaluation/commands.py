"""The commands `mine` and `bench history`; each reads its options, works and prints."""

import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.evaluation.targets import check_targets
from proactive_lsp.replay.escaping import visible
from proactive_lsp.terminal import plain_console, progress, write_result

if TYPE_CHECKING:
    from proactive_lsp.evaluation.benchmark import Ran
    from proactive_lsp.evaluation.mining import Manifest
    from proactive_lsp.evaluation.steps import Order

bench = typer.Typer(help="Measure how well the engine foresees what developers did.")


class Ordering(StrEnum):
    """In which order the hunks of a commit are made."""

    CANONICAL = "canonical"
    RANDOM = "random"


class Liking(StrEnum):
    """How eager the filter is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


_Commits = Annotated[int, typer.Option(min=1, metavar="N", help="The newest N that count.")]
_Order = Annotated[
    Ordering, typer.Option(help="Source, tests, docs, config, changelog; or shuffled.")
]
_Seed = Annotated[int, typer.Option(metavar="S", help="Of the random order.")]


def mine(
    repo: Annotated[Path, typer.Argument(metavar="REPO", help="A clone, also a bare one.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the sessions go.")],
    commits: _Commits = 100,
    since: Annotated[
        str | None, typer.Option(metavar="REV", help="Only commits that REV does not have.")
    ] = None,
    order: _Order = Ordering.CANONICAL,
    seed: _Seed = 0,
) -> None:
    """Turn the commits of a repository into sessions that `replay --repo REPO` plays.

    Sessions that are in DIR already are left as they are.
    """
    from msgspec.structs import replace

    from proactive_lsp.evaluation.commits import select
    from proactive_lsp.evaluation.mining import Manifest, begin, finish, mine_commit
    from proactive_lsp.evaluation.sources import head_of, name_of, open_history

    history = open_history(repo)
    try:
        head = head_of(history, repo)
        manifest = Manifest(name_of(repo), str(repo.absolute()), head, order.value, seed)
        base = head_of(history, repo, since) if since is not None else None
        begin(out, manifest)
        console = plain_console(sys.stdout)
        mined: list[str] = []
        fresh = 0
        with progress(console, commits, "commits") as advance:
            for commit in select(history, head, since=base, most=commits):
                fresh += mine_commit(history, commit, out, manifest)
                mined.append(commit.id)
                advance()
    finally:
        history.close()
    if not mined:
        raise EvaluationError(f"{repo}: no commit to mine; is it a shallow clone, or all merges?")
    finish(out, replace(manifest, commits=tuple(mined)))
    sessions = "1 session" if len(mined) == 1 else f"{len(mined)} sessions"
    typer.echo(visible(f"{sessions} in {out}, {fresh} of them new; replay with --repo {repo}"))


@bench.callback()
def _benchmarks() -> None: ...


@bench.command()
def history(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="REPO|DIR", help="A clone, a folder of clones, or what `mine` made."
        ),
    ],
    commits: _Commits = 100,
    order: Annotated[
        list[Ordering] | None,
        typer.Option(help="As for `mine`; may be given several times."),
    ] = None,
    seed: Annotated[
        list[int] | None,
        typer.Option(metavar="S", help="Of the random order; may be given several times."),
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, metavar="N", help="Processes.")] = 1,
    cluster: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="A Dask scheduler whose workers do the work."),
    ] = None,
    disable: Annotated[
        list[str] | None, typer.Option(metavar="KIND", help="Look for no needs of this kind.")
    ] = None,
    no_filter: Annotated[
        bool, typer.Option("--no-filter", help="Show whatever is noticed.")
    ] = False,
    eagerness: Annotated[
        Liking, typer.Option(help="How likely a card has to be, as the setting of that name.")
    ] = Liking.MEDIUM,
    no_past: Annotated[
        bool, typer.Option("--no-past", help="As in a folder that has no repository.")
    ] = False,
    json: Annotated[
        Path | None, typer.Option(metavar="FILE|-", help="Write the result as JSON; - is stdout.")
    ] = None,
    features: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write every need with its features and its label."),
    ] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the result as one page.")
    ] = None,
    markdown: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the result as a table.")
    ] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Once more with this model: oracle, random, near-miss, or one at --host; may be "
            "given several times.",
        ),
    ] = None,
    host: Annotated[
        str | None, typer.Option(metavar="URL", help="Where that model is served.")
    ] = None,
    sample: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Ask it at N moments of each repository alone."),
    ] = None,
) -> None:
    """Feed real commits hunk by hunk to the engine, and count what it foresees.

    The commits of a folder that `mine` made are taken in the order they were mined in. Nothing
    is written but the files that are asked for. With --model they are lived through a second time,
    and what the model adds is told beside the run without it: "oracle" names what comes next,
    "random" any line of any file, "near-miss" any line of the file that was edited last.
    """
    from proactive_lsp.evaluation.asked import Chosen, check
    from proactive_lsp.evaluation.benchmark import encode, encode_features, report
    from proactive_lsp.evaluation.history import HistoryOptions
    from proactive_lsp.evaluation.model_bench import compare
    from proactive_lsp.evaluation.model_figures import Pair, reports_of
    from proactive_lsp.evaluation.model_table import model_markdown, model_table, remarks
    from proactive_lsp.evaluation.sources import sources_of
    from proactive_lsp.evaluation.table import describe, table_of
    from proactive_lsp.needs import KINDS

    if not model and (host is not None or sample is not None):
        raise EvaluationError("--host and --sample say how to ask a model; name it with --model")
    unknown = sorted(set(disable or ()) - set(KINDS))
    if unknown:
        kinds = ", ".join(KINDS)
        raise EvaluationError(f"--disable {unknown[0]}: no such kind; there are {kinds}")
    check_targets(json, features, html, markdown)
    asked = tuple(Chosen(name, host) for name in dict.fromkeys(model or ()))
    for each in asked:
        check(each)
    sources = [source for path in paths for source in sources_of(path)]
    console = plain_console(sys.stderr if str(json) == "-" else sys.stdout)
    ran: list[Ran] = []
    pairs: list[Pair] = []
    for source in sources:
        for each_order, each_seed in _runs(source.mined, order or (), seed or ()):
            options = HistoryOptions(
                order=each_order,
                seed=each_seed,
                filter=not no_filter,
                disable=tuple(disable or ()),
                features=features is not None,
                past=not no_past,
                eagerness=eagerness.value,
            )
            total = (1 + len(asked)) * commits
            with progress(console, total, visible(source.name)) as advance:
                without, more = compare(
                    source,
                    options,
                    asked,
                    sample=sample,
                    most=commits,
                    jobs=jobs,
                    advance=advance,
                    cluster=cluster,
                )
            ran.append(without)
            pairs += more
            console.print(visible(describe(ran[-1].row)), soft_wrap=True)
    added = reports_of(pairs, sample)
    result = report(ran, added)
    console.print(table_of(result))
    for each in added:
        console.print()
        console.print(model_table(each))
        for line in remarks(each):
            console.print(visible(line), soft_wrap=True)
    if json is not None:
        write_result(json, encode(result))
    if features is not None:
        write_result(features, encode_features(ran))
    if html is not None:
        from proactive_lsp.evaluation.page import page_of

        write_result(html, page_of(result).encode())
    if markdown is not None:
        from proactive_lsp.evaluation.markdown import markdown_of

        texts = (markdown_of(result), *map(model_markdown, added))
        write_result(markdown, "\n".join(texts).encode())


def _runs(
    mined: "Manifest | None", orders: Iterable[Ordering], seeds: Iterable[int]
) -> Iterator[tuple["Order", int]]:
    """Each order with each seed, once; a seed changes nothing about the canonical order."""
    if mined is not None:
        yield mined.order, mined.seed
        return
    every_seed = list(dict.fromkeys(seeds)) or [0]
    for order in dict.fromkeys(orders) or [Ordering.CANONICAL]:
        for seed in every_seed if order is Ordering.RANDOM else every_seed[:1]:
            yield order.value, seed
