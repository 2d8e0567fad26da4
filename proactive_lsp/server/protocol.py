"""What is changed about pygls: positions are UTF-16, no second mirror of texts, params as sent."""

from collections.abc import Generator
from typing import Any, cast

from cattrs import Converter
from lsprotocol import types
from pygls.protocol import (
    JsonRPCNotification,
    LanguageServerProtocol,
    default_converter,
    lsp_method,
)

# pygls keeps the text of each document, looks up commands by their signatures and keeps a future
# for each progress. Our engines mirror texts themselves, commands check their own arguments, and a
# progress knows what to stop, so these come straight to us.
OURS_ALONE = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.WORKSPACE_EXECUTE_COMMAND,
    types.WINDOW_WORK_DONE_PROGRESS_CANCEL,
)


class ProactiveProtocol(LanguageServerProtocol):
    """pygls' protocol, but for what is said in the promise of this file."""

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(
        self, params: types.InitializeParams
    ) -> Generator[Any, Any, types.InitializeResult]:
        """Choose UTF-16 whatever the client prefers, so that recordings need no conversion."""
        if params.capabilities.general is not None:
            params.capabilities.general.position_encodings = None
        return (yield from super().lsp_initialize(params))


def drop_builtins(protocol: LanguageServerProtocol) -> None:
    """Let our own handlers take the place of those of pygls."""
    builtin = cast("dict[str, object]", protocol.fm.builtin_features)  # pyright: ignore[reportUnknownMemberType]
    for method in OURS_ALONE:
        builtin.pop(method, None)


def converter() -> Converter:
    """pygls' converter, which leaves the params of our own notifications alone."""
    made = default_converter()
    made.register_structure_hook(JsonRPCNotification, _keep_params)
    return made


def _keep_params(fields: dict[str, Any], kind: type[JsonRPCNotification]) -> JsonRPCNotification:
    """Params as they came; pygls would make up classes from them."""
    return kind(fields["method"], fields["jsonrpc"], fields.get("params"))
