"""What a memory holds beside its events, and what is new of it since it was written down."""

from collections import deque
from collections.abc import Mapping

from msgspec import Struct, field

from proactive_lsp.memory.tally import NOTHING, Counts, Tally, Update

LearnKey = tuple[str, str, str]  # kind, trigger, prefix
Where = tuple[str, str]  # trigger, prefix
# More places than this where a kind was answered are not told apart: the lightest are forgotten.
MOST_ROWS = 100


class State(Struct):
    """Everything but the events: what was dismissed, muted, learned and kept; values as JSON."""

    dismissed: set[str] = field(default_factory=set[str])
    muted: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    learned: dict[LearnKey, Counts] = field(default_factory=dict[LearnKey, Counts])
    weights: dict[str, dict[Where, Tally]] = field(default_factory=dict[str, dict[Where, Tally]])
    values: dict[str, bytes] = field(default_factory=dict[str, bytes])


class Weighing(Struct):
    """What is new of one kind's weights: updates by place, and the one for all other places."""

    own: dict[Where, Update] = field(default_factory=dict[Where, Update])
    rest: Update = NOTHING

    def add(self, where: Where | None, own: Update, rest: Update) -> None:
        """One more lesson; without a place it is the same for all."""
        if where is not None and where not in self.own:
            self.own[where] = self.rest
        for each, update in self.own.items():
            self.own[each] = update.then(own if each == where else rest)
        self.rest = self.rest.then(rest)

    def of(self, rows: Mapping[Where, Tally]) -> dict[Where, Tally]:
        """The rows after it: the heaviest, in the order of their names."""
        new = {where: self.own.get(where, self.rest).of(tally) for where, tally in rows.items()}
        new |= {where: own.of(Tally()) for where, own in self.own.items() if where not in rows}
        if len(new) > MOST_ROWS:
            heaviest = sorted(new, key=lambda where: (-new[where].weight, where))[:MOST_ROWS]
            new = {where: new[where] for where in heaviest}
        return dict(sorted(new.items()))


class Batch(Struct):
    """What is new since the last write; `learned` and `weights` hold differences.

    So two processes add up, each in its turn. `events` are times and JSON lines; `lost` counts
    those that had to go for want of room. Kinds that were `forgotten` are so before the rest is
    added; None stands for all. `without_events` says that of all stored events and values.
    """

    events: deque[tuple[float, bytes]] = field(default_factory=deque[tuple[float, bytes]])
    dismissed: set[str] = field(default_factory=set[str])
    mutes: dict[tuple[str, str], bool] = field(default_factory=dict[tuple[str, str], bool])
    learned: dict[LearnKey, Counts] = field(default_factory=dict[LearnKey, Counts])
    weights: dict[str, Weighing] = field(default_factory=dict[str, Weighing])
    forgotten: set[str | None] = field(default_factory=set[str | None])
    values: dict[str, bytes] = field(default_factory=dict[str, bytes])
    lost: int = 0
    without_events: bool = False

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        told = self.events or self.dismissed or self.mutes
        forgotten = self.forgotten or self.without_events
        return not (told or self.learned or self.weights or forgotten or self.values)
