"""Start, folders, end: what the editor says about itself, and when the worker begins and stops."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.uris import from_fs_path

from proactive_lsp.server import configuration, files
from proactive_lsp.server.client import client_of, user_settings
from proactive_lsp.server.folders import Folder, Folders
from proactive_lsp.server.news import Cards, Complaint, GitFound, ModelNews, Mood, News

if TYPE_CHECKING:
    from proactive_lsp.server.engines import Engines
    from proactive_lsp.server.host import Host
    from proactive_lsp.server.server import ProactiveServer

CLOSE_SECONDS = 2.0


def initialize(server: "ProactiveServer", params: types.InitializeParams) -> None:
    """Note who is there. Nothing else, since the editor waits."""
    server.client = client_of(params)
    server.settings = user_settings(params)
    roots = [folder.uri for folder in params.workspace_folders or ()]
    root = params.root_uri or (from_fs_path(params.root_path) if params.root_path else None)
    if not roots and root:
        roots = [root]
    server.folders = Folders(roots)


def initialized(server: "ProactiveServer", params: types.InitializedParams) -> None:
    """Start the worker, which imports what thinks, and ask the editor for more signals."""
    loop = asyncio.get_running_loop()

    def tell(news: News) -> None:
        # The editor is gone while the worker still writes things down.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_hear, server, news)

    def make(host: "Host") -> "Engines":
        from proactive_lsp.server.engines import Engines
        from proactive_lsp.server.setup import Setup

        setup = Setup(
            options=server.settings,
            folders=folders,
            trusted=server.client.trusted,
            watched=server.client.watches_files,
            client=server.client.name,
            record=server.record,
        )
        return Engines(
            setup,
            clock=server.clock,
            tell=tell,
            overtaken=host.overtaken,
            taken=lambda: host.taken,
            wake=host.wake,
        )

    folders = server.folders.all()
    server.host.start(make)
    server.publisher.publish()
    if server.client.watches_files:
        files.watch_sources(server)
    if server.client.watches_configuration:
        configuration.watch(server)
    if server.client.configuration:
        server.background(configuration.ask(server))


def did_change_folders(
    server: "ProactiveServer", params: types.DidChangeWorkspaceFoldersParams
) -> None:
    """Folders were opened or closed: open files may belong to another one now."""
    for folder in params.event.removed:
        server.folders.remove(folder.uri)
    for folder in params.event.added:
        server.folders.add(folder.uri)
    folders = server.folders.all()
    moves: dict[tuple[Folder, str], tuple[Folder, str] | None] = {}
    for uri, document in list(server.board.open.items()):
        home = server.folders.locate(uri)
        if home == (document.folder, document.path):
            continue
        moves[document.folder, document.path] = home
        if home is None:
            del server.board.open[uri]
        else:
            document.folder, document.path = home
            document.recent.clear()
    server.board.keep_only(folders)
    server.host.call(lambda engines: engines.open_folders(folders, moves))
    if server.client.configuration:
        server.background(configuration.ask(server))
    server.publisher.publish()


async def shutdown(server: "ProactiveServer", params: None) -> None:
    """Everything is written down before the answer, or two seconds have passed."""
    server.ended = True
    await asyncio.to_thread(server.host.close, CLOSE_SECONDS)


def _hear(server: "ProactiveServer", news: News) -> None:
    """Take in what the worker tells."""
    match news:
        case Cards():
            server.board.take(news)
        case Mood():
            server.board.mood = news
        case ModelNews():
            server.model_messages.hear(news)
        case Complaint():
            message = types.ShowMessageParams(types.MessageType.Warning, news.text)
            server.window_show_message(message)
        case GitFound():
            files.watch_git(server, news)
    server.publisher.publish()
