"""The command line: `serve`, `forget`; others have modules of their own.

What a command has to say goes to stdout, except that with `--json -` stdout is the JSON alone.
An error is one line on stderr and exit code 2, whoever raised it.
"""

import io
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from proactive_lsp import __version__
from proactive_lsp.annotate.commands import annotate
from proactive_lsp.doctor.commands import doctor
from proactive_lsp.evaluation import commands, reward_commands
from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.explaining.commands import explain
from proactive_lsp.gym.commands import gym
from proactive_lsp.replay.escaping import visible
from proactive_lsp.replay.session import SessionError
from proactive_lsp.replay.target import check_target
from proactive_lsp.replaying import replay
from proactive_lsp.reporting import report
from proactive_lsp.sessions.commands import sessions

OK, FAILED = 0, 2
PROGRAM = "proactive-lsp"
# What a user of the command line need not know about types.
_WORDS = (
    ("Value error, ", ""),
    ("Input should be a valid integer, unable to parse string as an integer", "no whole number"),
)

# As one meets them; the help lists them so.
_ORDER = (
    *("serve", "doctor", "explain", "forget", "report"),
    *("replay", "sessions", "annotate", "gym", "mine", "bench"),
)


class _Commands(TyperGroup):
    def list_commands(self, ctx: object) -> list[str]:
        return sorted(self.commands, key=_ORDER.index)


app = typer.Typer(
    name=PROGRAM,
    cls=_Commands,
    help="Notice what a developer is doing and offer the next task as a code action.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(sessions, name="sessions")
app.add_typer(reward_commands.bench, name="bench")
app.add_typer(gym, name="gym", short_help="Let simulated users work in real repositories.")
# Longer first sentences would be cut off in the list of commands.
app.command(short_help="Make sessions of the commits of a repository.")(commands.mine)
app.command(short_help="Say why something was offered, or why nothing was.")(explain)
app.command(short_help="Say what was found, which model is used, what to do.")(doctor)
app.command(short_help="Live through recorded sessions again; a timeline.")(replay)
app.command(short_help="Mark on a page what suggestions were worth.")(annotate)
app.command(short_help="Show sessions, compare two runs, or count over days.")(report)


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
        check_target("--record", record)
    from proactive_lsp.server.main import run

    raise typer.Exit(run(record))


@app.command(short_help="Forget what happened, or what was learned, in a folder.")
def forget(
    learned: Annotated[
        bool, typer.Option("--learned", help="What your answers taught; a no stays a no.")
    ] = False,
    events: Annotated[
        bool, typer.Option("--events", help="What happened; what was dismissed or taught stays.")
    ] = False,
    workspace: Annotated[
        Path, typer.Option(metavar="DIR", help="The folder that it happened in.")
    ] = Path(),
) -> None:
    """Forget what happened, or what was learned, in a workspace folder."""
    from proactive_lsp.memory import Memory, SqliteStore, forget_events, forgotten, store_path
    from proactive_lsp.reward.learning import forget

    if not learned and not events:
        raise SessionError("forget: say what; give --learned or --events, or both")
    if not workspace.is_dir():
        raise SessionError(f"--workspace {workspace}: no such folder")
    file = store_path(workspace, None)
    if events:
        number, problem = forget_events(file)
        if problem:
            raise SessionError(f"{file}: nothing was forgotten ({problem})")
        typer.echo(forgotten(number))
    if not learned:
        return
    if not file.exists():
        typer.echo("Nothing was learned.")
        return
    memory = Memory(SqliteStore(file), earlier=0)
    text = forget(memory)
    memory.close()
    if memory.status != "ok":
        raise SessionError(f"{file}: nothing was forgotten ({memory.status})")
    typer.echo(text)


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
