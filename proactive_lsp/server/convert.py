"""Values, from the protocol's classes to ours and back; both count UTF-16."""

from typing import Any, cast

from lsprotocol import types

from proactive_lsp.events import Change, Position, Range


def as_object(value: object) -> dict[str, Any]:
    """A JSON object as a dictionary; empty for anything else."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def our_range(range: types.Range) -> Range:
    """A range as our events hold it."""
    start, end = range.start, range.end
    return Range(Position(start.line, start.character), Position(end.line, end.character))


def their_range(range: Range) -> types.Range:
    """A range as the protocol wants it."""
    start, end = range.start, range.end
    return types.Range(
        types.Position(start.line, start.character), types.Position(end.line, end.character)
    )


def our_change(change: types.TextDocumentContentChangeEvent) -> Change:
    """One change of a document; one without a range is its whole new text."""
    if isinstance(change, types.TextDocumentContentChangePartial):
        return Change(our_range(change.range), change.text)
    return Change(None, change.text)
