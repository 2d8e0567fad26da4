"""What each method of the protocol tells: a function for each that has an event."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec import Struct

from proactive_lsp.events import (
    BadEvent,
    Change,
    Close,
    DiagnosticItem,
    Diagnostics,
    Edit,
    Event,
    FileOperation,
    Open,
    Range,
    Save,
)
from proactive_lsp.sessions.imports.messages import as_list, as_object
from proactive_lsp.sessions.imports.own_messages import (
    EXECUTE,
    did_show,
    executed,
    suggestions,
    told_event,
)
from proactive_lsp.sessions.imports.positions import UTF_16, in_utf16
from proactive_lsp.workspace.languages import language_of

if TYPE_CHECKING:
    from proactive_lsp.sessions.imports.converting import Converter

# As in the server: a notification about more files is a checkout or an install.
MOST_TOLD = 20
ECHO_SECONDS = 5.0
# So many changes wait at most to be applied to a text that nobody asks for.
MOST_UNREAD = 500
UNKNOWN = "edits of documents whose text is unknown"
ORDER = "edits out of order; their document is unknown until it is opened again"
TWICE = "messages told twice"
_OWN_SOURCE = "proactive"


def _did_open(state: "Converter", t: float, body: dict[str, Any]) -> Iterator[Event]:
    item = as_object(body.get("textDocument"))
    text, version = _text(item["text"]) if "text" in item else None, item.get("version")
    if text is None:
        raise BadEvent("a document without its text")
    path = state.path(item)
    if path is None:
        return
    known = state.documents.get(path)
    if known is not None and known.text == text and known.version == version:
        state.lost.add(TWICE)
        return
    language = item.get("languageId")
    event = Open(t, path, _version(version, 0), language if isinstance(language, str) else "", text)
    state.documents.open(event)
    yield event


def _did_change(state: "Converter", t: float, body: dict[str, Any]) -> Iterator[Event]:
    named = as_object(body.get("textDocument"))
    path = state.path(named)
    if path is None:
        return
    changes = msgspec.convert(body.get("contentChanges"), list[_Changed])
    document = state.documents.get(path)
    version = named.get("version")
    if document is not None and isinstance(version, int):
        if version == document.version and state.latest == (path, changes):
            state.lost.add(TWICE)
            return
        if version < document.version:
            state.lost.add(ORDER)
            state.documents.close(path)
            yield Close(t, path)
            return
    state.latest = (path, changes)
    if document is None:
        whole = next((n for n in range(len(changes) - 1, -1, -1) if changes[n].range is None), None)
        if whole is None:
            state.lost.add(UNKNOWN)
            return
        # The text is known from here on.
        opened = Open(
            t, path, _version(version, 0), language_of(path) or "", _text(changes[whole].text)
        )
        state.documents.open(opened)
        yield opened
        document, changes = state.documents.get(path), changes[whole + 1 :]
    assert document is not None
    number = _version(version, document.version + 1)
    told: list[Change] = []
    for change in changes:
        where = change.range
        if where is not None:
            where = in_utf16(
                where, document.lines if state.encoding != UTF_16 else (), state.encoding
            )
        made = Change(where, _text(change.text))
        told.append(made)
        if state.encoding != UTF_16:
            # The next change counts in the text that this one made.
            document.edit(Edit(t, path, number, (made,)))
    edit = Edit(t, path, number, tuple(told))
    if state.encoding == UTF_16:
        state.documents.edit(edit)
        if len(told) > MOST_UNREAD:
            state.documents.settle(path)
    else:
        state.documents.settle(path)
    if told:
        yield edit


class _Changed(Struct):
    text: str
    range: Range | None = None


def _did_save(state: "Converter", t: float, body: dict[str, Any]) -> Iterator[Event]:
    path = state.path(body.get("textDocument"))
    if path is None:
        return
    text = body.get("text")
    if state.documents.get(path) is None and isinstance(text, str):
        opened = Open(t, path, 0, language_of(path) or "", _text(text))
        state.documents.open(opened)
        yield opened
    yield Save(t, path)


def _did_close(state: "Converter", t: float, body: dict[str, Any]) -> Iterator[Event]:
    path = state.path(body.get("textDocument"))
    if path is None:
        return
    if state.documents.get(path) is None:
        state.lost.add("documents closed that were never opened")
        return
    state.documents.close(path)
    yield Close(t, path)


def _did_create(state: "Converter", t: float, body: dict[str, Any]) -> Iterator[Event]:
    yield from _files(
        state, t, "created", (as_object(each).get("uri") for each in as_list(body.get("files")))
    )


def _did_delete(state: "Converter", t: float, body: dict[str, Any]) -> Iterator[Event]:
    yield from _files(
        state, t, "deleted", (as_object(each).get("uri") for each in as_list(body.get("files")))
    )


def _did_rename(state: "Converter", t: float, body: dict[str, Any]) -> Iterator[Event]:
    for each in map(as_object, as_list(body.get("files"))):
        old, new = state.path(each.get("oldUri")), state.path(each.get("newUri"))
        if old is not None and new is not None:
            _expect(state, t, ("deleted", old), ("created", new))
            yield FileOperation(t, "renamed", old, new)
        elif old is not None:
            yield from _files(state, t, "deleted", [each.get("oldUri")])
        elif new is not None:
            yield from _files(state, t, "created", [each.get("newUri")])


def _did_change_watched(state: "Converter", t: float, body: dict[str, Any]) -> Iterator[Event]:
    changes = list(map(as_object, as_list(body.get("changes"))))
    moved = [each for each in changes if each.get("type") in (1, 3)]
    if len(moved) > MOST_TOLD:
        state.lost.add("files that came and went by the dozen", len(moved))
        moved = []
    for each in moved:
        path = state.path(each.get("uri"))
        op = "created" if each["type"] == 1 else "deleted"
        if path is None or state.documents.get(path) is not None:
            continue
        if t - state.told.pop((op, path), -ECHO_SECONDS) >= ECHO_SECONDS:
            yield from _files(state, t, op, [each.get("uri")])
    if rest := len(changes) - len(moved):
        state.lost.add("changes of files on disk, whose text is not told", rest)


def _files(
    state: "Converter", t: float, op: Literal["created", "deleted"], uris: Iterable[object]
) -> Iterator[Event]:
    for uri in uris:
        path = state.path(uri)
        if path is not None:
            _expect(state, t, (op, path))
            yield FileOperation(t, op, path)


def _expect(state: "Converter", t: float, *told: tuple[str, str]) -> None:
    """The watchers will tell of this once more, if there are any."""
    if len(state.told) > 1_000:
        state.told.clear()
    state.told |= dict.fromkeys(told, t)


class _Diagnostic(Struct):
    range: Range
    message: str
    severity: int = 1
    code: int | str | None = None
    source: str | None = None


def _published(state: "Converter", t: float, body: dict[str, Any]) -> Iterator[Event]:
    path = state.path(body.get("uri"))
    if path is None:
        return
    document = state.documents.get(path)
    by_source: dict[str, list[DiagnosticItem]] = {name: [] for name in state.sources.get(path, ())}
    for each in msgspec.convert(as_list(body.get("diagnostics")), list[_Diagnostic]):
        if each.source == _OWN_SOURCE:
            continue
        where = each.range
        if state.encoding != UTF_16 and document is not None:
            where = in_utf16(where, document.lines, state.encoding)
        code = None if each.code is None else str(each.code)
        item = DiagnosticItem(where, each.severity, _text(each.message), code)
        by_source.setdefault(each.source or "unnamed", []).append(item)
    if len(state.sources) < 10_000:
        state.sources[path] = {name for name, items in by_source.items() if items}
    for source in sorted(by_source):
        yield Diagnostics(t, path, source, tuple(by_source[source]))


def _version(value: object, otherwise: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise


def _text(value: object) -> str:
    """Text as it can be written; half a surrogate pair becomes a sign of the same length."""
    if not isinstance(value, str):
        raise BadEvent("a text that is none")
    # The two halves of a pair that JSON spelled apart belong together.
    joined = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return joined if not value.isascii() else value


TELLERS: dict[str, Callable[["Converter", float, dict[str, Any]], Iterator[Event]]] = {
    "textDocument/didOpen": _did_open,
    "textDocument/didChange": _did_change,
    "textDocument/didSave": _did_save,
    "textDocument/didClose": _did_close,
    "workspace/didCreateFiles": _did_create,
    "workspace/didDeleteFiles": _did_delete,
    "workspace/didRenameFiles": _did_rename,
    "workspace/didChangeWatchedFiles": _did_change_watched,
    "textDocument/publishDiagnostics": _published,
    "proactive/event": told_event,
    "proactive/suggestions": suggestions,
    "proactive/didShow": did_show,
    EXECUTE: executed,
}
