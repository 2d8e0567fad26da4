"""The loop of the gym: activity → events → suggestion → judgement → execution → new events.

After Proactive Agent (arXiv 2410.12361, sections 3.2 and 3.3), with our engine in the place of the
agent. What happens is recorded as a live session would be, so that its replay says the same.
"""

from collections.abc import Iterable
from itertools import count

from msgspec import Struct

from proactive_lsp.clock import VirtualClock
from proactive_lsp.engine import Engine
from proactive_lsp.events import Answer, Event, Focus, SuggestionEvent
from proactive_lsp.gym.activities import Impossible
from proactive_lsp.gym.environment import Environment
from proactive_lsp.gym.todo import Size
from proactive_lsp.gym.user import User, Verdict, Worth
from proactive_lsp.outcome import Outcome
from proactive_lsp.replay.player import feed, finish, run_until
from proactive_lsp.scheduling import Scheduler
from proactive_lsp.suggestions import Plan, Stale, Suggestion

# A user who never comes to an end is sent home.
MOST_ACTS = 10_000
# Between two things to do nobody answers more cards.
MOST_AT_ONCE = 5


class Judged(Struct, frozen=True):
    """One card as the user took it, with what was left to do before and after.

    `t` is when it was offered; `carried_out` says whether edits of it were made.
    """

    t: float
    id: str
    need: str
    title: str
    path: str
    answer: str
    worth: Worth
    before: Size | None = None
    after: Size | None = None

    @property
    def carried_out(self) -> bool:
        """Whether edits of it were made."""
        return self.answer == "accept"


class Told(Struct, frozen=True):
    """What came of an episode; sizes are None where nobody knows what was to do."""

    offered: tuple[Suggestion, ...]
    judged: tuple[Judged, ...]
    stale: int
    impossible: tuple[str, ...]
    begun: Size | None
    left: Size | None


class Episode:
    """One user at one desk, watched by one engine."""

    def __init__(
        self, user: User, desk: Environment, scheduler: Scheduler, clock: VirtualClock
    ) -> None:
        self._user = user
        self._desk = desk
        self._scheduler = scheduler
        self._clock = clock
        self._engine: Engine = scheduler.engine
        self._offered: list[Suggestion] = []
        self._judged: list[Judged] = []
        self._answered: set[str] = set()
        self._impossible: list[str] = []
        self._stale = 0

    async def live(self, most_acts: int = MOST_ACTS) -> Told:
        """Live through it to the end."""
        begun = self._user.left(self._desk)
        for done in count():
            events = await self._user.act(self._desk) if done < most_acts else None
            if events is None:
                break
            try:
                await self._feed(events)
            except Impossible as why:
                self._impossible.append(str(why))
                self._user.could_not(str(why))
            await self._look()
        await finish(self._scheduler, self._clock, self)
        return Told(
            offered=tuple(self._offered),
            judged=tuple(self._judged),
            stale=self._stale,
            impossible=tuple(self._impossible),
            begun=begun,
            left=self._user.left(self._desk),
        )

    def heard(self, event: Event) -> None:
        """See `player.Listener`."""

    def decided(self, outcomes: tuple[Outcome, ...], seconds: float) -> None:
        """See `player.Listener`."""
        self._offered += (each.offered for each in outcomes if each.offered is not None)

    async def _feed(self, events: Iterable[Event]) -> None:
        for event in events:
            await feed(event, self._scheduler, self._clock, self)

    async def _look(self) -> None:
        """Answer the cards that stand and were not answered before."""
        later: set[str] = set()
        for _ in range(MOST_AT_ONCE):
            new = (
                card
                for card in self._engine.current
                if card.id not in self._answered and card.id not in later
            )
            card = next(new, None)
            if card is None:
                return
            plan = self._engine.plan(card.id)
            if isinstance(plan, Stale):
                later.add(card.id)
                continue
            verdict = await self._user.judge(card, plan, self._desk)
            if verdict.answer == "later":
                later.add(card.id)
                continue
            self._answered.add(card.id)
            await self._answer(card, verdict)

    async def _answer(self, card: Suggestion, verdict: Verdict) -> None:
        desk, before = self._desk, self._user.left(self._desk)
        desk.pass_time(1.0)
        shown = SuggestionEvent(desk.now, card.id, "shown", card.need, card.path, card.range)
        await self._feed([shown])
        desk.pass_time(self._user.reading())
        match verdict.answer:
            case "accept":
                if not await self._accept(card, verdict):
                    self._stale += 1
                    return
            case "dismiss":
                await self._feed([Answer(desk.now, card.id, "dismissed")])
            case "ignore":
                await self._feed([Answer(desk.now, card.id, "ignored")])
            case "follow":
                self._user.followed(card)
                place = card.places[0]
                await self._feed([Focus(desk.now, place.path, place.range)])
            case "later":
                pass
        self._judged.append(
            Judged(
                t=card.t,
                id=card.id,
                need=card.need,
                title=card.title,
                path=card.path,
                answer=verdict.answer,
                worth=verdict.worth,
                before=before,
                after=self._user.left(desk),
            )
        )

    async def _accept(self, card: Suggestion, verdict: Verdict) -> bool:
        """Carry out what was accepted, as the text stands by now; whether it could be."""
        # While the card was read, looks may have fallen due.
        await run_until(self._desk.now, self._scheduler, self._clock, self)
        whole = self._engine.plan(card.id, verdict.place)
        if isinstance(whole, Stale) or not whole.files:
            return False
        chosen = verdict.plan if verdict.place is None and verdict.plan is not None else whole
        self._engine.hand_out(whole)
        try:
            await self._feed(self._desk.apply(_ticked(whole, chosen)))
        except Impossible as why:
            self._impossible.append(str(why))
            return False
        self._scheduler.claim(card.id)
        await self._feed(self._desk.save_all())
        return True


def _ticked(whole: Plan, chosen: Plan) -> Plan:
    """The plan as it stands, without the uncertain edits that were not ticked."""
    wanted = {(file.path, edit) for file in chosen.files for edit in file.edits}
    files = (
        type(file)(
            file.path,
            file.version,
            tuple(edit for edit in file.edits if edit.certain or (file.path, edit) in wanted),
            file.create,
        )
        for file in whole.files
    )
    return Plan(whole.id, whole.title, tuple(file for file in files if file.edits), whole.text)
