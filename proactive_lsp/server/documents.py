"""Open, change, save, close: each becomes an event and costs an append.

Files outside of every folder and other schemes (`untitled:`, `git:`, notebook cells) are ignored.
"""

from typing import TYPE_CHECKING

from lsprotocol import types

from proactive_lsp.events import Close, Edit, Open, Save
from proactive_lsp.server.board import OpenDocument
from proactive_lsp.server.convert import our_change

if TYPE_CHECKING:
    from proactive_lsp.server.server import ProactiveServer


def did_open(server: "ProactiveServer", params: types.DidOpenTextDocumentParams) -> None:
    """A document was opened."""
    item = params.text_document
    located = server.folders.locate(item.uri)
    if located is None:
        return
    folder, path = located
    server.board.open[item.uri] = OpenDocument(item.uri, folder, path, item.version)
    language = item.language_id
    if isinstance(language, types.LanguageKind):
        language = language.value
    server.host.post(folder, Open(server.clock.now(), path, item.version, language, item.text))
    server.publisher.opened(item.uri)


def did_change(server: "ProactiveServer", params: types.DidChangeTextDocumentParams) -> None:
    """A keystroke, mostly: the one handler that must cost next to nothing."""
    named = params.text_document
    document = server.board.open.get(named.uri)
    if document is None:
        return
    changes = tuple(map(our_change, params.content_changes))
    edit = Edit(server.clock.now(), document.path, named.version, changes)
    document.version = named.version
    document.recent.append((server.host.post(document.folder, edit), edit))


def did_save(server: "ProactiveServer", params: types.DidSaveTextDocumentParams) -> None:
    """A document was saved."""
    document = server.board.open.get(params.text_document.uri)
    if document is not None:
        server.host.post(document.folder, Save(server.clock.now(), document.path))


def did_close(server: "ProactiveServer", params: types.DidCloseTextDocumentParams) -> None:
    """A document was closed."""
    document = server.board.open.pop(params.text_document.uri, None)
    if document is not None:
        server.host.post(document.folder, Close(server.clock.now(), document.path))
