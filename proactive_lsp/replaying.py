"""The command `replay`: reads its options, says which model answers, prints what comes of it."""

import shlex
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from proactive_lsp.clock import VirtualClock
from proactive_lsp.replay.escaping import visible
from proactive_lsp.replay.session import SessionError
from proactive_lsp.replay.target import check_target
from proactive_lsp.terminal import plain_console, progress, write_result

if TYPE_CHECKING:
    from proactive_lsp.llm.recorded import Answers
    from proactive_lsp.replay.answering import Report, Use
    from proactive_lsp.replay.run import Assembled, Replayed, ReplayOptions
    from proactive_lsp.workspace.past import Past
    from proactive_lsp.workspace.tree import Tree

MISSED = 1
NO_MODEL = "none"
PATIENCE = 300.0
"""Seconds for one whole answer. Nobody is at the keyboard, and the session's time stands still."""


class Speed(StrEnum):
    """How fast a replay goes."""

    MAX = "max"
    REAL = "real"


def replay(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH", help="Session files, or folders with session.jsonl or *.jsonl."
        ),
    ],
    repo: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Repository with the commits of sessions over git."),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|none",
            help="Ollama model to ask. Without it, answers recorded beside a session are used "
            "where there are any; with none, not even these.",
        ),
    ] = None,
    host: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Where that model is; by default on this machine."),
    ] = None,
    record_model: Annotated[
        bool,
        typer.Option("--record-model", help="Write the model's answers beside each session."),
    ] = False,
    refresh_model: Annotated[
        bool,
        typer.Option(
            "--refresh-model",
            help="Ask again for recorded answers to other prompts, failures and what is missing.",
        ),
    ] = False,
    speed: Annotated[Speed, typer.Option(help="As fast as possible, or as it happened.")] = (
        Speed.MAX
    ),
    json: Annotated[
        Path | None, typer.Option(metavar="FILE|-", help="Write the result as JSON; - is stdout.")
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a page to look at: one file, no scripts."),
    ] = None,
    csv: Annotated[
        Path | None,
        typer.Option(metavar="FILE|-", help="Write a line for each session, as in results.csv."),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Compare with such lines; exit 1 where one differs."),
    ] = None,
    jobs: Annotated[
        int,
        typer.Option(metavar="N", help="Sessions at a time; one where a live model is asked."),
    ] = 1,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Compare with the labels; tell only sessions that miss one, exit 1."
        ),
    ] = False,
    disable: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND", help="Leave out a kind of need; may be repeated."),
    ] = None,
    no_filter: Annotated[
        bool, typer.Option("--no-filter", help="Offer whatever is noticed.")
    ] = False,
    timings: Annotated[
        bool, typer.Option("--timings", help="Add latencies, which differ from run to run.")
    ] = False,
) -> None:
    """Live through recorded sessions again and print a timeline of each.

    Starts from empty memory and ignores your settings. Nothing is written but the JSON file, the
    page, and the answers of a model when you ask for that.
    """
    from proactive_lsp.needs import KINDS
    from proactive_lsp.replay.answering import check_recordable
    from proactive_lsp.replay.find import find_sessions
    from proactive_lsp.replay.printer import Printer
    from proactive_lsp.replay.results import difference, encode_results
    from proactive_lsp.replay.run import ReplayOptions, replay_all, transcript
    from proactive_lsp.replay.transcript import encode
    from proactive_lsp.replay.workspaces import check_repository

    unknown = sorted(set(disable or ()) - set(KINDS))
    if unknown:
        raise SessionError(f"--disable {unknown[0]}: no such kind; there are {', '.join(KINDS)}")
    if jobs < 1:
        raise SessionError(f"--jobs {jobs}: no session would be replayed; give 1 or more")
    if record_model and refresh_model:
        raise SessionError("give --record-model or --refresh-model, not both")
    recording = "--record-model" if record_model else "--refresh-model" if refresh_model else None
    if recording is not None and (disable or no_filter):
        other = "--no-filter" if no_filter else "--disable"
        raise SessionError(f"give {recording} or {other}: other moments would ask the model")
    use = _use(model, recording)
    if json is not None and str(json) != "-":
        check_target("--json", json)
    if str(html) == "-":
        raise SessionError(
            "--html -: name a file; proactive-lsp report --html - has the page alone"
        )
    if html is not None:
        check_target("--html", html)
    if csv is not None and str(csv) != "-":
        check_target("--csv", csv)
    if str(csv) == str(json) == "-":
        raise SessionError("give one of --json and --csv a file: there is one stdout")
    committed = _committed(against)
    if repo is not None:
        check_repository(repo)
    options = ReplayOptions(
        repo=repo,
        model=None if model == NO_MODEL else model,
        host=_checked_host(host, model),
        answers=use,
        real_time=speed is Speed.REAL,
        disable=tuple(disable or ()),
        filter=not no_filter,
        # Whoever reads JSON or a page wants to know why; a terminal was told already.
        explained=json is not None or html is not None,
        timings=timings,
        chronicle=html is not None,
    )
    found = find_sessions(paths)
    if recording is not None:
        check_recordable(found)
    to_stdout = "-" in (str(json), str(csv))
    console = plain_console(sys.stderr if to_stdout else sys.stdout)
    printer = Printer(console, check=check)
    results: list[Replayed] = []
    # A server has one slot: what it spares of a prompt, and who waits, hangs on who asks beside.
    jobs = jobs if options.model is None else 1
    with progress(console, len(found), "sessions") as advance:
        for result in replay_all(found, options, assemble, printer.tell, jobs=jobs):
            printer.finished(result)
            for warning in result.warnings:
                _say(warning)
            results.append(result)
            advance()
    printer.summary(results)
    if json is not None:
        write_result(json, encode(transcript(results, timings=timings)))
    if html is not None:
        from proactive_lsp.report.page import page_of

        write_result(html, page_of(results).encode())
        console.print(f"page: {visible(str(html))}", soft_wrap=True)
    lines = encode_results(results)
    if csv is not None:
        write_result(csv, lines)
    _tell_absence([result.model for result in results if result.model is not None], recording)
    other = difference(committed, lines) if committed is not None else ""
    if other:
        told = " ".join(map(shlex.quote, map(str, paths)))
        advice = f"what it says is wanted? proactive-lsp replay {told} --csv {against}"
        shown = "\n".join(map(visible, other.split("\n")))
        console.print(f"{against} says otherwise:\n{shown}\n{advice}", soft_wrap=True)
    if other or (check and any(result.misses for result in results)):
        raise typer.Exit(MISSED)


def _committed(against: Path | None) -> bytes | None:
    """The lines of an earlier run; raises `SessionError` where there are none."""
    if against is None:
        return None
    from proactive_lsp.replay.results import is_table

    advice = "write it with proactive-lsp replay PATH --csv FILE"
    try:
        committed = against.read_bytes()
    except OSError as error:
        raise SessionError(f"--against {against}: {error.strerror}; {advice}") from error
    if not is_table(committed):
        raise SessionError(f"--against {against}: no table of results; {advice}")
    return committed


def assemble(
    base: "Tree",
    past: "Past",
    clock: VirtualClock,
    options: "ReplayOptions",
    answers: "Answers | None" = None,
) -> "Assembled":
    """The engine of one replay: shipped settings but for what the command line says."""
    from proactive_lsp import assembly
    from proactive_lsp.agent.settings import AgentSettings
    from proactive_lsp.explain.learned import learned_rows
    from proactive_lsp.llm.ollama import DEFAULT_HOST
    from proactive_lsp.needs import NeedsSettings
    from proactive_lsp.replay.answering import Answering
    from proactive_lsp.replay.run import Assembled
    from proactive_lsp.reward import RewardSettings
    from proactive_lsp.settings import Settings

    settings = Settings(
        needs=NeedsSettings(off=options.disable),
        reward=RewardSettings(filter=options.filter),
        agent=AgentSettings(
            enabled=options.model is not None or answers is not None,
            model=options.model,
            # Named here, since a replay is not to look into the environment for it. Another
            # machine is asked when the command line names one: that is the user's own word.
            host=options.host or DEFAULT_HOST,
            allow_remote=options.host is not None,
            timeout=PATIENCE,
        ),
    )
    live = assembly.ollama_model(settings.agent, clock) if options.model is not None else None
    model = None
    if live is not None:
        model = Answering(live, answers, loads=lambda: live.status.loads)
    elif answers is not None:
        model = Answering(None, answers)
    scheduler = assembly.for_replay(
        settings,
        base=base,
        clock=clock,
        model=model.metered if model is not None else None,
        past=past,
    )
    engine = scheduler.engine
    return Assembled(
        scheduler,
        engine.plan,
        engine.work.tree.read,
        lambda: learned_rows(engine.memory),
        model,
        lambda number: found.event.t if (found := engine.memory.get(number)) else None,
    )


def _use(model: str | None, recording: str | None) -> "Use":
    """What answers, by the options; raises `SessionError` where they contradict each other."""
    if recording is not None and model in (None, NO_MODEL):
        raise SessionError(f"{recording}: say which model to ask, with --model NAME")
    if recording is not None:
        return "record" if recording == "--record-model" else "refresh"
    if model is None:
        return "recorded"
    return "none" if model == NO_MODEL else "live"


def _checked_host(host: str | None, model: str | None) -> str | None:
    if host is None:
        return None
    if model in (None, NO_MODEL):
        raise SessionError(f"--host {host}: no model is asked; name one with --model NAME")
    from proactive_lsp.llm import ModelUnavailable
    from proactive_lsp.llm.ollama import check_host

    try:
        return check_host(host, allow_remote=True)
    except ModelUnavailable as error:
        raise SessionError(f"--host: {error}") from error


def _tell_absence(reports: "Sequence[Report]", recording: str | None) -> None:
    """Say once that nobody answered; raises `SessionError` when recording came to nothing."""
    away = [report.away for report in reports if report.away is not None]
    if not away:
        return
    if recording is not None and not any(report.written for report in reports):
        raise SessionError(f"{recording}: nothing was recorded; {away[0]}")
    of = f" in {len(away)} of {len(reports)} sessions" if len(reports) > 1 else ""
    _say(f"the model did not answer{of}: {away[0]}")


def _say(text: str) -> None:
    typer.echo(f"proactive-lsp: {visible(' '.join(text.split()))}", err=True)
