"""The baseline: a pygls server that keeps texts in sync and answers every code action with none."""

import logging

from lsprotocol import types
from pygls.lsp.server import LanguageServer

server = LanguageServer("bare", "1", text_document_sync_kind=types.TextDocumentSyncKind.Incremental)


@server.feature(
    types.TEXT_DOCUMENT_CODE_ACTION,
    types.CodeActionOptions([types.CodeActionKind.QuickFix]),
)
def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
    """Nothing to offer."""
    return []


if __name__ == "__main__":
    # As quiet as ours: at its usual levels pygls formats whole messages for its log.
    logging.getLogger("pygls").setLevel(logging.CRITICAL)
    server.start_io()
