"""The command `sessions capture`: a fault becomes a scenario that fails until it is mended."""

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer

from proactive_lsp.events import BadPath, check_path, span
from proactive_lsp.needs import KINDS
from proactive_lsp.replay.escaping import visible
from proactive_lsp.replay.find import find_session
from proactive_lsp.replay.session import Expect, Label, Quiet, SessionError
from proactive_lsp.replay.wording import counted
from proactive_lsp.sessions.file_commands import OneFile, Repo, warn

WITHIN = 10.0
# Times are shown with one digit behind the point.
ROUNDED = 0.05


def capture(
    file: OneFile,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="The new folder of the scenario.")
    ],
    at: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="When it was missing, or too much.")
    ] = None,
    expect: Annotated[
        str | None, typer.Option(metavar="KIND", help="Should have suggested this; needs --path.")
    ] = None,
    path: Annotated[
        str | None, typer.Option(metavar="PATH", help="Where, in the workspace.")
    ] = None,
    line: Annotated[int | None, typer.Option(min=1, metavar="N", help="In which line.")] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Should not have suggested anything then.")
    ] = False,
    within: Annotated[
        float, typer.Option(min=0, metavar="SECONDS", help="For how long from then on.")
    ] = WITHIN,
    repo: Repo = None,
) -> None:
    """Make a scenario that `replay --check` fails on until the fault is mended; exit 1 if not."""
    label = _label(at, expect, path, line, quiet, within)
    if output.exists() or output.is_symlink():
        raise SessionError(f"--output {output}: it is there already; name a new folder")
    if not output.parent.is_dir():
        raise SessionError(f"--output {output}: there is no folder {output.parent}; create it")
    # What follows takes a second to load, which a wrong argument need not wait for.
    from proactive_lsp.sessions.capturing import capture

    captured = capture(find_session(file), output, label, repo=repo, warn=warn)
    files = f"{captured.files} of {counted(captured.of, 'file')}"
    if label is None:
        typer.echo(visible(f"{output}: {files}, no label; add one to its session.jsonl"))
    elif captured.fails:
        typer.echo(visible(f"{output}: {files}; fails as it should"))
        typer.echo(visible(f"  wanted {captured.wanted}"))
        typer.echo(visible(f"  {captured.happened}"))
    else:
        typer.echo(visible(f"{output}: {files}; does NOT fail: {_why(label)}"))
        raise typer.Exit(1)


def _label(
    at: float | None,
    kind: str | None,
    path: str | None,
    line: int | None,
    quiet: bool,
    within: float,
) -> Label | None:
    """What is wanted; None when nothing is said of that. Raises `SessionError` on half of it."""
    if not quiet and kind is None:
        if at is not None or path is not None or line is not None:
            raise SessionError("say what was wrong then: give --expect KIND, or --quiet")
        return None
    if quiet and kind is not None:
        raise SessionError("--expect and --quiet want opposite things; give one of them")
    if at is None or not at >= 0:
        raise SessionError("say when: give --at SECONDS, as `sessions show` tells them")
    t = max(0.0, at - ROUNDED)
    if kind is None:
        return Quiet(t, at + within)
    if kind not in KINDS:
        meant = get_close_matches(kind, KINDS, n=1)
        raise SessionError(
            f"--expect {kind}: no kind is called so"
            + (f"; did you mean {meant[0]}?" if meant else f"; there are {', '.join(KINDS)}")
        )
    if path is None:
        raise SessionError("say where: give --path PATH, and --line N if you can")
    try:
        check_path(path)
    except BadPath as error:
        raise SessionError(f"--path: {error}") from error
    range = span(line - 1, 0, line - 1, 0) if line is not None else None
    return Expect(t=t, need=kind, path=path, range=range, within=at + within - t)


def _why(label: Label) -> str:
    if isinstance(label, Expect):
        return "its replay offers it, so it is mended, or was held back by something not recorded"
    return "its replay is silent then, so it is mended, or came of something before the session"
