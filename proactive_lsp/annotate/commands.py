"""The command `annotate`: serves the page, or says how far people agree, or writes labels."""

import getpass
import re
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from proactive_lsp.replay.escaping import visible
from proactive_lsp.replay.session import SessionError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from proactive_lsp.annotate.library import Library


def annotate(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Sessions to read; marks are kept beside them.")
    ],
    name: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="Whose marks; by default your own.")
    ] = None,
    port: Annotated[
        int, typer.Option(metavar="N", help="Where to listen on this machine; 0 takes a free one.")
    ] = 0,
    repo: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Repository with the commits of sessions over git."),
    ] = None,
    agreement: Annotated[
        bool, typer.Option("--agreement", help="Only say how far the annotators agree.")
    ] = False,
    export: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT",
            help="Only write copies of the sessions with labels made of the marks, for replay "
            "--check: of what most annotators want, or of one with --as.",
        ),
    ] = None,
) -> None:
    """Read sessions on a local page; mark what suggestions were worth and where one was missing.

    The page is for one browser on this machine, through the link that is printed. Sessions are
    never changed.
    """
    if agreement and export is not None:
        raise SessionError("give --agreement or --export, not both")
    from proactive_lsp.annotate.library import Library
    from proactive_lsp.annotate.marks import check_name
    from proactive_lsp.replay.workspaces import check_repository

    if repo is not None:
        check_repository(repo)
    library = Library(folder, repo)
    if agreement:
        from proactive_lsp.annotate.agreement import agreement as found
        from proactive_lsp.annotate.list_pages import agreement_lines

        _print(agreement_lines(found(library)))
    elif export is not None:
        from proactive_lsp.annotate.export import check_output, tell_export
        from proactive_lsp.annotate.export import export as write

        check_output(export, library)
        _print(tell_export(write(library, export, check_name(name) if name else None)))
    else:
        _serve(library, check_name(name) if name is not None else _own_name(), port)


def _serve(library: "Library", annotator: str, port: int) -> None:
    from proactive_lsp.annotate.desk import Desk
    from proactive_lsp.annotate.serving import listening
    from proactive_lsp.replay.wording import counted

    desk = Desk(library, annotator)
    with listening(desk, port) as (server, guard):
        sessions = counted(len(library.paths), "session")
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            _print((f"{sessions}, marked as {annotator}; Ctrl+C ends.", f"Open {guard.link}"))
            sys.stdout.flush()
            server.serve_forever()
        except KeyboardInterrupt:
            _print((f"{counted(desk.kept, 'mark')} kept.",))
        finally:
            signal.signal(signal.SIGTERM, before)


def _own_name() -> str:
    """The name of the user as a name of an annotator."""
    try:
        own = getpass.getuser()
    except (OSError, KeyError):
        own = ""
    return re.sub(r"[^\w-]+", "-", own)[:40].strip("-") or "me"


def _print(lines: "Iterable[str]") -> None:
    for line in lines:
        typer.echo(visible(line))
