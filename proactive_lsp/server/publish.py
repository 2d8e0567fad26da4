"""Push what stands: hints as diagnostics, and for clients of ours the lists and the mood.

The protocol cannot push a code action. A hint at the place makes an editor ask for actions there.
Everything is sent only when it changed.
"""

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from proactive_lsp.events import Range
from proactive_lsp.server.convert import their_range
from proactive_lsp.server.folders import Folder
from proactive_lsp.server.status import status_of
from proactive_lsp.suggestions import Place, Suggestion

if TYPE_CHECKING:
    from proactive_lsp.server.server import ProactiveServer

SOURCE = "proactive"


class Publisher:
    """Remembers what the editor was told last."""

    def __init__(self, server: "ProactiveServer") -> None:
        self._server = server
        self._hints: dict[str, list[types.Diagnostic]] = {}
        self._list: list[dict[str, Any]] = []
        self._status: dict[str, Any] = {}

    def publish(self) -> None:
        """Tell the editor what changed since the last time."""
        self._publish_hints()
        if self._server.client.own:
            self._publish_list()
            self._publish_status()

    def _publish_hints(self) -> None:
        server, hints = self._server, _hints(self._server)
        for uri in sorted({*self._hints, *hints}):
            if hints.get(uri) == self._hints.get(uri):
                continue
            document = server.board.open.get(uri)
            versioned = server.client.versioned_diagnostics and document is not None
            version = document.version if versioned and document else None
            server.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(uri, hints.get(uri, []), version)
            )
        self._hints = hints

    def _publish_list(self) -> None:
        server = self._server
        cards = [_card(server, folder, card) for folder, card in server.board.shown()]
        if cards != self._list:
            self._list = cards
            server.protocol.notify("proactive/suggestions", {"suggestions": cards})

    def _publish_status(self) -> None:
        status = status_of(self._server)
        if status != self._status:
            self._status = status
            self._server.protocol.notify("proactive/status", status)


def _hints(server: "ProactiveServer") -> dict[str, list[types.Diagnostic]]:
    """The diagnostics by URI, for the text as it stands in the editor now."""
    hints: dict[str, list[types.Diagnostic]] = {}
    for folder, hint in server.board.hints():
        uri = server.folders.uri(folder, hint.path)
        range = range_now(server, uri, hint.range)
        if range is not None:
            hints.setdefault(uri, []).append(
                types.Diagnostic(
                    range=their_range(range),
                    severity=types.DiagnosticSeverity.Hint,
                    code=hint.need,
                    source=SOURCE,
                    message=hint.title,
                    data={"id": hint.id},
                )
            )
    return hints


def range_now(server: "ProactiveServer", uri: str, range: Range) -> Range | None:
    """Where a range of the last look is in the editor; None when its text was changed since."""
    document = server.board.open.get(uri)
    return document.now(range) if document is not None else range


def _card(server: "ProactiveServer", folder: Folder, card: Suggestion) -> dict[str, Any]:
    return {
        "id": card.id,
        "need": card.need,
        "title": card.title,
        "path": server.folders.uri(folder, card.path),
        "range": _range(card.range),
        "places": [_place(server, folder, place) for place in card.places],
        "p": round(card.p, 4),
        "trigger": card.trigger,
        "byModel": card.by_model,
        "writable": server.board.is_writable(folder, card),
        "text": card.text,
    }


def _place(server: "ProactiveServer", folder: Folder, place: Place) -> dict[str, Any]:
    return {
        "uri": server.folders.uri(folder, place.path),
        "range": _range(place.range),
        "before": place.before,
        "after": place.after,
        "certain": place.certain,
        "note": place.note,
        "whole": place.whole,
    }


def _range(range: Range) -> dict[str, Any]:
    start, end = range.start, range.end
    return {
        "start": {"line": start.line, "character": start.character},
        "end": {"line": end.line, "character": end.character},
    }
