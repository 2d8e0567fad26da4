"""The player: what is fed when, on which clock."""

import pytest

from proactive_lsp.clock import VirtualClock
from proactive_lsp.events import Answer, Edit, Focus, Save, SuggestionEvent, span
from proactive_lsp.replay.player import MOST_AT_THE_END, play


class Ears:
    """A listener that keeps everything."""

    def __init__(self):
        self.heard_events = []
        self.decisions = []

    def heard(self, event):
        self.heard_events.append(event)

    def decided(self, outcomes, seconds):
        assert seconds >= 0
        self.decisions += outcomes


@pytest.fixture
def played(fake_scheduler):
    """Plays events; gives the scheduler's log and the listener."""

    async def run(events, outcomes=(), delay=0.0, wait=None):
        clock, ears = VirtualClock(), Ears()
        scheduler = fake_scheduler(clock, outcomes, delay)
        await play(events, scheduler, clock, ears, wait=wait)
        return scheduler.log, ears

    return run


async def test_what_an_event_makes_due_is_done_at_its_time(played, made):
    """A save speaks at once."""
    outcome = made.outcome(1.0)
    log, ears = await played([Save(1, "a"), Focus(5, "a")], [outcome])
    assert log == [(1, Save(1, "a")), (1, "run"), (5, Focus(5, "a"))]
    assert ears.decisions == [outcome]


async def test_what_is_due_between_two_events_is_done_at_its_own_time(played):
    """The clock stops there on its way."""
    log, _ = await played([Save(1, "a"), Focus(5, "a")], delay=2)
    assert log == [(1, Save(1, "a")), (3, "run"), (5, Focus(5, "a"))]


async def test_a_burst_began_with_its_first_key(played):
    """What would have been due during the typing waits until it is over."""
    burst = Edit(5, "a", 2, (), since=2)
    log, _ = await played([Save(1, "a"), burst], delay=2)
    assert log == [(1, Save(1, "a")), (5, burst), (5, "run")]


async def test_the_end_waits_for_what_is_due(played):
    """Once for each."""
    log, _ = await played([Save(1, "a"), Save(1.5, "a")], delay=2)
    assert log[2:] == [(3, "run"), (3.5, "run")]


async def test_answers_are_fed_and_old_suggestions_are_not(played):
    """This run makes its own."""
    old = [
        SuggestionEvent(1, "x", op, "k", "a", span(0, 0, 0, 0))
        for op in ("offered", "withdrawn", "stale")
    ]
    answer = Answer(2, "x", "accepted")
    log, ears = await played([*old, answer])
    assert log == [(2, answer)]
    assert ears.heard_events == [answer]


async def test_what_the_user_saw_is_fed_and_not_told(played):
    """Whether an ignored card was on screen is what its answer is worth."""
    shown = SuggestionEvent(1, "x", "shown", "k", "a", span(0, 0, 0, 0))
    log, ears = await played([shown])
    assert log == [(1, shown)]
    assert ears.heard_events == []


async def test_a_scheduler_without_end_is_left_alone(made):
    """A replay always ends."""

    class Restless:
        runs = 0

        def record(self, event): ...

        def next_due(self):
            return float(self.runs)

        async def run_due(self):
            self.runs += 1
            return ()

        def close(self): ...

    restless = Restless()
    await play([], restless, VirtualClock(), Ears())
    assert restless.runs == MOST_AT_THE_END


async def test_real_time_waits_before_each_step(played):
    """For events and for what is due between them."""
    waited = []

    async def wait(t):
        waited.append(t)

    await played([Save(1, "a"), Focus(5, "a")], delay=2, wait=wait)
    assert waited == [1, 3, 5]
