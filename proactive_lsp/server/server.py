"""The language server: who handles what, and how the two threads are put together."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import FeatureRequestError, JsonRpcException, PyglsError
from pygls.lsp.server import LanguageServer

from proactive_lsp import __version__
from proactive_lsp.clock import SystemClock
from proactive_lsp.server import (
    actions,
    client_events,
    commands,
    configuration,
    documents,
    files,
    lifecycle,
    progress,
)
from proactive_lsp.server.board import Board
from proactive_lsp.server.client import Client
from proactive_lsp.server.folders import Folders
from proactive_lsp.server.host import Host
from proactive_lsp.server.model_messages import ModelMessages
from proactive_lsp.server.protocol import ProactiveProtocol, converter, drop_builtins
from proactive_lsp.server.publish import Publisher
from proactive_lsp.server.pulling import Puller
from proactive_lsp.server.writing import Writer

log = logging.getLogger(__name__)

Handler = Callable[..., Any]

FEATURES: tuple[tuple[str, Handler, object], ...] = (
    (types.INITIALIZE, lifecycle.initialize, None),
    (types.INITIALIZED, lifecycle.initialized, None),
    (types.SHUTDOWN, lifecycle.shutdown, None),
    (types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, lifecycle.did_change_folders, None),
    (types.TEXT_DOCUMENT_DID_OPEN, documents.did_open, None),
    (types.TEXT_DOCUMENT_DID_CHANGE, documents.did_change, None),
    (types.TEXT_DOCUMENT_DID_SAVE, documents.did_save, None),
    (types.TEXT_DOCUMENT_DID_CLOSE, documents.did_close, None),
    (types.WORKSPACE_DID_CREATE_FILES, files.did_create, files.FILTER),
    (types.WORKSPACE_DID_RENAME_FILES, files.did_rename, files.FILTER),
    (types.WORKSPACE_DID_DELETE_FILES, files.did_delete, files.FILTER),
    (types.WORKSPACE_DID_CHANGE_WATCHED_FILES, files.did_change_watched, None),
    (types.WORKSPACE_DID_CHANGE_CONFIGURATION, configuration.did_change, None),
    (types.TEXT_DOCUMENT_CODE_ACTION, actions.code_action, actions.OPTIONS),
    (types.CODE_ACTION_RESOLVE, actions.resolve, None),
    (types.WORKSPACE_EXECUTE_COMMAND, commands.execute, None),
    (types.WINDOW_WORK_DONE_PROGRESS_CANCEL, progress.cancel, None),
    ("proactive/event", client_events.event, None),
    ("proactive/didShow", client_events.did_show, None),
    ("proactive/power", client_events.power, None),
)


class ProactiveServer(LanguageServer):
    """The main thread's state. What thinks lives behind `host`, on the worker."""

    def __init__(self, record: Path | None = None) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType] - pygls leaves *args untyped
            "proactive-lsp",
            __version__,
            protocol_cls=ProactiveProtocol,
            converter_factory=converter,
        )
        self.record = record
        self.ended = False
        self.clock = SystemClock()
        self.host = Host(self.clock)
        self.client = Client()
        self.folders = Folders()
        self.board = Board()
        self.publisher = Publisher(self)
        self.writer = Writer(self)
        self.puller = Puller(self)
        self.model_messages = ModelMessages(self)
        self.progress_shown: dict[str, progress.Progress] = {}
        self.settings: object = None
        self.git_dirs: set[Path] = set()
        self.told_files: dict[tuple[str, str], float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._end_of_snooze: asyncio.TimerHandle | None = None
        drop_builtins(self.protocol)
        for name, handler, options in FEATURES:
            self.feature(name, options)(partial(handler, self))
        for name in commands.COMMANDS:
            self.command(name)(partial(commands.execute, self))

    def report_server_error(
        self, error: Exception, source: type[PyglsError] | type[JsonRpcException]
    ) -> None:
        """To the log: pygls would show the user a pop-up. A request has its answer anyway."""
        if source is not FeatureRequestError:
            log.error("%s: %s", source.__name__, error)

    def background(self, work: Coroutine[Any, Any, object]) -> asyncio.Task[None]:
        """Run something that nobody waits for; what goes wrong in it is logged in one line."""

        async def run() -> None:
            try:
                await work
            except Exception as error:
                log.warning("%s failed: %s", work.__qualname__, error)

        task = asyncio.get_running_loop().create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # One that is cancelled before it began has nothing else that ends it.
        task.add_done_callback(lambda _: work.close())
        return task

    def register(self, id: str, method: str, options: object) -> None:
        """Register for a method after `initialize`; a client that refuses is left alone."""

        async def ask() -> None:
            registration = types.Registration(id, method, options)
            await self.client_register_capability_async(types.RegistrationParams([registration]))

        self.background(ask())

    def snooze(self, seconds: float) -> None:
        """Show no card for so long."""
        if self._end_of_snooze is not None:
            self._end_of_snooze.cancel()
            self._end_of_snooze = None
        self.board.snoozed = seconds > 0
        if self.board.snoozed:
            loop = asyncio.get_running_loop()
            self._end_of_snooze = loop.call_later(seconds, self.snooze, 0.0)
        self.publisher.publish()
