"""Needs, cards and outcomes in a few words, and a scheduler that says what it is told to."""

import pytest

from proactive_lsp.events import Save, span
from proactive_lsp.outcome import Outcome
from proactive_lsp.situation import Boundary
from proactive_lsp.suggestions import (
    Fact,
    FileEdit,
    Judgement,
    Need,
    Place,
    Plan,
    Silence,
    Suggestion,
    Task,
    TextEdit,
)


class Made:
    """Makes the values that a test talks about; `p` and facts are always the same."""

    need_kind = "broken-call"

    def need(self, line=0, path="a.py", kind=need_kind, places=None):
        """A need that owes something on one line."""
        where = span(line, 0, line, 1)
        return Need(
            kind=kind,
            path=path,
            range=where,
            anchor=f"line {line}",
            title=f"Fix line {line}",
            facts=(Fact("it is broken", path, line),),
            places=(Place(path, where, "x", "y"),) if places is None else places,
        )

    def task(self, **need):
        """Its task."""
        made = self.need(**need)
        return Task(made, made.title, "because")

    def card(self, t=0.0, **need):
        """A card of one task."""
        task = self.task(**need)
        made = task.need
        return Suggestion(
            id=made.id,
            need=made.kind,
            title=made.title,
            path=made.path,
            range=made.range,
            p=0.75,
            t=t,
            trigger="save",
            tasks=(task,),
            places=made.places,
        )

    def plan(self, card, *edits):
        """Edits (range, text) in the card's own file."""
        changes = tuple(TextEdit(where, text) for where, text in edits)
        return Plan(card.id, card.title, (FileEdit(card.path, 1, changes),) if changes else ())

    def outcome(self, t=0.0, kind="save", **fields):
        """What a boundary came to."""
        return Outcome(Boundary(kind, t), **fields)

    def offers(self, t=0.0, **need):
        """A boundary with a card."""
        card = self.card(t, **need)
        judgement = Judgement(card.tasks[0], 0.75, 0.6, None)
        needs = (card.tasks[0].need,)
        return self.outcome(t, offered=card, needs=needs, judgements=(judgement,))

    def silences(self, t=0.0, silence="below-threshold", text="too unlikely", **need):
        """A boundary with a candidate that stays silent."""
        task = self.task(**need)
        judgement = Judgement(task, 0.12345, 0.6, Silence(silence, text))
        return self.outcome(t, needs=(task.need,), judgements=(judgement,))


@pytest.fixture
def made():
    """See `Made`."""
    return Made()


class FakeScheduler:
    """Every save is due `delay` later; what it comes to is the next of `outcomes`."""

    def __init__(self, clock, outcomes=(), delay=0.0):
        self.clock = clock
        self.delay = delay
        self.log = []
        self.closed = False
        self._outcomes = list(outcomes)
        self._due = []

    def record(self, event):
        """Remember it."""
        self.log.append((self.clock.now(), event))
        if isinstance(event, Save):
            self._due.append(event.t + self.delay)

    def next_due(self):
        """The oldest save."""
        return min(self._due, default=None)

    async def run_due(self):
        """Answer all that is due."""
        self.log.append((self.clock.now(), "run"))
        due = [t for t in self._due if t <= self.clock.now()]
        self._due = [t for t in self._due if t not in due]
        return tuple(self._outcomes.pop(0) for _ in due if self._outcomes)

    def close(self):
        """The end."""
        self.closed = True


@pytest.fixture
def fake_scheduler():
    """The class, to be made with a clock."""
    return FakeScheduler
