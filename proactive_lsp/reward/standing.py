"""The cards that stand: offered, not yet answered, and still true."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from proactive_lsp.reward.card import MOST_PLACES, merge
from proactive_lsp.situation import Boundary
from proactive_lsp.suggestions import Judgement, Need, Silence, Suggestion

# More cards than this at once would be noise; the oldest gives way.
MOST_CARDS = 5
# Cards that were answered or withdrawn, kept so that a late answer still finds its card.
MOST_PAST = 50
# A card stops standing for these reasons; the others are about the moment of offering only.
LASTING = frozenset({"dismissed", "muted", "would-undo"})
# After these the ground has moved, so what stands is judged anew.
MOVED = frozenset({"checkout", "rebase", "stash", "merge"})
OFFERED_ALREADY = Silence("duplicate", "it is offered already")
SAME_PLACES = Silence("duplicate", "all its places are on a card already")
FULL = Silence("budget-spent", f"the card lists {MOST_PLACES} places, and no more")
Withdrawn = tuple[tuple[Suggestion, str], ...]


class Offer(Struct, frozen=True):
    """The card of one boundary, None when nothing passed, and every judgement's final word."""

    card: Suggestion | None
    judgements: tuple[Judgement, ...]
    withdrawn: Withdrawn


class Standing:
    """Which cards are before the user, and what was judged of them."""

    def __init__(self) -> None:
        self.cards: tuple[Suggestion, ...] = ()
        self._past: dict[str, Suggestion] = {}
        self._covered: dict[str, tuple[Need, ...]] = {}
        self._judged: dict[str, Judgement] = {}

    def find(self, id: str) -> Suggestion | None:
        """The standing card with this id, None when there is none."""
        return next((card for card in self.cards if card.id == id), None)

    def known(self, id: str) -> Suggestion | None:
        """The card with this id even when it was answered or withdrawn lately."""
        return self.find(id) or self._past.get(id)

    def judgements(self, card: Suggestion) -> tuple[Judgement, ...]:
        """What was judged of a standing card's tasks last."""
        return tuple(self._judged[task.need.id] for task in card.tasks)

    def needs(self, card: Suggestion) -> tuple[Need, ...]:
        """What the card is about: its own needs, and those left out as being at its places."""
        return (*(task.need for task in card.tasks), *self._covered.get(card.id, ()))

    def drop(self, card: Suggestion) -> None:
        """The card was answered and is not shown any longer."""
        self.cards = tuple(other for other in self.cards if other.id != card.id)

    def look_again(self, judgements: Iterable[Judgement], boundary: Boundary) -> Withdrawn:
        """Keep what still holds, its places where they are now; return the rest with reasons.

        A need that is not among the judgements was not found again: it is done, or gone.
        """
        found = {judgement.task.need.id: judgement for judgement in judgements}
        kept: list[Suggestion] = []
        withdrawn: list[tuple[Suggestion, str]] = []
        for card in self.cards:
            fresh = _again(card, found, boundary, kept)
            if fresh is not None:
                kept.append(fresh)
            else:
                withdrawn.append((card, _why(card, found)))
        self.cards = tuple(kept)
        ids = {task.need.id for card in kept for task in card.tasks}
        self._judged = {id: judgement for id, judgement in found.items() if id in ids}
        return tuple(withdrawn)

    def offer(self, judgements: Iterable[Judgement], boundary: Boundary) -> Offer:
        """Show one card of what passed and does not stand yet."""
        shown = {task.need.id for card in self.cards for task in card.tasks}
        # A card keeps its id when the task it is named after is done: one card per id.
        shown |= {card.id for card in self.cards}
        final = tuple(
            replace(judgement, silence=OFFERED_ALREADY)
            if judgement.accepted and judgement.task.need.id in shown
            else judgement
            for judgement in judgements
        )
        passed = [judgement for judgement in final if judgement.accepted]
        card = merge(passed, boundary, [place for card in self.cards for place in card.places])
        listed = {task.need.id for task in card.tasks} if card is not None else set[str]()
        full = card is not None and len(card.places) == MOST_PLACES
        final = tuple(
            replace(judgement, silence=FULL if full else SAME_PLACES)
            if judgement.accepted and judgement.task.need.id not in listed
            else judgement
            for judgement in final
        )
        if card is None:
            return Offer(None, final, ())
        self._judged |= {judgement.task.need.id: judgement for judgement in passed}
        cards = (*self.cards, card)
        dropped = cards[: max(0, len(cards) - MOST_CARDS)]
        self.cards = cards[len(dropped) :]
        self._covered[card.id] = tuple(
            judgement.task.need for judgement in passed if judgement.task.need.id not in listed
        )
        self._past[card.id] = card
        while len(self._past) > MOST_PAST:
            oldest = next(iter(self._past))
            del self._past[oldest], self._covered[oldest]
        return Offer(card, final, tuple((old, "newer ones took its place") for old in dropped))


def _again(
    card: Suggestion,
    found: Mapping[str, Judgement],
    boundary: Boundary,
    kept: Sequence[Suggestion],
) -> Suggestion | None:
    """The card with what still holds of it, None when nothing does."""
    holding = [
        found[task.need.id]
        for task in card.tasks
        if task.need.id in found and _holds(found[task.need.id], boundary)
    ]
    fresh = merge(holding, boundary, [place for other in kept for place in other.places])
    if fresh is None:
        return None
    return replace(fresh, id=card.id, t=card.t, trigger=card.trigger, p=card.p)


def _holds(judgement: Judgement, boundary: Boundary) -> bool:
    if judgement.silence is None:
        return True
    lasting = LASTING | {"below-threshold"} if boundary.kind in MOVED else LASTING
    return judgement.silence.kind not in lasting


def _why(card: Suggestion, found: Mapping[str, Judgement]) -> str:
    silences = [found[task.need.id].silence for task in card.tasks if task.need.id in found]
    return next((silence.text for silence in silences if silence), "done, or no longer needed")
