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
from proactive_lsp.evaluation.baselines import BASELINES, Moment
from proactive_lsp.evaluation.commits import Commit, Hunk
from proactive_lsp.evaluation.labels import (
    Alarm,
    Pending,
    judge_card,
    judge_spot,
    judge_spots,
    pending,
    spot_of,
)
from proactive_lsp.evaluation.steps import Desk, Order, Step, steps_of, time_of
from proactive_lsp.events import Edit, Event
from proactive_lsp.outcome import Outcome
from proactive_lsp.replay.player import play
from proactive_lsp.reward import RewardSettings
from proactive_lsp.settings import Settings
from proactive_lsp.workspace.tree import Tree

_UNLIMITED = 1_000_000


class Candidate(Struct, frozen=True):
    """A need that was noticed, shown or not, with its features and whether it was right."""

    commit: str
    edits: int
    kind: str
    features: dict[str, float]
    p: float
    shown: bool
    places: int
    right_places: int


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


def evaluate(commit: Commit, base: Tree, options: HistoryOptions) -> CommitResult:
    """Live through one commit over `base`, the files of its parent."""
    clock = VirtualClock()
    reward = RewardSettings(cards_per_hour=_UNLIMITED, filter=options.filter)
    scheduler = assembly.for_replay(Settings(reward=reward), base=base, clock=clock)
    steps = steps_of(commit, options.order, options.seed)
    judge = _Judge(commit.id, steps, scheduler.engine.work.tree, features=options.features)
    try:
        asyncio.run(play(judge.events(), scheduler, clock, judge))
    finally:
        scheduler.close()
    return judge.result()


class _Judge:
    """Types the steps, listens to the engine, and compares the two."""

    def __init__(self, commit: str, steps: Sequence[Step], tree: Tree, *, features: bool) -> None:
        self._commit = commit
        self._steps = steps
        self._tree = tree
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
        shown = {task.need.id for task in outcome.offered.tasks} if outcome.offered else set[str]()
        for judgement in outcome.judgements:
            need = judgement.task.need
            right = sum(bool(judge_spot(spot_of(place), later).hunks) for place in need.places)
            yield Candidate(
                commit=self._commit,
                edits=edits,
                kind=need.kind,
                features=dict(need.features),
                p=round(judgement.p, 4),
                shown=need.id in shown,
                places=len(need.places),
                right_places=right,
            )
