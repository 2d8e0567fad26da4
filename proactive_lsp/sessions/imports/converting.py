"""From messages of the protocol to events; what has none is counted by its method."""

import math
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from proactive_lsp.events import BadEvent, Close, Event
from proactive_lsp.sessions.imports.messages import (
    DID_CHANGE,
    LOST_EDIT,
    Lost,
    Message,
    as_list,
    as_object,
)
from proactive_lsp.sessions.imports.methods import TELLERS
from proactive_lsp.sessions.imports.own_messages import Shown
from proactive_lsp.sessions.imports.places import Places
from proactive_lsp.sessions.imports.positions import UTF_8, UTF_16, UTF_32
from proactive_lsp.workspace.documents import Documents

OUTSIDE = "paths outside the workspace"
BACKWARDS = "times that go backwards; these messages have the time of the one before"
BROKEN = "messages with parameters that the protocol does not have"
FORGOTTEN = "documents closed, as an edit of theirs is lost"
_SAID_ELSEWHERE = "answers to requests"


class Started(Struct, frozen=True):
    """A session begins here: who the client is and where its folder was."""

    client: str
    root: str | None


class Converter:
    """Turns the messages of one file into events, and says where a new session starts.

    It follows the texts itself, since positions of other encodings need them. `workspace`
    overrides the folders that the client named.
    """

    def __init__(self, lost: Lost, workspace: str | None = None) -> None:
        self._lost = lost
        self._workspace = workspace
        self._begin(Places([workspace] if workspace is not None else []))

    def convert(self, message: Message) -> Iterator[Event | Started]:
        """What one message tells, in order."""
        if message.method == "initialize":
            yield self._initialized(message)
            return
        if message.method == "":
            self._answered(message)
            return
        t = self._time(message.t)
        if message.method == LOST_EDIT:
            yield from self._forget(t, self.documents.paths())
            return
        tell = TELLERS.get(message.method)
        if tell is None:
            self._lost.add(f"{message.method[:100]}, which no event stands for")
            return
        try:
            yield from tell(self, t, as_object(message.body))
        except (msgspec.MsgspecError, BadEvent, TypeError, ValueError, RecursionError):
            self._lost.add(BROKEN)
            if message.method == DID_CHANGE:
                uri = _uri(as_object(message.body).get("textDocument"))
                path = self.places.path(uri)
                known = isinstance(uri, str)
                paths = self.documents.paths() if not known else () if path is None else (path,)
                yield from self._forget(t, paths)

    def _forget(self, t: float, paths: Iterable[str]) -> Iterator[Event]:
        """An edit of these documents is lost: until they are opened again their text is unknown."""
        for path in paths:
            if self.documents.get(path) is not None:
                self._lost.add(FORGOTTEN)
                self.documents.close(path)
                yield Close(t, path)

    def _begin(self, places: Places) -> None:
        self.places = places
        self.documents = Documents()
        self.told: dict[tuple[str, str], float] = {}
        self.cards: dict[str, Shown] = {}
        self.answered: set[str] = set()
        self.sources: dict[str, set[str]] = {}
        self.lost = self._lost
        self.encoding = UTF_16
        self._asked: object = None
        self._zero: float | None = None
        self._last = 0.0
        self.latest: tuple[str, object] = ("", None)

    def _initialized(self, message: Message) -> Started:
        body = as_object(message.body)
        folders = [as_object(each).get("uri") for each in as_list(body.get("workspaceFolders"))]
        given = [*folders, body.get("rootUri"), body.get("rootPath")]
        roots = [each for each in given if isinstance(each, str)]
        self._begin(Places(roots if self._workspace is None else [self._workspace]))
        if len({*folders}) > 1 and self._workspace is None:
            self._lost.note("several folders were open; the first is taken, or give --workspace")
        self._asked = message.id
        self._time(message.t)
        name = as_object(body.get("clientInfo")).get("name")
        return Started(name if isinstance(name, str) else "", self.places.root)

    def _answered(self, message: Message) -> None:
        capabilities = as_object(as_object(message.body).get("capabilities"))
        if self._asked is not None and message.id == self._asked and capabilities:
            self._asked = None
            encoding = capabilities.get("positionEncoding", UTF_16)
            if encoding in (UTF_8, UTF_16, UTF_32):
                self.encoding = encoding
            else:
                self._lost.add("position encodings that nobody knows; taken as utf-16")
            return
        self._lost.add(_SAID_ELSEWHERE)

    def _time(self, t: float | None) -> float:
        """Seconds since the session began; never back."""
        if t is None or not math.isfinite(t):
            return self._last
        if self._zero is None:
            self._zero = t - self._last
        since = round(t - self._zero, 3)
        if since < self._last:
            self._lost.add(BACKWARDS)
            # Whatever comes now counts on from here.
            self._zero = t - self._last
            return self._last
        self._last = since
        return since

    def path(self, document: object) -> str | None:
        """The path of a text document identifier, or of a URI; None is counted."""
        path = self.places.path(_uri(document))
        if path is None:
            self._lost.add(OUTSIDE)
        return path


def _uri(document: object) -> object:
    return document if isinstance(document, str) else as_object(document).get("uri")
