"""The command `report`: sessions, two results side by side, or a scorecard over days.

To a terminal, or with `--html` as one page.
"""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from proactive_lsp.replay.escaping import visible
from proactive_lsp.replay.session import SessionError
from proactive_lsp.replay.target import check_target
from proactive_lsp.terminal import plain_console, progress, write_result

if TYPE_CHECKING:
    from collections.abc import Callable

    from proactive_lsp.replay.run import Replayed

HELP = "see proactive-lsp report --help"
_MOST_DAYS = 400


def report(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH…]",
            help="Session files or folders; or two results of replay --json, to compare.",
        ),
    ] = None,
    compare: Annotated[
        bool, typer.Option("--compare", help="Two results of replay --json side by side.")
    ] = False,
    memory: Annotated[
        bool, typer.Option("--memory", help="A scorecard over days from what is remembered.")
    ] = False,
    workspace: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Whose memory to read; the current folder."),
    ] = None,
    days: Annotated[
        int | None, typer.Option(metavar="N", help="The last so many days; 30 by default.")
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE|-", help="Write a page instead: one file, no scripts."),
    ] = None,
    repo: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Repository with the commits of sessions over git."),
    ] = None,
    jobs: Annotated[int, typer.Option(metavar="N", help="Sessions at a time.")] = 1,
) -> None:
    """Show what happened in sessions, what differs between two runs, or how it did over days.

    Sessions are lived through again with shipped settings and, where there are any, the recorded
    answers of a model; replay --html has all options. Nothing is written but the page.
    """
    given = paths or []
    if memory == bool(given):
        raise SessionError(f"give sessions, two results of replay --json, or --memory; {HELP}")
    if (workspace is not None or days is not None) and not memory:
        raise SessionError(f"--workspace and --days go with --memory; {HELP}")
    if days is not None and not 1 <= days <= _MOST_DAYS:
        raise SessionError(f"--days {days}: give 1 to {_MOST_DAYS}")
    if html is not None and str(html) != "-":
        check_target("--html", html)
    console = plain_console(sys.stderr if str(html) == "-" else sys.stdout)
    if memory:
        _scorecard(workspace if workspace is not None else Path(), days or 30, html, console)
    elif compare or all(path.suffix == ".json" for path in given):
        _comparison(given, html, console)
    else:
        _sessions(given, html, repo, jobs, console)


def _sessions(
    paths: list[Path], html: Path | None, repo: Path | None, jobs: int, console: Console
) -> None:
    from proactive_lsp.replay.find import find_sessions
    from proactive_lsp.replay.run import ReplayOptions, replay_all
    from proactive_lsp.replay.workspaces import check_repository
    from proactive_lsp.replaying import assemble
    from proactive_lsp.report.page import page_of
    from proactive_lsp.report.terminal import show_sessions

    if jobs < 1:
        raise SessionError(f"--jobs {jobs}: no session would be replayed; give 1 or more")
    if repo is not None:
        check_repository(repo)
    found = find_sessions(paths)
    options = ReplayOptions(repo=repo, chronicle=True)
    results: list[Replayed] = []
    with progress(console, len(found), "sessions") as advance:
        for result in replay_all(found, options, assemble, lambda entry: None, jobs=jobs):
            for warning in result.warnings:
                typer.echo(f"proactive-lsp: {visible(warning)}", err=True)
            results.append(result)
            advance()
    _give(html, lambda: page_of(results), lambda: show_sessions(results, console), console)


def _comparison(paths: list[Path], html: Path | None, console: Console) -> None:
    from proactive_lsp.replay.reading import read_transcript
    from proactive_lsp.report.comparison import compare
    from proactive_lsp.report.comparison_page import comparison_page
    from proactive_lsp.report.terminal import show_comparison

    if len(paths) != 2:
        raise SessionError(f"--compare: give two results of replay --json, not {len(paths)}")
    before, after = (read_transcript(path) for path in paths)
    compared = compare(before, after)
    one, other = map(str, paths)
    _give(
        html,
        lambda: comparison_page(before, after, compared, (one, other)),
        lambda: show_comparison(before, after, compared, console),
        console,
    )


def _scorecard(workspace: Path, days: int, html: Path | None, console: Console) -> None:
    from proactive_lsp.memory import UnreadableError, store_path
    from proactive_lsp.memory.reading import read_days
    from proactive_lsp.report.scorecard import scorecard
    from proactive_lsp.report.scorecard_page import scorecard_page
    from proactive_lsp.report.terminal import show_scorecard

    if not workspace.is_dir():
        raise SessionError(f"--workspace {workspace}: no such folder")
    path, name = store_path(workspace, None), str(workspace.resolve())
    if not path.exists():
        advice = "open it in an editor that runs proactive-lsp, or give --workspace"
        raise SessionError(f"{name}: nothing is remembered of this folder; {advice}")
    try:
        card = scorecard(read_days(path), today=date.today(), number=days)
    except UnreadableError as error:
        raise SessionError(str(error)) from error
    _give(
        html,
        lambda: scorecard_page(card, name),
        lambda: show_scorecard(card, name, console),
        console,
    )


def _give(
    html: Path | None, page: "Callable[[], str]", show: "Callable[[], None]", console: Console
) -> None:
    """The page where one is wanted, else the same on the terminal."""
    if html is None:
        show()
        return
    write_result(html, page().encode())
    if str(html) != "-":
        console.print(f"page: {visible(str(html))}", soft_wrap=True)
