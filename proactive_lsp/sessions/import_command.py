"""The command `sessions import`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from proactive_lsp.replay.escaping import visible
from proactive_lsp.replay.session import SessionError
from proactive_lsp.replay.wording import counted
from proactive_lsp.sessions.importing import Format, Imported, import_file


def import_sessions(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="What another tool recorded.")
    ],
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Where to write; what is there already stays.")
    ],
    format: Annotated[
        Format, typer.Option(help="Who wrote it; by default the file itself tells.")
    ] = Format.AUTO,
    workspace: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="The folder that was open, where it is on this machine; by default the one that "
            "the recording names, with the texts of the files that were opened in it.",
        ),
    ] = None,
) -> None:
    """Make sessions of LSP traffic or ProactiveBench traces; what is lost is said.

    Reads what VS Code writes with `trace.server: verbose`, as text or JSON, what lsp-devtools
    record wrote to a file or a database, and sessions of ProactiveBench. Secrets are masked.
    """
    if workspace is not None and not workspace.is_dir():
        raise SessionError(f"--workspace {workspace}: no such folder")
    if out.exists() and not out.is_dir():
        raise SessionError(f"--out {out}: a file; name a folder")
    out.mkdir(parents=True, exist_ok=True)
    for file in files:
        for line in _told(import_file(file, format, workspace, out)):
            typer.echo(visible(line))


def _told(done: Imported) -> Iterator[str]:
    for path, events in done.sessions:
        yield f"{path}: {counted(events, 'event')} of {done.source} ({done.format})"
    for note in done.notes:
        yield f"  note: {note}"
    for reason, number in done.lost:
        yield f"  lost: {number} {reason}"
