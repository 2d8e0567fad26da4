"""Tell which silences are new: candidates are judged again at every boundary."""

from collections.abc import Iterable, Iterator

from proactive_lsp.suggestions import Judgement, Suggestion

# Of so many needs at most it is remembered how they were judged last.
MOST_KNOWN = 10_000


class News:
    """What was judged of each need last, so that only a change of its state is news."""

    def __init__(self) -> None:
        self._state: dict[str, str] = {}

    def silent(self, judgements: Iterable[Judgement]) -> Iterator[Judgement]:
        """The judgements that keep a need back for a reason other than the last one."""
        for judgement in judgements:
            id, silence = judgement.task.need.id, judgement.silence
            # The text of a reason may count seconds, so its kind makes the state. A standing card
            # is judged a duplicate of itself at each later boundary.
            if silence is None or (self._state.get(id), silence.kind) == ("offered", "duplicate"):
                continue
            if self._state.get(id) != silence.kind:
                self._know(id, silence.kind)
                yield judgement

    def offered(self, card: Suggestion) -> None:
        """A card was shown, and says what its tasks have to say."""
        for task in card.tasks:
            self._know(task.need.id, "offered")

    def _know(self, id: str, state: str) -> None:
        self._state.pop(id, None)
        self._state[id] = state
        if len(self._state) > MOST_KNOWN:
            del self._state[next(iter(self._state))]
