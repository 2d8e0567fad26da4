"""What a client says it can do, for editors of every age."""

from collections.abc import Sequence

from lsprotocol import types


def capabilities(
    *,
    own: bool = False,
    literals: bool = True,
    resolve: bool = True,
    annotations: bool = False,
    document_changes: bool = True,
    watchers: bool = False,
    tags: bool = False,
    configuration: bool = False,
    shows: bool = False,
    progress: bool = False,
    creates: bool = False,
    encodings: Sequence[str] | None = None,
) -> types.ClientCapabilities:
    """What the editor says it can do; by default what most editors can."""
    kinds = types.ClientCodeActionKindOptions([types.CodeActionKind.QuickFix])
    action = types.CodeActionClientCapabilities(
        code_action_literal_support=types.ClientCodeActionLiteralOptions(kinds)
        if literals
        else None,
        data_support=resolve,
        resolve_support=types.ClientCodeActionResolveOptions(["edit"]) if resolve else None,
        tag_support=types.CodeActionTagOptions([types.CodeActionTag.LlmGenerated])
        if tags
        else None,
    )
    edit = types.WorkspaceEditClientCapabilities(
        document_changes=document_changes,
        change_annotation_support=types.ChangeAnnotationsSupportOptions() if annotations else None,
        resource_operations=[types.ResourceOperationKind.Create] if creates else None,
    )
    return types.ClientCapabilities(
        general=types.GeneralClientCapabilities(position_encodings=encodings)
        if encodings
        else None,
        experimental={"proactive": True} if own else None,
        window=types.WindowClientCapabilities(
            show_document=types.ShowDocumentClientCapabilities(support=True) if shows else None,
            work_done_progress=progress,
        ),
        text_document=types.TextDocumentClientCapabilities(
            code_action=action,
            publish_diagnostics=types.PublishDiagnosticsClientCapabilities(version_support=True),
        ),
        workspace=types.WorkspaceClientCapabilities(
            apply_edit=True,
            configuration=configuration,
            workspace_edit=edit,
            workspace_folders=True,
            did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(
                dynamic_registration=watchers, relative_pattern_support=watchers
            ),
        ),
    )
