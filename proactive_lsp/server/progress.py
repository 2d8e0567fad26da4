"""Show the user long work that they asked for, and let them stop it.

An editor that knows no progress gets none, and the work goes on all the same.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import uuid4

from lsprotocol import types

if TYPE_CHECKING:
    from proactive_lsp.server.server import ProactiveServer

# More often than this nobody can read it.
REPORT_SECONDS = 0.2


class Progress:
    """One line with a button. `stop` is called when the user presses it.

    The work does not wait for the editor, which has to agree first to show anything.
    """

    def __init__(self, server: "ProactiveServer", title: str, stop: Callable[[], object]) -> None:
        self._server = server
        self._title = title
        self._stop = stop
        self._token = str(uuid4())
        self._shown = self._ended = False
        self._reported = 0.0
        if server.client.shows_progress:
            server.background(self._begin())

    def report(self, message: str, percentage: int | None = None) -> None:
        """Say how far it is; most of what comes in quick succession is left out."""
        now = self._server.clock.now()
        if self._shown and now - self._reported >= REPORT_SECONDS:
            self._reported = now
            self._tell(types.WorkDoneProgressReport(message=message, percentage=percentage))

    def end(self, message: str) -> None:
        """Take the line away; saying so again does nothing."""
        if self._shown and not self._ended:
            self._tell(types.WorkDoneProgressEnd(message=message))
        self._ended = True
        self._server.progress_shown.pop(self._token, None)

    def cancelled(self) -> None:
        """The user pressed the button."""
        self._stop()

    async def _begin(self) -> None:
        self._server.progress_shown[self._token] = self
        token = types.WorkDoneProgressCreateParams(self._token)
        await self._server.window_work_done_progress_create_async(token)
        if not self._ended:
            self._shown = True
            self._tell(types.WorkDoneProgressBegin(self._title, cancellable=True))

    def _tell(
        self,
        value: types.WorkDoneProgressBegin
        | types.WorkDoneProgressReport
        | types.WorkDoneProgressEnd,
    ) -> None:
        self._server.progress(types.ProgressParams(self._token, value))


def cancel(server: "ProactiveServer", params: types.WorkDoneProgressCancelParams) -> None:
    """The user pressed a button; one whose work has ended does nothing."""
    shown = server.progress_shown.get(str(params.token))
    if shown is not None:
        shown.cancelled()
