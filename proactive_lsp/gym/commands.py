"""The commands `gym run` and `gym scenes`; each reads its options, works and prints."""

import os
import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.replay.escaping import visible
from proactive_lsp.replay.target import unwritable
from proactive_lsp.terminal import plain_console, progress, write_result

if TYPE_CHECKING:
    from proactive_lsp.gym.rows import Row
    from proactive_lsp.gym.stage import GymOptions
    from proactive_lsp.gym.tasks import Planned

gym = typer.Typer(help="Let simulated users work in real repositories, and keep the sessions.")


class Who(StrEnum):
    """Who is at the keyboard."""

    HISTORY = "history"
    SCRIPTED = "scripted"
    MODEL = "model"


class Manner(StrEnum):
    """How a history user takes suggestions."""

    PATIENT = "patient"
    BUSY = "busy"
    PICKY = "picky"


_EXAMPLE_SCRIPT = Path(__file__).with_name("example_script.toml")
_EXAMPLE_SCENE = Path(__file__).with_name("example_scene.toml")
_Host = Annotated[
    str | None, typer.Option(metavar="URL", help="Where that model is; by default on this machine.")
]


@gym.callback()
def _group() -> None: ...


@gym.command()
def run(
    user: Annotated[Who, typer.Option(help="Plays commits, plays a script, or is a model.")],
    repo: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A clone to work on a copy of.")
    ] = None,
    commits: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Play the newest N that count.")
    ] = None,
    branch: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Play what this branch has and HEAD has not."),
    ] = None,
    script: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="What a scripted user does; else an example."),
    ] = None,
    scene: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="What a model user is and wants; else an example."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the sessions go; goes on there.")
    ] = None,
    seed: Annotated[int, typer.Option(metavar="S", help="Of all that is random.")] = 0,
    temperament: Annotated[
        Manner, typer.Option(help="How a history user takes suggestions.")
    ] = Manner.PATIENT,
    labels: Annotated[
        bool, typer.Option("--labels", help="Write what each card was worth as labels.")
    ] = False,
    allow: Annotated[
        list[str] | None,
        typer.Option(metavar="PROGRAM", help="May run in the sandbox, for scripts and models."),
    ] = None,
    acts: Annotated[
        int, typer.Option(min=1, metavar="N", help="A model user does N things at most.")
    ] = 20,
    model: Annotated[
        str | None, typer.Option(metavar="NAME", help="The Ollama model that a model user is.")
    ] = None,
    host: _Host = None,
    jobs: Annotated[int, typer.Option(min=1, metavar="N", help="Sessions at a time.")] = 1,
    cluster: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="A Dask scheduler whose workers do the work."),
    ] = None,
    json: Annotated[
        Path | None, typer.Option(metavar="FILE|-", help="Write the result as JSON; - is stdout.")
    ] = None,
) -> None:
    """Let a simulated user work on copies of a repository with the engine watching.

    What is suggested is judged, accepted suggestions are carried out, and the work goes on from
    there. Your checkout is only read. The sessions in --out play with `replay --repo DIR`.
    """
    from proactive_lsp.evaluation.sources import name_of
    from proactive_lsp.evaluation.workers import Workers
    from proactive_lsp.gym.episode import MOST_ACTS
    from proactive_lsp.gym.rows import encode, summary_of
    from proactive_lsp.gym.running import run as run_all
    from proactive_lsp.gym.stage import GymOptions
    from proactive_lsp.gym.table import said_of, table_of

    options = GymOptions(
        user=user.value,
        repo=str(repo.absolute()) if repo is not None else None,
        repository=name_of(repo) if repo is not None else "",
        temperament=temperament.value,
        seed=seed,
        labels=labels,
        allow=tuple(sorted(set(allow or ()))),
        model=model,
        host=host,
        acts=acts if user is Who.MODEL else MOST_ACTS,
    )
    if json is not None and str(json) != "-" and (problem := unwritable(json)) is not None:
        raise EvaluationError(f"--json {json}: {problem}")
    planned = _planned(options, repo, commits, branch, script, scene or [])
    # A server has one slot: several users would wait for each other.
    workers = Workers(jobs if user is not Who.MODEL else 1, cluster)
    console = plain_console(sys.stderr if str(json) == "-" else sys.stdout)
    rows: list[Row] = []
    with _ended_tidily(), progress(console, len(planned.tasks), "sessions") as advance:
        for row in run_all(options, planned.tasks, out=out, workers=workers, advance=advance):
            rows.append(row)
            console.print(visible(said_of(row)), soft_wrap=True)
    summary = summary_of(
        rows,
        user=user.value,
        seed=seed,
        temperament=temperament.value,
        left_out=planned.left_out,
    )
    for line in planned.left_out:
        console.print(visible(f"left out {line}"), soft_wrap=True)
    console.print(table_of(summary))
    if out is not None:
        again = f"; replay with --repo {repo}" if repo is not None else ""
        console.print(visible(f"{len(rows)} sessions in {out}{again}"), soft_wrap=True)
    if json is not None:
        write_result(json, encode(summary))


@gym.command()
def scenes(
    seeds: Annotated[
        list[str],
        typer.Argument(
            metavar="SEED", help="A few words about some work, or @FILE with one seed a line."
        ),
    ],
    model: Annotated[str, typer.Option(metavar="NAME", help="The Ollama model that invents them.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the scenes go, as TOML.")],
    host: _Host = None,
    each: Annotated[int, typer.Option(min=1, metavar="N", help="At most N for each seed.")] = 1,
    seed: Annotated[int, typer.Option(metavar="S", help="Of the model's answers.")] = 0,
) -> None:
    """Let a model invent scenes for `gym run --user model --scene FILE`.

    What does not hold together or was proposed before is left out and counted. A file that is
    there already is not written over.
    """
    import asyncio

    from proactive_lsp.evaluation.mining import make_folder, write_whole
    from proactive_lsp.gym.asking import asker_of, check_model
    from proactive_lsp.gym.scenes import propose, toml_of

    check_model(model, host)
    lines = [line for given in seeds for line in _seed_lines(given)]
    if not lines:
        raise EvaluationError("no seed says anything; give a few words about some work")
    make_folder(out)
    proposed = asyncio.run(propose(lines, asker_of(model, host, seed), each=each))
    for scene in proposed.scenes:
        file = out / f"{scene.name}.toml"
        if file.exists():
            typer.echo(visible(f"{file}: there already, left as it is"))
            continue
        write_whole(file, toml_of(scene).encode())
        typer.echo(visible(f"{file}: {scene.goal}"))
    refused = "".join(f", {number} {why}" for why, number in proposed.refused.items())
    wanted = len(lines) * each
    typer.echo(
        f"{len(proposed.scenes)} of {wanted} scenes{refused}; {proposed.model.calls} questions, "
        f"{proposed.model.retried} asked twice"
    )


def _seed_lines(given: str) -> list[str]:
    """The seeds of one argument; raises `EvaluationError` for a file that cannot be read."""
    if not given.startswith("@"):
        return [given] if given.strip() else []
    try:
        text = Path(given[1:]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise EvaluationError(f"{given[1:]}: cannot read it: {reason}") from error
    return [line.strip() for line in text.splitlines() if line.strip()]


def _planned(
    options: "GymOptions",
    repo: Path | None,
    commits: int | None,
    branch: str | None,
    script: Path | None,
    scenes: list[Path],
) -> "Planned":
    """The tasks that the options ask for; raises `EvaluationError` where they do not fit."""
    from proactive_lsp.gym import tasks
    from proactive_lsp.gym.scene import read_scene
    from proactive_lsp.gym.script import read_script

    if options.user != "history" and (commits is not None or branch is not None):
        raise EvaluationError("--commits and --branch are for --user history")
    if options.user != "scripted" and script is not None:
        raise EvaluationError("--script is for --user scripted")
    if options.user != "model" and (scenes or options.model or options.host):
        raise EvaluationError("--scene, --model and --host are for --user model")
    match options.user:
        case "history":
            if repo is None:
                raise EvaluationError("say whose commits are played: give --repo DIR")
            if commits is not None and branch is not None:
                raise EvaluationError("give --commits or --branch, not both")
            if branch is not None:
                return tasks.branch_task(repo, branch)
            return tasks.commit_tasks(repo, commits if commits is not None else 20)
        case "scripted":
            return tasks.script_task(read_script(script or _EXAMPLE_SCRIPT), repo)
        case "model":
            if options.model is None:
                raise EvaluationError("say which model it is: give --model NAME")
            from proactive_lsp.gym.asking import check_model

            check_model(options.model, options.host)
            found = [read_scene(file) for file in scenes or [_EXAMPLE_SCENE]]
            return tasks.scene_tasks(found, repo)


class _Ended(BaseException):
    """Somebody asked us to end; no `Exception`, which others might take for one of their own."""


@contextmanager
def _ended_tidily() -> Generator[None]:
    """Asked to end, remove the temporary folders first."""

    def leave(number: int, frame: FrameType | None) -> None:
        raise _Ended(number)

    try:
        before = signal.signal(signal.SIGTERM, leave)
    except ValueError:
        # Only the main thread may, and whoever calls us from another one looks after itself.
        yield
        return
    try:
        yield
    except _Ended as ended:
        # A thread that watches over an interrupted git would keep us for its whole time-out.
        os._exit(128 + ended.args[0])
    finally:
        signal.signal(signal.SIGTERM, before)
