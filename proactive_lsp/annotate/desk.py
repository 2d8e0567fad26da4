"""What the page asks for: pages to read, and marks to keep. Knows nothing of HTTP but its words."""

import threading

import msgspec
from msgspec import Struct

from proactive_lsp.annotate.agreement import agreement, others_on
from proactive_lsp.annotate.library import Library
from proactive_lsp.annotate.list_pages import agreement_page, index_page, problem_page
from proactive_lsp.annotate.marks import (
    Judged,
    Line,
    Missing,
    Text,
    Undo,
    Worth,
    append_mark,
    read_marks,
)
from proactive_lsp.annotate.session_page import WORDS, revealed, session_page
from proactive_lsp.events import BadPath, Position, Range, Unsigned, check_path
from proactive_lsp.needs import KINDS
from proactive_lsp.replay.escaping import visible
from proactive_lsp.replay.session import Seconds, SessionError

LONGEST_DAY = 86_400


class WorthAsked(Struct, frozen=True, tag_field="type", tag="worth", forbid_unknown_fields=True):
    """The card of this key was worth so much."""

    session: Unsigned
    card: Text
    worth: Worth


class MissingAsked(
    Struct, frozen=True, tag_field="type", tag="missing", forbid_unknown_fields=True
):
    """Something was missing; `line` counts from 1."""

    session: Unsigned
    t: Seconds
    need: Text
    path: Text
    within: Seconds
    line: int | None = None
    note: Text = ""


class UndoAsked(Struct, frozen=True, tag_field="type", tag="undo", forbid_unknown_fields=True):
    """Take back a mark: that of this number, else the latest."""

    session: Unsigned
    number: int | None = None


Asked = WorthAsked | MissingAsked | UndoAsked


class Kept(Struct, frozen=True):
    """What a mark came to; `worth` is that of `card` now, None when it has none.

    `reload` when the timeline has another line.
    """

    said: str
    marked: int
    card: str | None = None
    worth: Worth | None = None
    word: str = ""
    revealed: str = ""
    reload: bool = False


class Refused(ValueError):
    """What was asked cannot be done; the message is for the user."""


_asked = msgspec.json.Decoder(Asked)


class Desk:
    """One annotator's desk; safe to use from several threads."""

    def __init__(self, library: Library, annotator: str) -> None:
        self.library = library
        self.annotator = annotator
        self._lock = threading.Lock()
        self.kept = 0

    def index(self) -> bytes:
        """The list of sessions."""
        indices = range(len(self.library.paths))
        labels = [self.library.label(index) for index in indices]
        progress = [self.library.progress(index, self.annotator) for index in indices]
        return index_page(labels, progress, self.annotator)

    def session(self, index: int) -> bytes | None:
        """One session, or what is wrong with it; None when there is none of this number."""
        if index >= len(self.library.paths):
            return None
        try:
            lived = self.library.lived(index)
            everybody = self.library.everybody(index)
        except SessionError as error:
            return problem_page(self.library.label(index), str(error))
        return session_page(
            lived,
            everybody,
            annotator=self.annotator,
            number=index,
            sessions=len(self.library.paths),
            kinds=KINDS,
        )

    def agreement(self) -> bytes:
        """How far people agree."""
        labels = [self.library.label(index) for index in range(len(self.library.paths))]
        try:
            return agreement_page(agreement(self.library), labels, self.annotator)
        except SessionError as error:
            return problem_page("Agreement", str(error))

    def mark(self, body: bytes) -> bytes:
        """Keep a mark, or take one back; raises `Refused`, or `SessionError` from the disk."""
        try:
            asked = _asked.decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise Refused(f"no mark: {error}") from error
        if asked.session >= len(self.library.paths):
            raise Refused("there is no such session")
        with self._lock:
            # What the answer is made of is read before: a mark that was kept is never called lost.
            self.library.everybody(asked.session)
            return msgspec.json.encode(self._keep(asked))

    def _keep(self, asked: Asked) -> Kept:
        match asked:
            case WorthAsked():
                return self._judge(asked)
            case MissingAsked():
                return self._miss(asked)
            case UndoAsked():
                return self._undo(asked)

    def _judge(self, asked: WorthAsked) -> Kept:
        cards = self.library.lived(asked.session).cards
        card = next((card for card in cards if card.key == asked.card), None)
        if card is None:
            raise Refused("this suggestion is not in the session; reload the page")
        self._append(
            asked.session,
            Judged(
                card=card.key,
                worth=asked.worth,
                t=card.t,
                need=card.need,
                path=card.path,
                range=card.range,
            ),
        )
        return self._state(asked.session, f"{WORDS[asked.worth]}: {card.title}", card.key)

    def _miss(self, asked: MissingAsked) -> Kept:
        if asked.need not in KINDS:
            raise Refused(f"there is no kind of need called {asked.need}")
        try:
            check_path(asked.path)
        except BadPath as error:
            raise Refused(f"{error}; write it as the timeline does") from error
        if asked.within > LONGEST_DAY:
            raise Refused("within: give at most a day of seconds")
        where = None
        if asked.line is not None:
            if asked.line < 1:
                raise Refused("lines are counted from 1")
            # The whole line, as a card may stand anywhere on it.
            where = Range(Position(asked.line - 1, 0), Position(asked.line, 0))
        missing = Missing(
            t=asked.t,
            need=asked.need,
            path=asked.path,
            range=where,
            within=asked.within,
            note=asked.note.strip(),
        )
        self._append(asked.session, missing)
        return self._state(asked.session, f"Kept: {asked.need} was missing", reload=True)

    def _undo(self, asked: UndoAsked) -> Kept:
        marks = read_marks(self.library.paths[asked.session], self.annotator)
        if asked.number is None:
            latest = marks.latest
        else:
            standing = marks.standing.get(asked.number)
            latest = (asked.number, standing) if standing is not None else None
        if latest is None:
            raise Refused("there is nothing to take back")
        number, mark = latest
        self._append(asked.session, Undo(number))
        if isinstance(mark, Missing):
            return self._state(asked.session, f"Taken back: {mark.need} was missing", reload=True)
        return self._state(asked.session, f"Taken back: {WORDS[mark.worth]}", mark.card)

    def _append(self, session: int, line: Line) -> None:
        append_mark(self.library.paths[session], self.annotator, line)
        self.kept += 1

    def _state(
        self, session: int, said: str, card: str | None = None, reload: bool = False
    ) -> Kept:
        everybody = self.library.everybody(session)
        mine = next(marks for marks in everybody if marks.annotator == self.annotator)
        cards = {each.key: each for each in self.library.lived(session).cards}
        judged = mine.judged
        mark = judged.get(card) if card is not None else None
        known = cards.get(card) if card is not None else None
        told = ""
        if known is not None and mark is not None:
            told = revealed(known, others_on(everybody, known.key, self.annotator))
        return Kept(
            said=visible(said),
            marked=len(judged.keys() & cards.keys()),
            card=card,
            worth=mark.worth if mark is not None else None,
            word=WORDS[mark.worth] if mark is not None else "to mark",
            revealed=told,
            reload=reload,
        )
