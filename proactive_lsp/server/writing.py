"""Have the model write what the user accepted, behind the command that asked for it.

At most one text is being written at a time. Asking for another one gives up the first, as the
newest wins everywhere; asking for the same again changes nothing. What comes of it is an edit that
the editor applies: to be confirmed where the editor can ask, and else at once, since the user has
asked for this very text and an undo takes it back; a message says so. What could not be written is
one message, and teaches nothing.
"""

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from lsprotocol import types
from msgspec import Struct
from pygls.exceptions import JsonRpcContentModified

from proactive_lsp.server.edits import NoNewFiles, workspace_edit
from proactive_lsp.server.folders import Folder
from proactive_lsp.server.progress import REPORT_SECONDS, Progress
from proactive_lsp.suggestions import Place, Plan, Silence, Stale, Suggestion

if TYPE_CHECKING:
    from proactive_lsp.server.server import ProactiveServer

log = logging.getLogger(__name__)

HEADING = "Written by a language model"


class Asked(Struct, frozen=True):
    """What is to be written: all of a card, or one of its places."""

    folder: Folder
    card: Suggestion
    place: Place | None


class Writer:
    """The text that is being written now, if any."""

    def __init__(self, server: "ProactiveServer") -> None:
        self._server = server
        self._asked: Asked | None = None
        self._task: asyncio.Task[None] | None = None

    def begin(self, id: str, place: Place | None, folder: str | None) -> None:
        """Begin in the background; raises `JsonRpcContentModified` when there is no such card."""
        found = self._server.board.find(id, folder)
        if found is None:
            raise JsonRpcContentModified("this suggestion is no longer offered")
        asked = Asked(*found, place)
        if self._is_at(asked):
            return
        self.stop()
        self._asked = asked
        self._task = self._server.background(self._write(asked))

    def stop(self, id: str | None = None) -> None:
        """Give up what is being written: the card with this id, or whatever it is."""
        if self._task is not None and self._asked is not None and id in (None, self._asked.card.id):
            self._task.cancel()
            self._asked = self._task = None

    def _is_at(self, asked: Asked) -> bool:
        now = self._asked
        return now is not None and (now.folder, now.card.id, now.place) == (
            asked.folder,
            asked.card.id,
            asked.place,
        )

    async def _write(self, asked: Asked) -> None:
        task = asyncio.current_task()
        try:
            made = await self._ask(asked)
        except Exception as error:
            # Whoever waits for it hears of it all the same.
            log.warning("writing failed: %s", error)
            made = Silence("not-written", "something went wrong, of which the log has more")
        if self._task is task:
            # The model is done, and an editor may show what it made for as long as it likes.
            self._asked = self._task = None
        problem = await self._deliver(asked, made)
        if problem:
            why = problem.removeprefix("could not: ")
            text = f"Could not write “{asked.card.title}”: {why}"
            self._tell(text, types.MessageType.Warning)

    async def _ask(self, asked: Asked) -> Plan | Stale | Silence:
        """What the model wrote; progress is shown until then, and on cancellation it ends too."""
        server, id = self._server, asked.card.id
        loop, now = asyncio.get_running_loop(), server.clock.now
        progress = Progress(server, f"Writing: {asked.card.title}", lambda: self.stop(id))
        last = 0.0

        def heard(characters: int) -> None:
            # On the worker, for each word; the main thread need not wake for all of them.
            nonlocal last
            if now() - last >= REPORT_SECONDS:
                last = now()
                with suppress(RuntimeError):
                    # The editor is gone, and its loop with it.
                    loop.call_soon_threadsafe(progress.report, f"{characters} characters")

        ended = "stopped"
        try:
            made = await server.host.work(
                lambda engines: engines.write(
                    asked.folder, id, asked.place, uncertain=server.client.annotations, heard=heard
                )
            )
            ended = "written" if isinstance(made, Plan) else "could not be written"
            return made
        finally:
            progress.end(ended)

    async def _deliver(self, asked: Asked, made: Plan | Stale | Silence) -> str:
        """Give the user what was written; what went wrong, or nothing."""
        server = self._server
        if not isinstance(made, Plan):
            return made.text
        if made.text:
            self._hand_over(asked, made.text)
        if not made.files:
            return "" if made.text else "nothing is left to change"
        try:
            edit = workspace_edit(server, asked.folder, made, heading=HEADING)
        except (JsonRpcContentModified, NoNewFiles) as error:
            return str(error)
        result = await server.workspace_apply_edit_async(
            types.ApplyWorkspaceEditParams(edit, label=made.title)
        )
        if not result.applied:
            # Where it was shown before, not to apply it was the user's own choice.
            declined = "" if server.client.annotations else "the editor did not apply the edit"
            return result.failure_reason or declined
        await server.host.ask(lambda engines: engines.claim(made.id, asked.folder.uri))
        if not server.client.annotations:
            new = [file.path for file in made.files if file.create]
            also = f" {', '.join(new)} {'is' if len(new) == 1 else 'are'} new." if new else ""
            self._tell(f"A language model wrote “{made.title}”; undo takes it back.{also}")
        return ""

    def _hand_over(self, asked: Asked, text: str) -> None:
        """A text that belongs into no file: to a client of ours, or as a message to copy from."""
        if not self._server.client.own:
            self._tell(text)
            return
        told = {"id": asked.card.id, "folder": asked.folder.uri, "text": text}
        self._server.protocol.notify("proactive/written", told)

    def _tell(self, text: str, kind: types.MessageType = types.MessageType.Info) -> None:
        self._server.window_show_message(types.ShowMessageParams(kind, text))
