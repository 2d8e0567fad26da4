"""What a page about a session needs beside its transcript: lanes, diffs, what labels make of cards.

Bounded however long the session is, and a value, so that a worker process can hand it over.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from proactive_lsp.events import Answer, Event
from proactive_lsp.llm.usage import Usage
from proactive_lsp.outcome import Outcome
from proactive_lsp.replay.check import Miss, Verdict
from proactive_lsp.replay.entry import Entry
from proactive_lsp.replay.labels import Read, wanted_card, wanted_quiet
from proactive_lsp.replay.lanes import Lane, Lanes, Mark
from proactive_lsp.replay.pieces import Piece, pieces
from proactive_lsp.replay.session import Expect, Header, LabelLine
from proactive_lsp.replay.wording import counted
from proactive_lsp.suggestions import Judgement, Plan, Suggestion

# Cards whose diff is kept, pieces of a diff, lines of a piece, and entries of the story.
MOST_CARDS = 200
MOST_PIECES = 12
MOST_LINES = 12
MOST_ENTRIES = 2_000
# Of what was kept back at one moment, the titles of so many are in its mark.
_MOST_TITLES = 2

When = Callable[[int], float | None]


class CardPage(Struct, frozen=True):
    """One card as it was offered; `until` is when it was answered or gone."""

    id: str
    t: float
    until: float
    pieces: tuple[Piece, ...]
    verdict: Verdict


class Chronicle(Struct, frozen=True):
    """The session over time; `times` are those of the events that evidence cites, by number.

    `left_out` counts the entries of the story that there was no room for.
    """

    header: Header
    duration: float
    lanes: tuple[Lane, ...]
    cards: tuple[CardPage, ...]
    times: dict[int, float]
    story: tuple[Entry, ...]
    left_out: int


class Chronicler:
    """Collects a chronicle while a session is replayed; `when` tells the time of an event."""

    def __init__(self, header: Header, when: When) -> None:
        self._header = header
        self._when = when
        self._lanes = Lanes()
        self._story: list[Entry] = []
        self._left_out = 0
        self._cards: list[tuple[Suggestion, tuple[Piece, ...], Verdict]] = []
        self._gone: dict[tuple[str, float], float] = {}
        self._standing: dict[str, Suggestion] = {}
        self._times: dict[int, float] = {}
        self._usage = Usage()
        self._now = 0.0

    def told(self, entry: Entry) -> None:
        """The story goes on."""
        # What was offered comes on cards, so of an endless story the beginning does.
        if len(self._story) < MOST_ENTRIES:
            self._story.append(entry)
        else:
            self._left_out += 1

    def heard(self, event: Event) -> None:
        """Something happened."""
        self._now = max(self._now, event.t)
        self._lanes.heard(event)
        if isinstance(event, Answer):
            self._ended(event.id, event.t, event.op)

    def decided(
        self,
        outcome: Outcome,
        plan: Plan | None,
        news: Sequence[Judgement],
        read: Read,
        verdict: Verdict,
        usage: Usage | None,
    ) -> None:
        """A boundary was considered; `usage` is what the model cost so far, None without one."""
        t = outcome.boundary.t
        self._now = max(self._now, t)
        if usage is not None:
            self._asked(usage, t)
        for card, reason in outcome.withdrawn:
            self._ended(card.id, t, f"withdrawn: {reason}")
        self._silences(outcome, news)
        for judgement in news:
            self._cite([judgement])
        if outcome.offered is not None:
            card = outcome.offered
            by_id = {judgement.task.need.id: judgement for judgement in outcome.judgements}
            self._cite(by_id[task.need.id] for task in card.tasks)
            self._standing[card.id] = card
            if len(self._cards) < MOST_CARDS:
                told = pieces(card, plan, read, most=MOST_PIECES, most_lines=MOST_LINES)
                self._cards.append((card, told, verdict))

    def chronicle(self, labels: Sequence[LabelLine], misses: Sequence[Miss]) -> Chronicle:
        """Everything, once the replay is over."""
        for id in tuple(self._standing):
            self._ended(id, self._now, "still there at the end")
        missed = {miss.line for miss in misses}
        for line in labels:
            tone = "bad" if line.line in missed else "good"
            label = line.label
            if isinstance(label, Expect):
                until, text = label.t + label.within, wanted_card(label)
            else:
                until, text = label.until, wanted_quiet(label)
            self._lanes.add("labels", Mark(label.t, min(until, self._now), text, tone))
        return Chronicle(
            header=self._header,
            duration=self._now,
            lanes=self._lanes.lanes(),
            cards=tuple(
                CardPage(card.id, card.t, self._gone.get((card.id, card.t), card.t), told, verdict)
                for card, told, verdict in self._cards
            ),
            times=self._times,
            story=tuple(self._story),
            left_out=self._left_out,
        )

    def _ended(self, id: str, t: float, how: str) -> None:
        card = self._standing.pop(id, None)
        if card is None:
            return
        self._gone[id, card.t] = t
        tone = "good" if how == "accepted" else ""
        text = f"{card.title} (p {card.p:.2f}), {how}"
        self._lanes.add("suggestions", Mark(card.t, t, text, tone, card.path, id))

    def _silences(self, outcome: Outcome, news: Sequence[Judgement]) -> None:
        reasons = Counter(each.silence.kind for each in news if each.silence is not None)
        if outcome.silence is not None:
            reasons[outcome.silence.kind] += 1
        if not reasons:
            return
        said = ", ".join(f"{count} {kind}" for kind, count in sorted(reasons.items()))
        likely = sorted(news, key=lambda each: -each.p)[:_MOST_TITLES]
        titles = "; ".join(f"{each.task.title} ({each.p:.2f})" for each in likely)
        text = f"{said}: {titles}" if titles else said
        total = reasons.total()
        t = outcome.boundary.t
        self._lanes.add("silences", Mark(t, t, text, count=total), of=total)

    def _asked(self, usage: Usage, t: float) -> None:
        before, self._usage = self._usage, usage
        calls = usage.calls - before.calls
        if not calls:
            return
        purposes = [
            f"{count - before.purposes.get(purpose, 0)} {purpose}"
            for purpose, count in usage.purposes.items()
            if count > before.purposes.get(purpose, 0)
        ]
        tokens = (usage.prompt_tokens or 0) - (before.prompt_tokens or 0)
        cost = f", {counted(tokens, 'prompt token')}" if tokens else ""
        failed = sum(usage.failed.values()) > sum(before.failed.values())
        text = f"asked: {', '.join(purposes)}{cost}{', failed' if failed else ''}"
        tone = "bad" if failed else ""
        self._lanes.add("model", Mark(t, t, text, tone, count=calls), of=calls)

    def _cite(self, judgements: Iterable[Judgement]) -> None:
        """Note the time of the events that evidence names, while somebody remembers them."""
        for judgement in judgements:
            for fact in judgement.task.need.facts:
                if fact.event is None or fact.event in self._times:
                    continue
                t = self._when(fact.event)
                if t is not None and len(self._times) < MOST_ENTRIES:
                    self._times[fact.event] = round(t, 3)
