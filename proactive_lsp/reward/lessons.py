"""What one engine learns as it goes: from answers, from what is done by hand, from what passes.

It only watches and tells the memory; the judgements ask the memory.
"""

from collections.abc import Iterable, Sequence

from proactive_lsp.events import Answer, Close, Edit, Event, FileOperation, Git, Open
from proactive_lsp.events import SuggestionEvent as Told
from proactive_lsp.memory import Memory
from proactive_lsp.reward.by_hand import ByHand
from proactive_lsp.reward.heard import Heard
from proactive_lsp.reward.learning import held_back, learn, prefix_of
from proactive_lsp.reward.refusals import Refusals
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Judgement, Need, Suggestion
from proactive_lsp.workspace.work import MOVES, Work

# So many needs are remembered that answers alone kept silent, the newest.
MOST_HELD = 500


class Lessons:
    """One workspace folder's; `work` reads its files."""

    def __init__(self, memory: Memory, work: Work) -> None:
        self._memory = memory
        self._work = work
        self._heard = Heard()
        self._by_hand = ByHand()
        self._refusals = Refusals(memory)
        self._held: dict[str, None] = {}

    def happened(self, event: Event) -> None:
        """Anything but an edit, once the work has taken it in."""
        match event:
            case Open():
                self._refusals.opened(event.path, self._work.lines(event.path))
            case Close():
                # What was not saved is gone with it.
                self._by_hand.forget(event.path)
            case FileOperation(op="renamed", to=str(to)):
                self._by_hand.moved(event.path, to)
                self._refusals.moved(event.path, to, self._work.tree.paths(), self._work.lines)
            case Git() if event.op in MOVES:
                self._by_hand.forget()
            case Told(op="offered"):
                self._heard.offered(event.id)
            case Told(op="shown"):
                self._heard.shown(event.id, event.t)
            case _:
                pass

    def settled(self, edit: Edit) -> None:
        """Settled typing, with the card that it carried out as its origin."""
        self._by_hand.settled(edit)
        self._refusals.settled(edit, self._work.lines)

    def looked(
        self,
        situation: Situation,
        judgements: Sequence[Judgement],
        cards: Iterable[Suggestion],
        *,
        timely: bool,
    ) -> None:
        """What stayed unsaid at the last look and is done now; what stays unsaid at this one.

        `cards` are before the user; at a `timely` moment something likely would be shown.
        """
        needs = [judgement.task.need for judgement in judgements]
        for done in self._by_hand.done(needs, self._work.lines):
            where = prefix_of(done.need.path)
            self._memory.learn(done.need.kind, done.trigger, where, done.lesson)
        offered = {task.need.id for card in cards for task in card.tasks}
        self._by_hand.watch(judgements, offered, situation)
        if timely:
            self._hold([each.task.need for each in judgements if held_back(each)])

    def first(self, answer: Answer) -> bool:
        """Whether this was not said of the card before."""
        return self._heard.first(answer)

    def learn(self, card: Suggestion, answer: Answer) -> None:
        """What an answer to a card says of others like it."""
        if self._heard.teaches(answer):
            learn(self._memory, card, answer.op)

    def refuse(self, card: Suggestion, needs: Iterable[Need]) -> None:
        """Never this card again, whoever finds it and wherever its lines move to."""
        self._memory.dismiss(key for need in needs for key in (need.id, need.matter))
        self._refusals.refuse(card, self._work.lines)

    def _hold(self, needs: Iterable[Need]) -> None:
        """Needs that answers alone keep silent: a new one is a moment for each kind to come back.

        One need that stands for an afternoon counts once, however often it is looked at.
        """
        fresh = [need for need in needs if need.id not in self._held]
        for kind in sorted({need.kind for need in fresh}):
            self._memory.forget_noes(kind)
        self._held |= dict.fromkeys(need.id for need in fresh)
        while len(self._held) > MOST_HELD:
            del self._held[next(iter(self._held))]
