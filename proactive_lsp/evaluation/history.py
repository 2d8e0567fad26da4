"""Let the engine of the editor live through a commit, and judge what it shows by what follows.

What the engine gets: the files of the parent commit, and the events of one hunk after the other.
It is not told of the commit itself, so neither the message nor the final files nor anything later
is there to be seen. The budget of cards per hour is lifted: a history has no clock of its own,
and hunks are `SPACING` seconds apart by decree.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from proactive_lsp import assembly
from proactive_lsp.clock import VirtualClock
from proactive_lsp.engine import Engine
from proactive_lsp.evaluation.baselines import BASELINES, Moment
from proactive_lsp.evaluation.commits import Commit, Hunk
from proactive_lsp.evaluation.labels import (
    Alarm,
    Pending,
    judge_card,
    judge_place,
    judge_spots,
    pending,
)
from proactive_lsp.evaluation.steps import Desk, Order, Step, steps_of, time_of
from proactive_lsp.events import Edit, Event
from proactive_lsp.outcome import Outcome
from proactive_lsp.replay.player import play
from proactive_lsp.reward import RewardSettings
from proactive_lsp.reward.features import agreement_of, features, place_features
from proactive_lsp.settings import Settings
from proactive_lsp.workspace.past import Past
from proactive_lsp.workspace.tree import Tree

_UNLIMITED = 1_000_000


class Candidate(Struct, frozen=True):
    """One place of a need that was noticed, shown or not, and what became of it.

    `features` are those that the filter saw, all of them; `right` is whether a later hunk of the
    commit touches the place, `exact` whether it wrote there what the place offers.
    """

    commit: str
    edits: int
    follow_ups: int
    need: str
    kind: str
    path: str
    line: int | None
    features: dict[str, float]
    p: float
    shown: bool
    right: bool
    exact: bool | None


class CommitResult(Struct, frozen=True):
    """What one commit's boundaries came to; a boundary follows each edit."""

    id: str
    edits: int
    alarms: tuple[Alarm, ...]
    baselines: dict[str, tuple[Alarm, ...]]
    seconds: tuple[float, ...]
    candidates: tuple[Candidate, ...] = ()


class HistoryOptions(Struct, frozen=True):
    """How commits are lived through."""

    order: Order = "canonical"
    seed: int = 0
    filter: bool = True
    features: bool = False


def evaluate(commit: Commit, base: Tree, past: Past, options: HistoryOptions) -> CommitResult:
    """Live through one commit over `base`, the files of its parent, and `past`, its log."""
    clock = VirtualClock()
    reward = RewardSettings(cards_per_hour=_UNLIMITED, filter=options.filter)
    scheduler = assembly.for_replay(Settings(reward=reward), base=base, clock=clock, past=past)
    steps = steps_of(commit, options.order, options.seed)
    judge = _Judge(commit.id, steps, scheduler.engine, features=options.features)
    try:
        asyncio.run(play(judge.events(), scheduler, clock, judge))
    finally:
        scheduler.close()
    return judge.result()


class _Judge:
    """Types the steps, listens to the engine, and compares the two."""

    def __init__(
        self, commit: str, steps: Sequence[Step], engine: Engine, *, features: bool
    ) -> None:
        self._commit = commit
        self._steps = steps
        self._engine = engine
        self._tree = engine.work.tree
        self._features = features
        self._desk = Desk()
        self._steps_done = 0
        self._done: list[tuple[str, Hunk]] = []
        self._alarms: list[Alarm] = []
        self._baselines: dict[str, list[Alarm]] = {name: [] for name in BASELINES}
        self._candidates: list[Candidate] = []
        self._seconds: list[float] = []

    def events(self) -> Iterator[Event]:
        """The events of one step after the other; the next is made when it is asked for."""
        for index, step in enumerate(self._steps):
            self._steps_done = index + 1
            yield from self._desk.events(step, time_of(index))

    def heard(self, event: Event) -> None:
        """See `player.Listener`."""
        if isinstance(event, Edit):
            hunk = self._steps[self._steps_done - 1].hunk
            assert hunk is not None
            self._done.append((event.path, hunk))

    def decided(self, outcomes: tuple[Outcome, ...], seconds: float) -> None:
        """See `player.Listener`; called once after each save."""
        self._seconds.append(seconds)
        edits = len(self._done)
        later = pending(self._steps, self._steps_done, edits, self._desk)
        for outcome in outcomes:
            card = outcome.offered
            if card is not None:
                paths = {place.path for place in card.places}
                texts = {path: self._tree.read(path) or "" for path in paths}
                self._alarms.append(judge_card(card, edits, later, texts))
            if self._features:
                self._candidates += self._judged(outcome, edits, later)
        moment = Moment(tuple(self._done), self._tree)
        for name, baseline in BASELINES.items():
            spots = baseline(moment)
            if spots:
                self._baselines[name].append(judge_spots(name, edits, spots, later))

    def result(self) -> CommitResult:
        """Everything that was seen."""
        baselines = {name: tuple(alarms) for name, alarms in self._baselines.items()}
        return CommitResult(
            id=self._commit,
            edits=len(self._done),
            alarms=tuple(self._alarms),
            baselines=baselines,
            seconds=tuple(self._seconds),
            candidates=tuple(self._candidates),
        )

    def _judged(
        self, outcome: Outcome, edits: int, later: Sequence[Pending]
    ) -> Iterable[Candidate]:
        card = outcome.offered
        shown = {place.key for place in card.places} if card is not None else set[object]()
        situation = self._engine.situation
        assert situation is not None, "there was a boundary"
        agreement = agreement_of(judged.task.need for judged in outcome.judgements)
        for judgement in outcome.judgements:
            task = judgement.task
            common = features(task, situation)
            own = place_features(task, situation, agreement)
            for place, numbers, p in zip(task.places, own, judgement.odds, strict=True):
                judged = judge_place(place, (place,), later, self._tree.read(place.path) or "")
                yield Candidate(
                    commit=self._commit,
                    edits=edits,
                    follow_ups=len(later),
                    need=task.need.id,
                    kind=task.need.kind,
                    path=place.path,
                    line=None if place.whole else place.range.start.line,
                    features={
                        name: round(value, 4) for name, value in {**common, **numbers}.items()
                    },
                    p=round(p, 4),
                    shown=place.key in shown,
                    right=bool(judged.hunks),
                    exact=judged.exact,
                )
