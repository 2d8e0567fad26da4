"""Which answers were heard already, and which cards were on screen."""

from msgspec import Struct

from proactive_lsp.events import Answer

# So many cards are remembered, those offered last.
MOST_CARDS = 200
# A card that was there for less than this was not read.
SHORTEST_LOOK = 1.0


class _Card(Struct):
    said: frozenset[str] = frozenset()
    shown: float | None = None


class Heard:
    """The cards that were offered, and what was said of each."""

    def __init__(self) -> None:
        self._cards: dict[str, _Card] = {}

    def offered(self, id: str) -> None:
        """A card is offered, perhaps again: whatever is said from now on is new."""
        self._cards.pop(id, None)
        self._cards[id] = _Card()
        while len(self._cards) > MOST_CARDS:
            del self._cards[next(iter(self._cards))]

    def shown(self, id: str, t: float) -> None:
        """The client says that it is before the user's eyes."""
        card = self._cards.get(id)
        if card is not None and (card.shown is None or t < card.shown):
            card.shown = t

    def first(self, answer: Answer) -> bool:
        """Whether this is said of the card for the first time since it was offered.

        An undo that a recording tells is also noticed by whoever replays it, and a client may
        repeat itself or say one thing after the other.
        """
        card = self._cards.setdefault(answer.id, _Card())
        news = answer.op not in card.said
        card.said |= {answer.op}
        return news

    def teaches(self, answer: Answer) -> bool:
        """Whether anything follows for other cards: what nobody saw, nobody ignored."""
        if answer.op != "ignored":
            return True
        card = self._cards.get(answer.id)
        seen = card.shown if card is not None else None
        return seen is not None and answer.t - seen >= SHORTEST_LOOK
