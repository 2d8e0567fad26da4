"""The commands `sessions …`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from proactive_lsp.sessions.import_command import import_sessions
from proactive_lsp.terminal import plain_console

sessions = typer.Typer(help="Look at recorded sessions.")


@sessions.callback()
def _group() -> None: ...


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


sessions.command("import")(import_sessions)
