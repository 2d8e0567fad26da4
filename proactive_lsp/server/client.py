"""What the editor at the other end can do, read once from its `initialize` request."""

from typing import Any

from lsprotocol import types
from msgspec import Struct

from proactive_lsp.server.convert import as_object

# They resolve an action that has neither edit nor command, and ours have one: eglot and lsp-mode
# of Emacs would run the command and change nothing.
TAKES_COMMAND_FOR_WHOLE = ("eglot", "emacs")


class Client(Struct, frozen=True):
    """An editor's abilities; each is False unless the editor claims it.

    `own` is a client of ours, which asks for the `proactive/*` notifications and shows evidence
    by itself. `trusted` is False only when the user does not trust the workspace. `asks` is False
    once it refused to show a message with buttons, which no ability tells.
    """

    name: str = ""
    own: bool = False
    trusted: bool = True
    asks: bool = True
    action_literals: bool = False
    resolves_edits: bool = False
    llm_tag: bool = False
    annotations: bool = False
    document_changes: bool = False
    applies_edits: bool = False
    creates_files: bool = False
    shows_progress: bool = False
    shows_documents: bool = False
    versioned_diagnostics: bool = False
    watches_files: bool = False
    relative_patterns: bool = False
    configuration: bool = False
    watches_configuration: bool = False


def client_of(params: types.InitializeParams) -> Client:
    """The abilities that an editor claims; the older the editor, the fewer."""
    asked = params.capabilities
    workspace = asked.workspace or types.WorkspaceClientCapabilities()
    document = asked.text_document or types.TextDocumentClientCapabilities()
    action = document.code_action or types.CodeActionClientCapabilities()
    edit = workspace.workspace_edit or types.WorkspaceEditClientCapabilities()
    watched = workspace.did_change_watched_files
    published = document.publish_diagnostics
    resolved = action.resolve_support.properties if action.resolve_support else ()
    tags = action.tag_support.value_set if action.tag_support else ()
    info = params.client_info
    name = info.name if info else ""
    options = initialization_options(params)
    return Client(
        name=f"{name} {info.version or ''}".strip() if info else "",
        own=as_object(asked.experimental).get("proactive") is True
        or options.get("proactive") is True,
        trusted=options.get("trusted") is not False,
        action_literals=action.code_action_literal_support is not None,
        resolves_edits="edit" in resolved
        and bool(action.data_support)
        and name.lower() not in TAKES_COMMAND_FOR_WHOLE,
        llm_tag=types.CodeActionTag.LlmGenerated in tags,
        annotations=edit.change_annotation_support is not None and bool(edit.document_changes),
        document_changes=bool(edit.document_changes),
        applies_edits=bool(workspace.apply_edit),
        creates_files=bool(edit.document_changes)
        and types.ResourceOperationKind.Create in (edit.resource_operations or ()),
        shows_progress=bool(asked.window and asked.window.work_done_progress),
        shows_documents=bool(asked.window and asked.window.show_document),
        versioned_diagnostics=bool(published and published.version_support),
        watches_files=bool(watched and watched.dynamic_registration),
        relative_patterns=bool(watched and watched.relative_pattern_support),
        configuration=bool(workspace.configuration),
        watches_configuration=bool(
            workspace.did_change_configuration
            and workspace.did_change_configuration.dynamic_registration
        ),
    )


def initialization_options(params: types.InitializeParams) -> dict[str, Any]:
    """The user's own options; empty when there are none or they are no object."""
    return as_object(params.initialization_options)


def user_settings(params: types.InitializeParams) -> object:
    """The options without the two that are about the client, as `settings.from_user` wants them."""
    options = initialization_options(params)
    if not options:
        return params.initialization_options
    ours = {name: value for name, value in options.items() if name not in ("proactive", "trusted")}
    # Some clients send the section as they keep it in their settings.
    return as_object(options.get("proactive")) | ours
