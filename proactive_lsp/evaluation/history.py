"""Let the engine of the editor live through a commit, and judge what it shows by what follows.

What the engine gets: the files of the parent commit, the events of one hunk after the other, and
in the end that all of it was committed. It is never told the message or anything later, and what
it shows once there is nothing left to come is kept apart. The budget of cards per hour is lifted:
a history has no clock of its own, and hunks are `SPACING` seconds apart by decree.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from proactive_lsp import assembly
from proactive_lsp.clock import VirtualClock
from proactive_lsp.engine import Engine
from proactive_lsp.evaluation.asked import (
    Answered,
    Chosen,
    Counted,
    Requests,
    Writing,
    came_of,
    fate_of,
    model_of,
)
from proactive_lsp.evaluation.baselines import BASELINES, Moment
from proactive_lsp.evaluation.commits import Commit
from proactive_lsp.evaluation.course import Course, spots_of
from proactive_lsp.evaluation.files import left_out
from proactive_lsp.evaluation.guesses import guesses
from proactive_lsp.evaluation.labels import (
    Alarm,
    JudgedSpot,
    Pending,
    judge_card,
    judge_place,
    judge_spot,
    judge_spots,
    spot_of,
)
from proactive_lsp.evaluation.later import with_ends
from proactive_lsp.evaluation.steps import Order, steps_of
from proactive_lsp.events import Event
from proactive_lsp.needs import NeedsSettings
from proactive_lsp.outcome import Outcome
from proactive_lsp.replay.player import play
from proactive_lsp.reward import Eagerness, RewardSettings
from proactive_lsp.reward.features import features
from proactive_lsp.reward.place_features import agreement_of, place_features
from proactive_lsp.reward.predicted import model_features
from proactive_lsp.settings import Settings
from proactive_lsp.suggestions import Suggestion
from proactive_lsp.workspace.past import Past
from proactive_lsp.workspace.tree import Tree

_UNLIMITED = 1_000_000


# A place is written down when it is noticed for the first time, and at these later times: what is
# judged again at each boundary must be known from there, too.
_LOOKS = frozenset({1, 2, 4, 8})


class Candidate(Struct, frozen=True):
    """One place of a need as it was noticed for the `look`-th time, and what became of it.

    `features` are those that the filter saw, without those that are 0. `spot` has the later hunks
    of the commit that touch the place, by number, whether one wrote what the place offers, and what
    the next commits did there.
    """

    commit: str
    edits: int
    follow_ups: int
    look: int
    need: str
    kind: str
    path: str
    line: int | None
    features: dict[str, float]
    p: float
    shown: bool
    spot: JudgedSpot

    @property
    def right(self) -> bool:
        """Whether the developer worked on the place."""
        return bool(self.spot.hunks)


class CommitResult(Struct, frozen=True):
    """What one commit's boundaries came to: one after each edit, and the commit itself.

    `after` are the cards that were shown when everything was committed.
    """

    id: str
    edits: int
    alarms: tuple[Alarm, ...]
    baselines: dict[str, tuple[Alarm, ...]]
    seconds: tuple[float, ...]
    candidates: tuple[Candidate, ...] = ()
    after: tuple[Alarm, ...] = ()
    seconds_after: tuple[float, ...] = ()
    answered: tuple[Answered, ...] = ()
    requests: Requests = Requests()


class HistoryOptions(Struct, frozen=True):
    """How commits are lived through; without `past` as in a folder that has no repository.

    Without a `model` nothing is predicted. With `guesses`, what a model might name is kept as
    candidates, at each boundary at which the rules said nothing.
    """

    order: Order = "canonical"
    seed: int = 0
    filter: bool = True
    disable: tuple[str, ...] = ()
    features: bool = False
    past: bool = True
    eagerness: Eagerness = "medium"
    model: Chosen | None = None
    guesses: bool = False


def evaluate(commit: Commit, base: Tree, past: Past, options: HistoryOptions) -> CommitResult:
    """Live through one commit over `base`, the files of its parent, and `past`, its log."""
    clock = VirtualClock()
    reward = RewardSettings(
        eagerness=options.eagerness, cards_per_hour=_UNLIMITED, filter=options.filter
    )
    settings = Settings(needs=NeedsSettings(off=options.disable), reward=reward)
    known = past if options.past else Past()
    course = Course(commit, steps_of(commit, options.order, options.seed), options.model)
    asked = Counted(options.model.name, course.asks, clock.now) if options.model else None
    scheduler = assembly.for_replay(settings, base=base, clock=clock, model=asked, past=known)
    engine = scheduler.engine
    writing = Writing(scheduler, lambda card: bool(course.touching(card))) if asked else None
    if asked is not None and options.model is not None:
        asked.model = model_of(
            options.model,
            seed=f"{options.seed} {commit.id}",
            tree=engine.work.tree,
            clock=clock,
            edited=lambda: [path for path, _ in course.done],
            # Of what is on a card already a model is told that it was noticed.
            future=lambda: course.unnamed(engine.current),
        )
    judge = _Judge(course, engine, writing, options)
    try:
        asyncio.run(play(course.events(), writing or scheduler, clock, judge))
    finally:
        scheduler.close()
    return judge.result(asked.requests() if asked is not None else Requests())


class _Judge:
    """Listens to the engine, and compares what it shows with what is still to come."""

    def __init__(
        self, course: Course, engine: Engine, writing: Writing | None, options: HistoryOptions
    ) -> None:
        self._course = course
        self._engine = engine
        self._writing = writing
        self._tree = engine.work.tree
        self._features = options.features
        self._guesses = options.guesses
        self._alarms: list[Alarm] = []
        self._baselines: dict[str, list[Alarm]] = {name: [] for name in BASELINES}
        self._candidates: list[Candidate] = []
        self._noticed: Counter[tuple[object, ...]] = Counter()
        self._seconds: list[float] = []
        self._after: list[Alarm] = []
        self._seconds_after: list[float] = []
        self._answered: list[Answered] = []

    def heard(self, event: Event) -> None:
        """See `player.Listener`."""
        self._course.heard(event)

    def decided(self, outcomes: tuple[Outcome, ...], seconds: float) -> None:
        """See `player.Listener`; called once after each save, and after the commit."""
        edits = len(self._course.done)
        later, names = self._course.later(), self._course.names()
        committed = outcomes[0].boundary.kind == "commit"
        (self._seconds_after if committed else self._seconds).append(seconds)
        for outcome in outcomes:
            card = _counted(outcome.offered)
            if card is not None:
                paths = {place.path for place in card.places}
                texts = {path: self._tree.read(path) or "" for path in paths}
                alarm = judge_card(card, edits, later, texts)
                alarm = with_ends(alarm, spots_of(card), later, names, whole=committed)
                (self._after if committed else self._alarms).append(alarm)
            if self._features and not committed:
                self._candidates += self._judged(outcome, edits, later, names)
        if self._guesses and not committed and outcomes[0].offered is None:
            self._candidates += self._guessed(edits, later)
        # What rules make of a boundary comes first, then what a model adds.
        for outcome in outcomes[1:] if self._course.asks() else ():
            self._answered.append(self._answer(outcome))
        if committed:
            return
        moment = Moment(tuple(self._course.done), self._tree)
        # A rename is looked at before anything is edited; nobody has seen a hunk then.
        for name, baseline in BASELINES.items() if self._course.done else ():
            spots = baseline(moment)
            if spots:
                alarm = judge_spots(name, edits, spots, later)
                self._baselines[name].append(with_ends(alarm, spots, later, names))

    def result(self, requests: Requests) -> CommitResult:
        """Everything that was seen."""
        baselines = {name: tuple(alarms) for name, alarms in self._baselines.items()}
        return CommitResult(
            id=self._course.commit.id,
            edits=len(self._course.done),
            alarms=tuple(self._alarms),
            baselines=baselines,
            seconds=tuple(self._seconds),
            candidates=tuple(self._candidates),
            after=tuple(self._after),
            seconds_after=tuple(self._seconds_after),
            answered=tuple(self._answered),
            requests=requests,
        )

    def _answer(self, outcome: Outcome) -> Answered:
        card = outcome.offered
        assert self._writing is not None
        written = self._writing.written.get(card.id) if card is not None else None
        if card is None or written is None:
            return Answered(came_of(outcome))
        return Answered("shown", fate_of(written, self._course.touching(card), self._engine))

    def _guessed(self, edits: int, later: Sequence[Pending]) -> Iterable[Candidate]:
        situation = self._engine.situation
        if situation is None or not situation.recent:
            return
        for task in guesses(situation, later, f"{self._course.commit.id} {edits}"):
            need, (place,) = task.need, task.places
            common, (own,) = model_features(task, situation, self._engine.agreement)
            yield Candidate(
                commit=self._course.commit.id,
                edits=edits,
                follow_ups=len(later),
                look=1,
                need=need.id,
                kind=need.kind,
                path=place.path,
                line=place.range.start.line,
                features=_rounded({**common, **own}),
                p=0.0,
                shown=False,
                spot=judge_spot(need.kind, spot_of(place), later),
            )

    def _judged(
        self,
        outcome: Outcome,
        edits: int,
        later: Sequence[Pending],
        names: Mapping[str, str | None],
    ) -> Iterable[Candidate]:
        card = outcome.offered
        shown = {place.key for place in card.places} if card is not None else set[object]()
        situation = self._engine.situation
        assert situation is not None, "there was a boundary"
        agreement = agreement_of(judged.task.need for judged in outcome.judgements)
        for judgement in outcome.judgements:
            task = judgement.task
            kind = task.need.kind
            common = features(task, situation)
            own = place_features(task, situation, agreement)
            for place, numbers, p in zip(task.places, own, judgement.odds, strict=True):
                if left_out(place.path) is not None:
                    continue
                where = (task.need.id, *place.key)
                self._noticed[where] += 1
                if self._noticed[where] not in _LOOKS:
                    continue
                text = self._tree.read(place.path) or ""
                judged = judge_place(kind, place, (place,), later, text)
                alarm = with_ends(Alarm(kind, edits, (judged,)), (spot_of(place),), later, names)
                yield Candidate(
                    commit=self._course.commit.id,
                    edits=edits,
                    follow_ups=len(later),
                    look=self._noticed[where],
                    need=task.need.id,
                    kind=kind,
                    path=place.path,
                    line=None if place.whole else place.range.start.line,
                    features=_rounded({**common, **numbers}),
                    p=round(p, 4),
                    shown=place.key in shown,
                    spot=alarm.spots[0],
                )


def _rounded(features: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in features.items() if value}


def _counted(card: Suggestion | None) -> Suggestion | None:
    """The card with the places that a history can tell about; None when it has no other.

    What a commit did to a file that is left out nobody knows.
    """
    if card is None or not card.places:
        return card
    places = tuple(place for place in card.places if left_out(place.path) is None)
    return replace(card, places=places) if places else None
