"""The order of the stages: record → settle → situation → needs → judgements → one card.

The same engine serves the editor and the replay. It is used from one thread, knows no
protocol, and takes time from its events alone.
"""

from collections.abc import Callable, Iterable
from typing import Literal

from msgspec.structs import replace

from proactive_lsp.agent.execution import Execution
from proactive_lsp.agent.predict import KIND as PREDICTED
from proactive_lsp.agent.write import Made, found_again, guard, nearest, plan, relocate
from proactive_lsp.agent.writing.planned import planned
from proactive_lsp.agent.writing.write import writable, write
from proactive_lsp.asking import Asking
from proactive_lsp.events import Answer, Edit, Event, Git, SuggestionEvent
from proactive_lsp.explain.log import Log
from proactive_lsp.llm import Heard, Model, unheard
from proactive_lsp.memory import Memory
from proactive_lsp.needs.detecting import detected
from proactive_lsp.outcome import Outcome
from proactive_lsp.redaction import redact_event
from proactive_lsp.reward import Pace, judge, untimely
from proactive_lsp.reward.card import merge
from proactive_lsp.reward.judge import MOST_TASKS, too_many
from proactive_lsp.reward.learning import prefix_of
from proactive_lsp.reward.left_alone import LeftAlone
from proactive_lsp.reward.lessons import Lessons
from proactive_lsp.reward.place_features import (
    NO_AGREEMENT,
    Agreement,
    agreement_of,
    judged_agreement,
)
from proactive_lsp.reward.standing import Offer, Standing
from proactive_lsp.settings import Settings
from proactive_lsp.situation import Boundary, Situation, look
from proactive_lsp.suggestions import Judgement, Need, Place, Plan, Silence, Stale, Suggestion, Task
from proactive_lsp.workspace.past import Past
from proactive_lsp.workspace.search import Index
from proactive_lsp.workspace.tree import Tree
from proactive_lsp.workspace.work import Work


class Engine:
    """One workspace folder: its events, its memory, and what it would say about them.

    `sink` receives every event that goes to memory, settled and redacted, in order: that is
    what a recording consists of.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        base: Tree,
        memory: Memory,
        model: Model | None = None,
        live: bool = False,
        past: Past | None = None,
        sink: Callable[[Event], None] = lambda event: None,
    ) -> None:
        self.settings = settings
        self.memory = memory
        self.told = Log(memory)
        self.work = Work(base, live=live, max_bytes=settings.max_file_bytes, past=past)
        # Set by an answer, cleared by whoever arranges that the cards are looked at again.
        self.answered = False
        self._unseen = False
        self._index = Index(self.work.tree)
        self._asking = Asking(model, settings.agent) if model is not None else None
        self._sink = sink
        self._execution = Execution()
        self._pace = Pace()
        self._standing = Standing()
        self._lessons = Lessons(memory, self.work)
        self._left = LeftAlone()
        self._cited: dict[str, int] = {}
        self._last_seq: int | None = None
        self._situation: Situation | None = None
        self._needs: tuple[Need, ...] = ()
        self._agreement = NO_AGREEMENT
        self._judged: tuple[Judgement, ...] = ()

    @property
    def current(self) -> tuple[Suggestion, ...]:
        """The cards before the user, oldest first."""
        return self._standing.cards

    def warm_up(self) -> None:
        """Load and read what the first look needs, so that it comes no later than the others."""
        self.work.warm_up()
        self._index.look(())

    @property
    def situation(self) -> Situation | None:
        """What was looked at last; None before the first boundary."""
        return self._situation

    @property
    def agreement(self) -> Agreement:
        """What all needs of that look point at together, and how likely they are."""
        return self._agreement

    # What happens.

    def record(self, event: Event) -> None:
        """Take in one event; an edit costs one append, anything else settles the text first."""
        if isinstance(event, Edit):
            if event.origin is None:
                self.work.apply(event)
            else:
                self._replay_ours(event, event.origin)
            return
        self.settle()
        self._last_seq = self._remember(event)
        self.work.apply(event)
        self._lessons.happened(event)
        if isinstance(event, Git) and event.op == "commit":
            kept = [each.id for each in self.work.committed]
            self._cited[event.head or ""] = self._last_seq
            self._cited = {id: seq for id, seq in self._cited.items() if id in kept}
        if (answer := self._execution.came_true(event)) is not None:
            self.record(answer)
        if isinstance(event, Answer):
            self._answered(event)

    def settle(self) -> None:
        """Turn typing since the last time into one whole-line edit per file, and remember it.

        An edit that makes exactly the text of a plan that was handed out has that card as its
        origin, and the card is accepted. Plans are made for settled text and clients claim
        them right after their edits, so nothing else is in the same edit.
        """
        for edit in self.work.settle():
            self._unseen = True
            origin, answer = self._execution.settled(edit, self.work.tree.read)
            edit = replace(edit, origin=origin)
            self._lessons.settled(edit)
            self._last_seq = self._remember(edit)
            if answer is not None:
                self.record(answer)

    def has_news(self) -> bool:
        """Whether typing since the last look came to anything."""
        self.settle()
        return self._unseen

    def flush(self, t: float) -> None:
        """Settle, look whether a waiting claim came true, and write down what is in RAM."""
        self.settle()
        for id in self._execution.proven(t, self.work.tree.read):
            self.record(Answer(t, id, "accepted"))
        self.told.write()
        self.memory.flush()

    def close(self) -> None:
        """Write down everything; the engine is not used afterwards."""
        self.settle()
        self.told.write()
        self.memory.close()

    # What follows from it.

    def consider(
        self, boundary: Boundary, cancelled: Callable[[], bool] = lambda: False
    ) -> Outcome:
        """Look at everything at a boundary; raises `Cancelled` when something newer came first."""
        self.settle()
        self._unseen = False
        self._pace = self._pace.at(boundary.t)
        boundary = replace(boundary, event=self._last_seq)
        situation = self._look(boundary, cancelled)
        needs = self._detect(situation)
        if self._asking is not None:
            self._asking.look(situation)
        self._left.look(needs)
        agreement = agreement_of(needs)
        tasks = [Task(need, need.title, need.facts[0].text) for need in needs]
        judgements = [self._judge(task, situation, agreement) for task in tasks[:MOST_TASKS]]
        judgements += map(too_many, tasks[MOST_TASKS:])
        self._situation, self._needs = situation, tuple(needs)
        self._agreement = judged_agreement(agreement, judgements)
        standing = [*judgements, *self._judge_predicted(situation)]
        withdrawn = self._standing.look_again(standing, boundary)
        for card, _ in withdrawn:
            self._tell(card, "withdrawn", boundary.t)
        speaks = boundary.kind != "answer"
        timely = speaks and self._hinders(boundary) is None
        offer = self._offer(judgements, boundary) if speaks else Offer(None, tuple(judgements), ())
        self._judged = offer.judgements
        self.told.decided(offer.judgements, offer.card, boundary)
        self._lessons.looked(situation, judgements, self.current, timely=timely)
        return Outcome(
            boundary=boundary,
            needs=tuple(needs),
            judgements=offer.judgements,
            offered=offer.card,
            withdrawn=(*withdrawn, *offer.withdrawn),
            current=self.current,
            looked=True,
            messages=self.memory.take_messages(),
        )

    def wants_prediction(self, outcome: Outcome) -> bool:
        """Whether to ask the model: it is there, the rules left the card free, it may be shown."""
        boundary = outcome.boundary
        return (
            self._asking is not None
            and self.settings.agent.predict
            and PREDICTED not in self.settings.needs.off
            and (PREDICTED, "") not in self.memory.muted()
            and outcome.offered is None
            and boundary.kind not in ("answer", "pause")
            and self._hinders(boundary) is None
        )

    async def predict(self, boundary: Boundary) -> Outcome:
        """Ask the model for one task and judge it like any other; a silence when it has none."""
        situation = self._situation
        if self._asking is None or situation is None:
            return Outcome(boundary, current=self.current)
        judged = await self._asking.predict(
            situation, self._judged, lambda task: self._judge(task, situation), self.current
        )
        if self.has_news():
            judged = Silence("stale", "you typed on while the model was thinking")
        if isinstance(judged, Silence):
            self.told.unanswered(judged, boundary)
            return Outcome(boundary, current=self.current, silence=judged)
        offer = self._offer([judged], boundary)
        self.told.decided(offer.judgements, offer.card, boundary)
        return Outcome(
            boundary,
            needs=(judged.task.need,),
            judgements=offer.judgements,
            offered=offer.card,
            withdrawn=offer.withdrawn,
            current=self.current,
        )

    # What is done with it.

    def plan(self, id: str, place: Place | None = None) -> Plan | Stale:
        """The edits of a card, or of one of its places, made for the text as it stands now.

        Looks again first. Remembers nothing: whoever gives the edits away calls `hand_out`.
        """
        found = self._still_owed(id)
        if isinstance(found, Stale):
            return found
        _, fresh = found
        places = fresh.places if place is None else nearest(place, fresh.places)
        # A card may have no place from the start, as the draft of a commit message.
        if place is not None and not places:
            return Stale(id, "that place is done or gone")
        return plan(
            id,
            fresh.title,
            places,
            trigger=fresh.path,
            tree=self.work.tree,
            version=self.work.version,
        )

    def writable(self, card: Suggestion) -> bool:
        """Whether the model is there and could write what no rule did for this card."""
        return self._asking is not None and any(map(writable, card.tasks))

    async def write(
        self, id: str, place: Place | None = None, *, heard: Heard = unheard
    ) -> Plan | Stale | Silence:
        """The edits of a card whose text the model writes; `heard` counts its characters.

        The text may have moved on meanwhile, so that what was written is stale.
        """
        found = self._still_owed(id)
        if isinstance(found, Stale):
            return found
        situation, fresh = found
        if self._asking is None:
            return Silence("model-unavailable", "no model is set up to write it")
        written = await write(fresh.tasks, situation, self._asking.model, place=place, heard=heard)
        if isinstance(written, Silence):
            return written
        self.settle()
        if self.card(id) is None:
            return Stale(id, "this suggestion is no longer offered")
        return planned(written, fresh, tree=self.work.tree, version=self.work.version)

    def hand_out(self, plan: Plan) -> None:
        """The editor has these edits now, so a change that makes the same text is theirs."""
        before = {file.path: self.work.tree.read(file.path) or "" for file in plan.files}
        made = {file.path: Made(before[file.path], file.edits) for file in plan.files}
        self._execution.hand_out(plan.id, before, made, plan.text)

    def claim(self, id: str, t: float) -> None:
        """The client says that it carried the plan out; believed once the text shows it."""
        self._execution.claim(id, t)
        self.flush(t)

    @property
    def waits_for_proof(self) -> bool:
        """Whether a claim still has to come true, so that `flush` should look again soon."""
        return self._execution.claims_wait

    def mute(self, kind: str, path: str) -> None:
        """Never this kind again in the folder of `path`."""
        self.memory.mute(kind, prefix_of(path))

    def snooze(self, until: float) -> None:
        """Silence until then, in seconds of the session."""
        self._pace = replace(self._pace, snoozed_until=until)

    def explain(self, what: str) -> str:
        """Markdown on a card by its id, or on one of `explain.live.WORDS`."""
        # Read by the few who ask, so that the others have no room for it.
        from proactive_lsp.explain.live import explain

        return explain(what, self.told, self._standing, self.memory)

    def card(self, id: str) -> Suggestion | None:
        """The standing card with this id, None when there is none."""
        return self._standing.find(id)

    # Inside.

    def _replay_ours(self, event: Edit, origin: str) -> None:
        """An edit whose origin a recording tells, as it tells the answer in an event of its own."""
        self.settle()
        before = self.work.tree.read(event.path) or ""
        self.work.apply(event)
        self.settle()
        self._execution.replayed(origin, event.path, before, event.t)

    def _remember(self, event: Event) -> int:
        seq = self.memory.append(event)
        # An event larger than the whole memory is forgotten at once, but recorded all the same.
        remembered = self.memory.get(seq)
        self._sink(remembered.event if remembered is not None else redact_event(event))
        return seq

    def _look(self, boundary: Boundary, cancelled: Callable[[], bool]) -> Situation:
        self.work.compare()
        return look(
            self.work,
            boundary=boundary,
            memory=self.memory,
            index=self._index,
            cancelled=cancelled,
            cited=dict(self._cited),
        )

    def _detect(self, situation: Situation, only: Suggestion | None = None) -> list[Need]:
        """The needs of every detector, or those of the kinds on one card."""
        needs = detected(
            situation,
            off=self.settings.needs.off,
            with_model=self._asking is not None,
            only=None if only is None else {task.need.kind for task in only.tasks},
        )
        return [guard(need, situation.tree) for need in needs]

    def _still_owed(self, id: str) -> tuple[Situation, Suggestion] | Stale:
        """The moment as it is now and the card as it would be made at it."""
        self.settle()
        card = self.card(id)
        if card is None:
            return Stale(id, "this suggestion is no longer offered")
        situation = self._look(Boundary("answer", card.t), lambda: False)
        needs = self._detect(situation, only=card)
        judgements = found_again(self._standing.judgements(card), needs, card, self.work.tree)
        fresh = merge(judgements, situation.boundary)
        if fresh is None:
            return Stale(id, "what it offered is done or no longer needed")
        return situation, fresh

    def _judge(
        self, task: Task, situation: Situation, agreement: Agreement = NO_AGREEMENT
    ) -> Judgement:
        # A model is asked when the rules were judged; what they make of its place counts, too.
        return judge(
            task,
            situation,
            agreement=self._agreement if task.by_model else agreement,
            pace=self._pace,
            operation=self.work.operation,
            ignored=self._left.ids,
            settings=self.settings.reward,
        )

    def _judge_predicted(self, situation: Situation) -> list[Judgement]:
        """Standing tasks of the model, which no detector finds again, by their text."""
        judgements: list[Judgement] = []
        for task in (task for card in self.current for task in card.tasks if task.by_model):
            need = relocate(task.need, situation.tree)
            if need is not None:
                judgements.append(self._judge(replace(task, need=need), situation))
        return judgements

    def _hinders(self, boundary: Boundary) -> Silence | None:
        return untimely(boundary.t, self._pace, self.work.operation, self.settings.reward)

    def _offer(self, judgements: Iterable[Judgement], boundary: Boundary) -> Offer:
        offer = self._standing.offer(judgements, boundary)
        if offer.card is not None:
            self._pace = self._pace.after_offer(boundary.t)
            self._tell(offer.card, "offered", boundary.t)
        for old, _ in offer.withdrawn:
            # It had its time on screen; coming back it would push out the next one.
            self._left.leave(self._standing.needs(old), self._needs)
            self._tell(old, "withdrawn", boundary.t)
        return offer

    def _answered(self, event: Answer) -> None:
        """What the user said: for this card, for the pace, and for the next time."""
        card = self._standing.known(event.id)
        if card is None:
            return
        self.answered = True
        if not self._lessons.first(event):
            return
        self.told.answered(event.id, event.op)
        self._lessons.learn(card, event)
        match event.op:
            case "accepted":
                self._execution.accepted(event.id)
                self._pace = self._pace.after_acceptance()
                if not card.by_model:
                    # The next look finds what is left of it.
                    return
            case "dismissed" | "undone":
                self._pace = self._pace.after_dismissal(event.t)
                if event.op == "undone" and self.card(event.id) is not None:
                    # One place of several was taken back; the others still stand.
                    return
                self._lessons.refuse(card, self._standing.needs(card))
            case "muted":
                self.mute(card.need, card.path)
            case "ignored":
                self._left.leave(self._standing.needs(card), self._needs)
        self._standing.drop(card)

    def _tell(self, card: Suggestion, op: Literal["offered", "withdrawn"], t: float) -> None:
        event = SuggestionEvent(t, card.id, op, card.need, card.path, card.range)
        self._last_seq = self._remember(event)
        self._lessons.happened(event)
