"""The commands `sessions …`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from proactive_lsp.sessions import capture_command, file_commands
from proactive_lsp.sessions.import_command import import_sessions
from proactive_lsp.terminal import plain_console

sessions = typer.Typer(help="Look at recorded sessions, and make others of them.")


@sessions.callback()
def _group() -> None: ...


sessions.command("list")(file_commands.list_)
sessions.command()(file_commands.trim)
sessions.command()(file_commands.redact)
sessions.command()(file_commands.export)
sessions.command()(file_commands.merge)
sessions.command()(file_commands.validate)
sessions.command()(file_commands.stats)
sessions.command()(capture_command.capture)


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
