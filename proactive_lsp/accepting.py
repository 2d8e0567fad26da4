"""What is done with a card that the user takes: the edits for the text as it stands now.

The engine's part of accepting, kept apart from the order of the stages. Nothing here edits a
file: plans are given to the editor, and `Execution` recognises what then really arrives.
"""

from collections.abc import Callable

from proactive_lsp.agent.execution import Execution
from proactive_lsp.agent.write import Made, found_again, nearest, plan
from proactive_lsp.agent.writing.planned import planned
from proactive_lsp.agent.writing.write import writable, write
from proactive_lsp.llm import Heard, Model
from proactive_lsp.looking import Looking
from proactive_lsp.reward.card import merge
from proactive_lsp.reward.standing import Standing
from proactive_lsp.situation import Boundary, Situation
from proactive_lsp.suggestions import Place, Plan, Silence, Stale, Suggestion
from proactive_lsp.workspace.work import Work


class Accepting:
    """Plans for the standing cards. `settle` brings the text up to date before each look."""

    def __init__(
        self,
        looking: Looking,
        standing: Standing,
        execution: Execution,
        *,
        work: Work,
        model: Model | None,
        settle: Callable[[], None],
    ) -> None:
        self._looking = looking
        self._standing = standing
        self._execution = execution
        self._work = work
        self._model = model
        self._settle = settle

    def plan(self, id: str, place: Place | None) -> Plan | Stale:
        """The edits that rules made for a card, or for one of its places."""
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
            tree=self._work.tree,
            version=self._work.version,
        )

    def writable(self, card: Suggestion) -> bool:
        """Whether the model is there and could write what no rule did for this card."""
        return self._model is not None and any(map(writable, card.tasks))

    async def write(self, id: str, place: Place | None, heard: Heard) -> Plan | Stale | Silence:
        """The edits of a card whose text the model writes; stale when the text moved on."""
        found = self._still_owed(id)
        if isinstance(found, Stale):
            return found
        situation, fresh = found
        if self._model is None:
            return Silence("model-unavailable", "no model is set up to write it")
        written = await write(fresh.tasks, situation, self._model, place=place, heard=heard)
        if isinstance(written, Silence):
            return written
        self._settle()
        if self._standing.find(id) is None:
            return Stale(id, "this suggestion is no longer offered")
        return planned(written, fresh, tree=self._work.tree, version=self._work.version)

    def hand_out(self, plan: Plan) -> None:
        """The editor has these edits now, so a change that makes the same text is theirs."""
        before = {file.path: self._work.tree.read(file.path) or "" for file in plan.files}
        made = {file.path: Made(before[file.path], file.edits) for file in plan.files}
        self._execution.hand_out(plan.id, before, made, plan.text)

    def _still_owed(self, id: str) -> tuple[Situation, Suggestion] | Stale:
        """The moment as it is now and the card as it would be made at it."""
        self._settle()
        card = self._standing.find(id)
        if card is None:
            return Stale(id, "this suggestion is no longer offered")
        situation = self._looking.look(Boundary("answer", card.t))
        needs = self._looking.detect(situation, only={task.need.kind for task in card.tasks})
        judgements = found_again(self._standing.judgements(card), needs, card, self._work.tree)
        fresh = merge(judgements, situation.boundary)
        if fresh is None:
            return Stale(id, "what it offered is done or no longer needed")
        return situation, fresh
