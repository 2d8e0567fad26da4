"""Tell a replay as entries of a timeline: what happened, was noticed, offered, kept back."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Literal

from msgspec import Struct

from proactive_lsp.engine import Outcome
from proactive_lsp.events import Answer, Edit, Event, starts_at
from proactive_lsp.replay.edited import diff_lines
from proactive_lsp.replay.labels import Read
from proactive_lsp.replay.wording import counted, describe
from proactive_lsp.suggestions import Judgement, Plan, Silence, Suggestion

MOST_PLACES = 5
MOST_DIFF_LINES = 12

EntryKind = Literal[
    "session", "happened", "noticed", "offered", "silent", "withdrawn", "message", "label"
]


class Entry(Struct, frozen=True):
    """One entry, with lines that belong below it; text as it is, nothing escaped."""

    kind: EntryKind
    t: float
    text: str
    details: tuple[str, ...] = ()


class Story:
    """Turns events and outcomes into entries, which `tell` gets at once, in order.

    Edits of one file that follow each other become one entry, told when something else happens.
    A need is told when it is first seen, and the model's silence when its kind changes.
    """

    def __init__(self, tell: Callable[[Entry], None]) -> None:
        self._tell = tell
        self._typed: tuple[str, float, int] | None = None
        self._noticed: set[str] = set()
        self._titles: dict[str, str] = {}
        self._model_silence: str | None = None

    def heard(self, event: Event) -> None:
        """Something happened."""
        if isinstance(event, Edit) and event.origin is None:
            self._typing(event)
            return
        self.pause()
        text = describe(event)
        if isinstance(event, Answer) and event.id in self._titles:
            text = f'{event.op} "{self._titles[event.id]}"'
        self._tell(Entry("happened", event.t, text))

    def decided(
        self, outcome: Outcome, plan: Plan | None, news: Sequence[Judgement], read: Read
    ) -> None:
        """A boundary was considered; `news` are the judgements whose silence is new."""
        t = outcome.boundary.t
        for entry in self._entries(outcome, plan, news, read, t):
            self.pause()
            self._tell(entry)

    def pause(self) -> None:
        """Tell the typing that was held back."""
        if self._typed is not None:
            (path, t, count), self._typed = self._typed, None
            self._tell(Entry("happened", t, f"typed {counted(count, 'edit')} in {path}"))

    def _typing(self, event: Edit) -> None:
        if self._typed is not None and self._typed[0] == event.path:
            path, t, count = self._typed
            self._typed = (path, t, count + 1)
            return
        self.pause()
        self._typed = (event.path, starts_at(event), 1)

    def _entries(
        self,
        outcome: Outcome,
        plan: Plan | None,
        news: Sequence[Judgement],
        read: Read,
        t: float,
    ) -> Iterator[Entry]:
        for card, reason in outcome.withdrawn:
            yield Entry("withdrawn", t, card.title, (reason,))
        for need in outcome.needs:
            if need.id not in self._noticed:
                self._noticed.add(need.id)
                yield Entry("noticed", t, need.title, tuple(fact.cited() for fact in need.facts))
        for judgement in news:
            if judgement.silence is not None:
                yield Entry("silent", t, judgement.task.title, (_because(judgement.silence),))
        if outcome.silence is not None and outcome.silence.kind != self._model_silence:
            self._model_silence = outcome.silence.kind
            yield Entry("silent", t, "the model", (_because(outcome.silence),))
        if outcome.offered is not None:
            yield self._offer(outcome.offered, plan, read, t)
        for message in outcome.messages:
            yield Entry("message", t, message)

    def _offer(self, card: Suggestion, plan: Plan | None, read: Read, t: float) -> Entry:
        self._titles[card.id] = card.title
        details = (*_places(card), *_diff(plan, read))
        return Entry("offered", t, f"{card.title} (p {card.p:.2f})", details)


def _because(silence: Silence) -> str:
    return f"{silence.kind}: {silence.text}"


def _places(card: Suggestion) -> Iterator[str]:
    for place in card.places[:MOST_PLACES]:
        doubt = "" if place.certain else ", to be confirmed"
        note = f", {place.note}" if place.note else ""
        yield f"at {place.path}:{place.range.start.line + 1}{doubt}{note}"
    more = len(card.places) - MOST_PLACES
    if more > 0:
        yield f"and at {more} more"


def _diff(plan: Plan | None, read: Read) -> Iterator[str]:
    if plan is None:
        return
    lines = (line for file in plan.files for line in diff_lines(read(file.path) or "", file.edits))
    yield from islice(lines, MOST_DIFF_LINES)
    if next(lines, None) is not None:
        yield "…"
