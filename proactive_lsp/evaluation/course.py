"""The steps of a commit as they are typed, and those still to come, for the judge's eyes."""

from collections.abc import Iterator, Mapping, Sequence

from proactive_lsp.evaluation.asked import Chosen
from proactive_lsp.evaluation.commits import Commit, Hunk
from proactive_lsp.evaluation.labels import Pending, Spot, judge_spot, pending, spot_of
from proactive_lsp.evaluation.later import names_to_come
from proactive_lsp.evaluation.steps import Desk, Step, commit_event, time_of
from proactive_lsp.events import Edit, Event
from proactive_lsp.suggestions import Suggestion


class Course:
    """The steps of a commit, as they are typed one after the other, and those still to come."""

    def __init__(self, commit: Commit, steps: Sequence[Step], model: Chosen | None) -> None:
        self.commit = commit
        self.desk = Desk()
        self.done: list[tuple[str, Hunk]] = []
        self._steps = steps
        self._steps_done = 0
        self._model = model

    def events(self) -> Iterator[Event]:
        """The events of one step after the other; the next is made when it is asked for."""
        for index, step in enumerate(self._steps):
            self._steps_done = index + 1
            yield from self.desk.events(step, time_of(index))
        yield commit_event(self.commit, time_of(len(self._steps)))

    def heard(self, event: Event) -> None:
        """Take note of a hunk that was typed."""
        if isinstance(event, Edit):
            hunk = self._steps[self._steps_done - 1].hunk
            assert hunk is not None
            self.done.append((event.path, hunk))

    def later(self) -> tuple[Pending, ...]:
        """The hunks still to come."""
        return pending(self._steps, self._steps_done, len(self.done), self.desk)

    def unnamed(self, cards: Sequence[Suggestion]) -> Sequence[Pending]:
        """The hunks still to come that no place of these cards touches."""
        named = {hunk.number for card in cards for hunk in self.touching(card)}
        return [hunk for hunk in self.later() if hunk.number not in named]

    def names(self) -> Mapping[str, str | None]:
        """What the files still to come are called by now, and in the end."""
        return names_to_come(self._steps[self._steps_done :], self.desk)

    def asks(self) -> bool:
        """Whether a model is asked now."""
        return self._model is not None and self._model.asks(self.commit.id, self._steps_done)

    def touching(self, card: Suggestion) -> Sequence[Pending]:
        """The hunks still to come that touch a place of the card."""
        later = self.later()
        numbers = {
            number for spot in spots_of(card) for number in judge_spot(card.need, spot, later).hunks
        }
        return [hunk for hunk in later if hunk.number in numbers]


def spots_of(card: Suggestion) -> Sequence[Spot]:
    """The spots of a card as `judge_card` judges them."""
    return tuple(map(spot_of, card.places)) or (Spot(card.path),)
