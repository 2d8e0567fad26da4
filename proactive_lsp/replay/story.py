"""Tell a replay as entries of a timeline: what happened, was offered, was kept back and why."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence

from proactive_lsp.events import Answer, Close, Edit, Event, Open
from proactive_lsp.outcome import Outcome
from proactive_lsp.replay.burst import burst
from proactive_lsp.replay.entry import Entry
from proactive_lsp.replay.folding import (
    MOMENT,
    MOST_KEPT,
    Run,
    beside,
    is_typing,
    joins,
    may_grow,
    told,
)
from proactive_lsp.replay.labels import Read
from proactive_lsp.replay.pieces import pieces
from proactive_lsp.suggestions import Judgement, Need, Plan, Silence, Suggestion, Task
from proactive_lsp.workspace.documents import Documents

MOST_FACTS = 4
# Of what was kept back at one moment, so many are told; `--json` has all.
MOST_SILENCES = 2
_ASKED = (("refine", "refined"), ("judge", "judged"))


class Story:
    """Turns events and outcomes into entries, which `tell` gets in order.

    Events that make one action are one entry, told when something else happens. The facts of a
    need are told with its first silence and with its card. What the user did is not told again:
    neither that an accepted card is gone, nor that a dismissed one stays silent.
    """

    def __init__(self, tell: Callable[[Entry], None]) -> None:
        self._tell = tell
        self._runs: list[Run] = []
        # The engine's own texts have moved on by the time a burst is told.
        self._documents = Documents()
        self._titles: dict[str, str] = {}
        self._needs_of: dict[str, tuple[str, ...]] = {}
        self._accepted: set[str] = set()
        self._refused: dict[str, float] = {}
        self._explained: set[str] = set()
        self._asked: Collection[str] = ()
        self._model_silences: set[Silence] = set()

    def heard(self, event: Event) -> None:
        """Something happened."""
        run = next((run for run in self._runs if joins(run.events, event)), None)
        if run is None:
            if not (self._runs and beside(self._runs[-1].events, event)):
                self.pause()
            self._runs.append(run := Run())
        run.add(event)
        self._follow(event)
        if isinstance(event, Edit) and not run.count % MOST_KEPT:
            # Texts keep their edits until they settle, and nobody else asks for that.
            self._documents.settle(event.path)
        if not may_grow(event):
            self.pause()

    def decided(
        self,
        outcome: Outcome,
        plan: Plan | None,
        news: Sequence[Judgement],
        read: Read,
        *,
        asked: Collection[str] = (),
    ) -> None:
        """A boundary was considered; `news` are the judgements whose silence is new.

        `asked` is what for the model was asked at it.
        """
        self._asked = asked
        for entry in self._entries(outcome, plan, news, read):
            self.pause()
            self._tell(entry)

    def rest(self) -> None:
        """Nothing happens for more than a moment, so only typing may still go on."""
        if self._runs and not is_typing(self._runs[-1].events[-1]):
            self.pause()

    def pause(self) -> None:
        """Tell what was held back."""
        runs, self._runs = self._runs, []
        for run in runs:
            edits = [event for event in run.events if isinstance(event, Edit)]
            if is_typing(run.events[0]):
                document = self._documents.get(edits[-1].path)
                lines = document.lines if document is not None else None
                self._tell(burst(edits, lines, run.count))
            else:
                for entry in told(run.events, self._titles):
                    self._tell(entry)
            for path in dict.fromkeys(edit.path for edit in edits):
                self._documents.settle(path)

    def _follow(self, event: Event) -> None:
        match event:
            case Open():
                self._documents.open(event)
            case Edit():
                self._documents.edit(event)
            case Close():
                self._documents.close(event.path)
            case Answer(op="accepted"):
                self._accepted.add(event.id)
            case Answer():
                self._refused |= dict.fromkeys(self._needs_of.get(event.id, ()), event.t)
            case _:
                pass

    def _entries(
        self, outcome: Outcome, plan: Plan | None, news: Sequence[Judgement], read: Read
    ) -> Iterator[Entry]:
        t = outcome.boundary.t
        for card, reason in outcome.withdrawn:
            if card.id not in self._accepted:
                yield Entry("withdrawn", t, card.title, (reason,))
        yield from self._silences(news, t)
        if outcome.silence is not None and outcome.silence not in self._model_silences:
            self._model_silences.add(outcome.silence)
            yield Entry("silent", t, "the model", (_because(outcome.silence),))
        if outcome.offered is not None:
            yield self._offer(outcome.offered, plan, read, t)
        for message in outcome.messages:
            yield Entry("message", t, message)

    def _silences(self, news: Sequence[Judgement], t: float) -> Iterator[Entry]:
        """The likeliest of what was kept back, and how many others there were, by reason."""
        silent = [
            (judgement, silence)
            for judgement in news
            if (silence := judgement.silence) and not self._is_refusal(judgement, silence, t)
        ]
        likeliest = sorted(silent, key=_told_first)[:MOST_SILENCES]
        for judgement, silence in silent:
            if (judgement, silence) in likeliest:
                details = (*self._new_facts(judgement.task.need), _because(silence))
                mark = self._mark([judgement.task])
                text = f"({mark}) {judgement.task.title}" if mark else judgement.task.title
                yield Entry("silent", t, text, details)
        others = Counter(each[1].kind for each in silent if each not in likeliest)
        if others:
            kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(others.items()))
            yield Entry("silent", t, f"{others.total()} more", (kinds,))

    def _mark(self, tasks: Sequence[Task]) -> str:
        """Whose idea it is when it is the model's, and how often that was asked for it."""
        if not any(task.by_model for task in tasks):
            return ""
        return ", ".join(("model", *(word for each, word in _ASKED if each in self._asked)))

    def _is_refusal(self, judgement: Judgement, silence: Silence, t: float) -> bool:
        """Whether the silence is but the echo of what the user just answered."""
        since = self._refused.get(judgement.task.need.id)
        return silence.kind in ("dismissed", "muted") and since is not None and t - since <= MOMENT

    def _new_facts(self, need: Need) -> tuple[str, ...]:
        if need.id in self._explained:
            return ()
        self._explained.add(need.id)
        return _facts([need])

    def _offer(self, card: Suggestion, plan: Plan | None, read: Read, t: float) -> Entry:
        needs = [task.need for task in card.tasks]
        self._titles[card.id] = card.title
        self._needs_of[card.id] = tuple(need.id for need in needs)
        self._accepted.discard(card.id)
        self._explained.update(self._needs_of[card.id])
        chance = ", ".join(filter(None, (f"p {card.p:.2f}", self._mark(card.tasks))))
        text = f"({chance}) {card.title}"
        return Entry("offered", t, text, _facts(needs), pieces=pieces(card, plan, read))


def _facts(needs: Sequence[Need]) -> tuple[str, ...]:
    facts = tuple(dict.fromkeys(fact.cited() for need in needs for fact in need.facts))
    more = len(facts) - MOST_FACTS
    return (*facts[:MOST_FACTS], f"and {more} more") if more > 0 else facts


def _because(silence: Silence) -> str:
    return f"{silence.kind}: {silence.text}"


def _told_first(silent: tuple[Judgement, Silence]) -> tuple[bool, float]:
    """The likeliest first; what a card says already comes last."""
    judgement, silence = silent
    return silence.kind == "duplicate", -judgement.p
