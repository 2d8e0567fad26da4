"""The command `explain`: reads its options, finds what is asked for, prints it."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from proactive_lsp.replay.escaping import visible
from proactive_lsp.replay.session import SessionError
from proactive_lsp.terminal import plain_console

HELP = "see proactive-lsp explain --help"


def explain(
    id: Annotated[
        str | None,
        typer.Argument(metavar="ID", help="A suggestion; the beginning of its id is enough."),
    ] = None,
    last: Annotated[bool, typer.Option("--last", help="The card that was offered last.")] = False,
    silent: Annotated[
        bool, typer.Option("--silent", help="Why nothing was said: reasons, counts, the latest.")
    ] = False,
    learned: Annotated[bool, typer.Option("--learned", help="What your answers changed.")] = False,
    memory: Annotated[
        bool, typer.Option("--memory", help="What is remembered of your work, redacted.")
    ] = False,
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="TRANSCRIPT", help="What replay --json wrote."),
    ] = None,
    workspace: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Whose memory to read without --from; the current folder."
        ),
    ] = None,
) -> None:
    """Say why something was offered, why nothing was, what was learned, or what is remembered.

    Give one of ID, --last, --silent, --learned and --memory. Nothing is written, and a running
    server is not disturbed.
    """
    if (id is not None) + last + silent + learned + memory != 1:
        raise SessionError(
            f"give exactly one of ID, --last, --silent, --learned and --memory; {HELP}"
        )
    if memory and source is not None:
        raise SessionError(f"a transcript holds no memory; leave out --from or --memory; {HELP}")
    if source is not None and workspace is not None:
        raise SessionError(f"give --from or --workspace, not both; {HELP}")
    from proactive_lsp.explaining import source as sources
    from proactive_lsp.explaining.terminal import show

    if memory:
        show(sources.remembered(workspace or Path()), plain_console(sys.stdout))
        return

    found = (
        sources.from_transcript(source)
        if source is not None
        else sources.from_memory(workspace if workspace is not None else Path())
    )
    if found.warning:
        typer.echo(visible(f"proactive-lsp: {found.warning}"), err=True)
    if id is not None:
        page = sources.one(found, id)
    elif last:
        page = sources.last(found)
    else:
        page = sources.silent(found) if silent else sources.learned(found)
    show(page, plain_console(sys.stdout))
