"""Have the user's Ollama download a model because the user said so, with progress and a way out."""

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from lsprotocol import types

from proactive_lsp.server.progress import REPORT_SECONDS, Progress

if TYPE_CHECKING:
    from proactive_lsp.llm.pulling import PullProgress
    from proactive_lsp.server.server import ProactiveServer


log = logging.getLogger(__name__)


class Puller:
    """The download that is under way, if any; one at a time."""

    def __init__(self, server: "ProactiveServer") -> None:
        self._server = server
        self._name: str | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        """Whether something is being downloaded."""
        return self._task is not None

    def begin(self, name: str) -> None:
        """Begin in the background; another download is given up, the same one goes on.

        What has come of one that is given up stays with the server, which goes on from there.
        """
        if self._name == name:
            return
        self.stop()
        self._name = name
        self._task = self._server.background(self._pull(name))
        self._server.publisher.publish()

    def stop(self) -> None:
        """Give up what is under way."""
        if self._task is not None:
            self._task.cancel()
            self._ended()

    def _ended(self) -> None:
        self._name = self._task = None
        self._server.publisher.publish()

    async def _pull(self, name: str) -> None:
        server, loop = self._server, asyncio.get_running_loop()
        progress = Progress(server, f"Pulling {name}", self.stop)
        now, last = server.clock.now, 0.0

        def show(told: "PullProgress") -> None:
            share = told.share
            progress.report(_line(told), int(100 * share) if share is not None else None)

        def tell(told: "PullProgress") -> None:
            # On the worker, for each line that the server sends.
            nonlocal last
            if now() - last >= REPORT_SECONDS:
                last = now()
                # The editor may be gone, and its loop with it.
                with suppress(RuntimeError):
                    loop.call_soon_threadsafe(show, told)

        ended = "stopped"
        try:
            problem = await server.host.work(lambda engines: engines.pull(name, tell))
            ended = "failed" if problem else "done"
        except Exception as error:
            log.warning("pulling failed: %s", error)
            ended, problem = "failed", "something went wrong, of which the log has more"
        finally:
            progress.end(ended)
        self._ended()
        if problem:
            kind, text = types.MessageType.Warning, f"Could not pull {name}: {problem}"
        else:
            kind, text = types.MessageType.Info, f"{name} is installed"
        server.window_show_message(types.ShowMessageParams(kind, text))


def _line(told: "PullProgress") -> str:
    if told.completed is None or told.total is None:
        return told.status
    return f"{told.status}: {told.completed / 1e6:,.0f} of {told.total / 1e6:,.0f} MB"
