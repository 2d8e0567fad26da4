"""Turn a plan into the edit that the protocol knows, as far as the client can take it."""

from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified

from proactive_lsp.server.convert import their_range
from proactive_lsp.server.folders import Folder
from proactive_lsp.suggestions import FileEdit, Plan, TextEdit

if TYPE_CHECKING:
    from proactive_lsp.server.server import ProactiveServer

# What the user is to confirm, grouped in the editor's preview under one heading.
UNCERTAIN = "proactive.uncertain"


def workspace_edit(server: "ProactiveServer", folder: Folder, plan: Plan) -> types.WorkspaceEdit:
    """The edit for the versions that the plan was made for; it changes existing files only.

    Raises `JsonRpcContentModified` when the user typed on in one of them.
    """
    files = [(server.folders.uri(folder, file.path), file) for file in plan.files]
    for uri, file in files:
        document = server.board.open.get(uri)
        if document is not None and document.version != file.version:
            raise JsonRpcContentModified(f"{file.path} changed since this was made")
    if not server.client.document_changes:
        return types.WorkspaceEdit(
            changes={uri: [_plain(edit) for edit in file.edits] for uri, file in files}
        )
    uncertain = any(not edit.certain for _, file in files for edit in file.edits)
    annotation = types.ChangeAnnotation("To be confirmed", needs_confirmation=True)
    return types.WorkspaceEdit(
        document_changes=[_document_edit(uri, file) for uri, file in files],
        change_annotations={UNCERTAIN: annotation} if uncertain else None,
    )


def _document_edit(uri: str, file: FileEdit) -> types.TextDocumentEdit:
    return types.TextDocumentEdit(
        types.OptionalVersionedTextDocumentIdentifier(uri, file.version),
        [_plain(edit) if edit.certain else _annotated(edit) for edit in file.edits],
    )


def _plain(edit: TextEdit) -> types.TextEdit:
    return types.TextEdit(their_range(edit.range), edit.new_text)


def _annotated(edit: TextEdit) -> types.AnnotatedTextEdit:
    return types.AnnotatedTextEdit(UNCERTAIN, their_range(edit.range), edit.new_text)
