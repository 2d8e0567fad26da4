"""Turn a plan into the edit that the protocol knows, as far as the client can take it."""

from collections.abc import Iterator
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


class NoNewFiles(Exception):
    """A plan wants a file that this editor cannot be asked to make."""


DocumentChange = types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile


def workspace_edit(
    server: "ProactiveServer", folder: Folder, plan: Plan, *, heading: str = "To be confirmed"
) -> types.WorkspaceEdit:
    """The edit for the versions that the plan was made for; what is uncertain stands under
    `heading`.

    Raises `JsonRpcContentModified` when the user typed on in one of them, `NoNewFiles` when it
    needs a new file and the editor makes none for a server.
    """
    files = [(server.folders.uri(folder, file.path), file) for file in plan.files]
    for uri, file in files:
        document = server.board.open.get(uri)
        if document is not None and document.version != file.version:
            raise JsonRpcContentModified(f"{file.path} changed since this was made")
        if file.create and not server.client.creates_files:
            raise NoNewFiles(
                f"your editor makes no files for a server; make {file.path} and accept it again"
            )
    if not server.client.document_changes:
        return types.WorkspaceEdit(
            changes={uri: [_plain(edit) for edit in file.edits] for uri, file in files}
        )
    uncertain = any(not edit.certain for _, file in files for edit in file.edits)
    annotation = types.ChangeAnnotation(heading, needs_confirmation=True)
    return types.WorkspaceEdit(
        document_changes=[change for uri, file in files for change in _changes(uri, file)],
        change_annotations={UNCERTAIN: annotation} if uncertain else None,
    )


def _changes(uri: str, file: FileEdit) -> Iterator[DocumentChange]:
    if file.create:
        asked = UNCERTAIN if any(not edit.certain for edit in file.edits) else None
        # A file that came to be there meanwhile is an error of the editor's, not overwritten.
        yield types.CreateFile(
            uri, options=types.CreateFileOptions(overwrite=False), annotation_id=asked
        )
    yield types.TextDocumentEdit(
        types.OptionalVersionedTextDocumentIdentifier(uri, file.version),
        [_plain(edit) if edit.certain else _annotated(edit) for edit in file.edits],
    )


def _plain(edit: TextEdit) -> types.TextEdit:
    return types.TextEdit(their_range(edit.range), edit.new_text)


def _annotated(edit: TextEdit) -> types.AnnotatedTextEdit:
    return types.AnnotatedTextEdit(UNCERTAIN, their_range(edit.range), edit.new_text)
