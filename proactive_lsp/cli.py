"""The command line: `serve`, `replay`, `sessions show`, `forget`; others have modules of their own.

What a command has to say goes to stdout, except that with `--json -` stdout is the JSON alone.
An error is one line on stderr and exit code 2, whoever raised it.
"""

import io
import sys
import traceback
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from proactive_lsp import __version__
from proactive_lsp.clock import VirtualClock
from proactive_lsp.doctor.commands import doctor
from proactive_lsp.evaluation import commands, reward_commands
from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.explaining.commands import explain
from proactive_lsp.replay.escaping import visible
from proactive_lsp.replay.session import SessionError
from proactive_lsp.replay.target import unwritable
from proactive_lsp.terminal import plain_console, progress, write_result

if TYPE_CHECKING:
    from proactive_lsp.replay.run import Assembled, Replayed, ReplayOptions
    from proactive_lsp.workspace.past import Past
    from proactive_lsp.workspace.tree import Tree

OK, MISSED, FAILED = 0, 1, 2
PROGRAM = "proactive-lsp"
# What a user of the command line need not know about types.
_WORDS = (
    ("Value error, ", ""),
    ("Input should be a valid integer, unable to parse string as an integer", "no whole number"),
)

app = typer.Typer(
    name=PROGRAM,
    help="Notice what a developer is doing and offer the next task as a code action.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
sessions = typer.Typer(help="Look at recorded sessions.")
app.add_typer(sessions, name="sessions")
app.add_typer(reward_commands.bench, name="bench")
app.command()(commands.mine)
app.command()(explain)
app.command()(doctor)


class Speed(StrEnum):
    """How fast a replay goes."""

    MAX = "max"
    REAL = "real"


def run_command_line(arguments: Sequence[str]) -> int:
    """Run one command; the exit code is 0, 1 when `--check` missed something, 2 for an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A file name must not stop the program where the terminal cannot show it.
            stream.reconfigure(errors="backslashreplace")
    try:
        code = app(list(arguments), prog_name=PROGRAM, standalone_mode=False)
    except (SessionError, EvaluationError) as error:
        return _fail(str(error))
    except typer.TyperException as error:
        return _fail(_usage(error))
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        return _fail(f"{name}{error.strerror or error}")
    except typer.Abort:
        return _fail("aborted")
    except Exception:
        # A bug of ours, for which the exit code must still not read as a missed label.
        traceback.print_exc()
        return FAILED
    return code if isinstance(code, int) else OK


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"{PROGRAM} {__version__}")
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None: ...


@app.command()
def serve(
    stdio: Annotated[
        bool, typer.Option("--stdio", help="Talk over stdin and stdout, as is the default.")
    ] = False,
    record: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Record the session, redacted, for `replay`."),
    ] = None,
) -> None:
    """Serve one editor."""
    if record is not None:
        _check_target("--record", record)
    from proactive_lsp.server.main import run

    raise typer.Exit(run(record))


@app.command()
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
        str, typer.Option(metavar="NAME|none", help="Ollama model to ask, on this machine.")
    ] = "none",
    speed: Annotated[Speed, typer.Option(help="As fast as possible, or as it happened.")] = (
        Speed.MAX
    ),
    json: Annotated[
        Path | None, typer.Option(metavar="FILE|-", help="Write the result as JSON; - is stdout.")
    ] = None,
    jobs: Annotated[int, typer.Option(metavar="N", help="Sessions at a time.")] = 1,
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

    Starts from empty memory and ignores your settings. Nothing is written but the JSON file.
    """
    from proactive_lsp.needs import KINDS
    from proactive_lsp.replay.find import find_sessions
    from proactive_lsp.replay.printer import Printer
    from proactive_lsp.replay.run import ReplayOptions, replay_all, transcript
    from proactive_lsp.replay.transcript import encode
    from proactive_lsp.replay.workspaces import check_repository

    unknown = sorted(set(disable or ()) - set(KINDS))
    if unknown:
        raise SessionError(f"--disable {unknown[0]}: no such kind; there are {', '.join(KINDS)}")
    if jobs < 1:
        raise SessionError(f"--jobs {jobs}: no session would be replayed; give 1 or more")
    if json is not None and str(json) != "-":
        _check_target("--json", json)
    if repo is not None:
        check_repository(repo)
    options = ReplayOptions(
        repo=repo,
        model=None if model == "none" else model,
        real_time=speed is Speed.REAL,
        disable=tuple(disable or ()),
        filter=not no_filter,
        timings=timings,
    )
    found = find_sessions(paths)
    to_stdout = str(json) == "-"
    console = plain_console(sys.stderr if to_stdout else sys.stdout)
    printer = Printer(console, check=check)
    results: list[Replayed] = []
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
    if check and any(result.misses for result in results):
        raise typer.Exit(MISSED)


@app.command()
def forget(
    learned: Annotated[
        bool, typer.Option("--learned", help="What your answers taught; a no stays a no.")
    ] = False,
    workspace: Annotated[
        Path, typer.Option(metavar="DIR", help="The folder that it was learned in.")
    ] = Path(),
) -> None:
    """Forget what was learned in a workspace folder."""
    from proactive_lsp.memory import Memory, SqliteStore, store_path
    from proactive_lsp.reward.learning import forget

    if not learned:
        raise SessionError("forget: say what; give --learned")
    if not workspace.is_dir():
        raise SessionError(f"--workspace {workspace}: no such folder")
    file = store_path(workspace, None)
    if not file.exists():
        typer.echo("Nothing was learned.")
        return
    memory = Memory(SqliteStore(file), earlier=0)
    text = forget(memory)
    memory.close()
    if memory.status != "ok":
        raise SessionError(f"{file}: nothing was forgotten ({memory.status})")
    typer.echo(text)


@sessions.command()
def show(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A session file, or its folder.")],
) -> None:
    """List a session for a person to read: header, events with their times, labels."""
    from proactive_lsp.replay.find import find_session
    from proactive_lsp.replay.listing import list_session
    from proactive_lsp.replay.timeline import Timeline

    timeline = Timeline(plain_console(sys.stdout))
    for entry in list_session(find_session(file)):
        timeline.show(entry)


def assemble(
    base: "Tree", past: "Past", clock: VirtualClock, options: "ReplayOptions"
) -> "Assembled":
    """The engine of one replay: shipped settings but for what the command line says."""
    from proactive_lsp import assembly
    from proactive_lsp.agent.settings import AgentSettings
    from proactive_lsp.explain.learned import learned_rows
    from proactive_lsp.needs import NeedsSettings
    from proactive_lsp.replay.run import Assembled
    from proactive_lsp.reward import RewardSettings
    from proactive_lsp.settings import Settings

    settings = Settings(
        needs=NeedsSettings(off=options.disable),
        reward=RewardSettings(filter=options.filter),
        agent=AgentSettings(enabled=options.model is not None, model=options.model),
    )
    model = assembly.ollama_model(settings.agent, clock)
    scheduler = assembly.for_replay(settings, base=base, clock=clock, model=model, past=past)
    engine = scheduler.engine
    return Assembled(
        scheduler, engine.plan, engine.work.tree.read, lambda: learned_rows(engine.memory)
    )


def _check_target(option: str, file: Path) -> None:
    """Refuse a file that cannot be written before anything is done; raises `SessionError`."""
    problem = unwritable(file)
    if problem is not None:
        raise SessionError(f"{option} {file}: {problem}")


def _usage(error: typer.TyperException) -> str:
    """What is wrong with the arguments, and whose help to read."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else PROGRAM
    message = error.format_message().rstrip(".")
    for theirs, ours in _WORDS:
        message = message.replace(theirs, ours)
    return f"{message}; see {command} --help"


def _say(text: str) -> None:
    typer.echo(f"{PROGRAM}: {visible(' '.join(text.split()))}", err=True)


def _fail(text: str) -> int:
    _say(text)
    return FAILED
