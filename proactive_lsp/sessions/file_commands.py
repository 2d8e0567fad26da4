"""The commands `sessions …` that read session files and make new ones of them.

What they write goes into the file that was named, which must not be there yet.
"""

import os
import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from proactive_lsp.replay.escaping import visible
from proactive_lsp.replay.find import find_session, find_sessions
from proactive_lsp.replay.session import SessionError
from proactive_lsp.replay.wording import counted
from proactive_lsp.terminal import plain_console

OneFile = Annotated[Path, typer.Argument(metavar="FILE", help="A session file, or its folder.")]
Output = Annotated[
    Path, typer.Option("--output", "-o", metavar="FILE", help="The new file; never overwritten.")
]
Repo = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="A clone with the commit that it was recorded over."),
]


def list_(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH]…", help="Files and folders; without any, where recordings go."
        ),
    ] = None,
) -> None:
    """List recordings: when, how long, over what."""
    from rich.table import Table
    from rich.text import Text

    from proactive_lsp.sessions.keeping import recordings_folder
    from proactive_lsp.sessions.overview import overviews

    folder = recordings_folder(None)
    if not paths and not (folder.is_dir() and any(folder.glob("*.jsonl"))):
        typer.echo(f"Nothing is recorded in {visible(str(folder))}.")
        return
    table = Table(box=None, pad_edge=False)
    for title in ("session", "begun", "over"):
        table.add_column(title, overflow="fold")
    for title in ("length", "lines", "size"):
        table.add_column(title, justify="right")
    for each in overviews(iter(find_sessions(paths or [folder]))):
        shown = (
            [each.problem, "", ""] if each.problem else [each.name, each.created, each.workspace]
        )
        table.add_row(
            *(Text(visible(text[:200])) for text in (shown[0] or str(each.path), *shown[1:])),
            _length(each.seconds),
            "" if each.problem else f"{each.lines:,}",
            _size(each.size),
        )
    plain_console(sys.stdout).print(table)


def trim(
    file: OneFile,
    output: Output,
    start: Annotated[
        float, typer.Option("--from", metavar="SECONDS", help="Its first moment.")
    ] = 0.0,
    end: Annotated[
        float | None, typer.Option("--to", metavar="SECONDS", help="Its last moment; else the end.")
    ] = None,
    repo: Repo = None,
) -> None:
    """Cut out what happened from one time to another, over the workspace as it was then."""
    from proactive_lsp.sessions.trimming import trim
    from proactive_lsp.sessions.writing import check_new

    check_new("--output", output)
    last = float("inf") if end is None else end
    count = trim(find_session(file), output, start=start, end=last, repo=repo, warn=warn)
    _wrote(output, count)


def redact(
    file: OneFile,
    output: Output,
    structure: Annotated[
        bool, typer.Option("--structure", help="A meaningless word for every name and literal.")
    ] = False,
) -> None:
    """Mask in an old session what is known as a secret today."""
    from proactive_lsp.sessions.redacting import redact_session
    from proactive_lsp.sessions.writing import check_new

    check_new("--output", output)
    secret = os.urandom(32) if structure else None
    _wrote(output, redact_session(find_session(file), output, secret=secret, warn=warn))


def export(file: OneFile, output: Output, repo: Repo = None) -> None:
    """Make one file of a session and the texts of its workspace; .zip packs it."""
    from proactive_lsp.sessions.exporting import export
    from proactive_lsp.sessions.writing import check_new

    check_new("--output", output)
    _wrote(output, export(find_session(file), output, repo=repo, warn=warn))


def merge(
    one: Annotated[Path, typer.Argument(metavar="FILE", help="A recording.")],
    other: Annotated[Path, typer.Argument(metavar="OTHER", help="Another of the same workspace.")],
    output: Output,
) -> None:
    """Put two recordings of one workspace together, in the order of time."""
    from proactive_lsp.sessions.merging import merge
    from proactive_lsp.sessions.writing import check_new

    check_new("--output", output)
    _wrote(output, merge(find_session(one), find_session(other), output, warn=warn))


def validate(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Files and folders.")],
) -> None:
    """Name each line that is broken; exit 2 when one is."""
    from proactive_lsp.sessions.validating import validate

    broken = 0
    for path in find_sessions(paths):
        report = validate(path, lambda text: typer.echo(visible(text)))
        broken += report.broken
        for remark in report.remarks:
            typer.echo(visible(remark))
        whole = f"{counted(report.events, 'event')}, {counted(report.labels, 'label')}"
        if not report.broken:
            typer.echo(visible(f"{path}: valid, {whole}"))
    if broken:
        lines = counted(broken, "line")
        raise SessionError(f"{lines} broken; mend or delete them, as far as they are told above")


def stats(
    file: OneFile,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Count what happened: events, edits, boundaries, suggestions, answers."""
    from rich.table import Table
    from rich.text import Text

    from proactive_lsp.sessions.statistics import as_table, count

    counts = count(find_session(file), warn)
    if json:
        typer.echo(msgspec.json.encode(counts))
        return
    table = Table(box=None, pad_edge=False, show_header=False)
    for name, value in as_table(counts):
        table.add_row(name, Text(visible(value)))
    plain_console(sys.stdout).print(table)


def warn(text: str) -> None:
    """Say on stderr what is odd but hinders nothing."""
    typer.echo(f"proactive-lsp: {visible(text)}", err=True)


def _wrote(output: Path, count: int) -> None:
    typer.echo(visible(f"{output}: {counted(count, 'line')} after the first"))


def _length(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.1f} kB"
