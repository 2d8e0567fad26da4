"""Live through recorded events again: move the clock, feed the scheduler, collect its outcomes."""

import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

from proactive_lsp.clock import VirtualClock
from proactive_lsp.events import Event, SuggestionEvent, starts_at
from proactive_lsp.outcome import Outcome

# At the end whatever is due is awaited; a scheduler that never has enough is left alone.
MOST_AT_THE_END = 100


class Scheduled(Protocol):
    """What a player needs of `scheduling.Scheduler`."""

    def record(self, event: Event) -> None:
        """Take in an event."""
        ...

    def next_due(self) -> float | None:
        """When there is something to do next, None when there is nothing."""
        ...

    async def run_due(self) -> tuple[Outcome, ...]:
        """Do what is due by now."""
        ...

    def close(self) -> None:
        """Nothing more will come."""
        ...


class Listener(Protocol):
    """Who wants to know what happens in a replay."""

    def heard(self, event: Event) -> None:
        """An event was fed to the scheduler."""
        ...

    def decided(self, outcomes: tuple[Outcome, ...], seconds: float) -> None:
        """Boundaries were considered, which took so many seconds of computing in all."""
        ...


Wait = Callable[[float], Awaitable[None]]


async def play(
    events: Iterable[Event],
    scheduler: Scheduled,
    clock: VirtualClock,
    listener: Listener,
    *,
    wait: Wait | None = None,
) -> None:
    """Feed the events in order; before each, do what was due until it began.

    What the recording run suggested is skipped, since this run makes its own suggestions; what
    the user saw and answered is fed. `wait` is awaited before the clock moves, to keep real time.
    """
    for event in events:
        if not isinstance(event, SuggestionEvent) or event.op == "shown":
            await feed(event, scheduler, clock, listener, wait=wait)
    await finish(scheduler, clock, listener, wait=wait)


async def feed(
    event: Event,
    scheduler: Scheduled,
    clock: VirtualClock,
    listener: Listener,
    *,
    wait: Wait | None = None,
) -> None:
    """One event, what was due until it began, and what it makes due at once."""
    await run_until(starts_at(event), scheduler, clock, listener, wait=wait)
    if wait is not None:
        await wait(event.t)
    clock.advance_to(event.t)
    scheduler.record(event)
    if not isinstance(event, SuggestionEvent):
        listener.heard(event)
    due = scheduler.next_due()
    if due is not None and due <= clock.now():
        await _run(due, scheduler, clock, listener, wait)


async def run_until(
    t: float,
    scheduler: Scheduled,
    clock: VirtualClock,
    listener: Listener,
    *,
    wait: Wait | None = None,
) -> None:
    """Do what falls due before `t`."""
    while (due := scheduler.next_due()) is not None and due < t:
        await _run(due, scheduler, clock, listener, wait)


async def finish(
    scheduler: Scheduled, clock: VirtualClock, listener: Listener, *, wait: Wait | None = None
) -> None:
    """Nothing more is to come: what is due is done."""
    for _ in range(MOST_AT_THE_END):
        due = scheduler.next_due()
        if due is None:
            break
        await _run(due, scheduler, clock, listener, wait)


async def _run(
    due: float,
    scheduler: Scheduled,
    clock: VirtualClock,
    listener: Listener,
    wait: Wait | None,
) -> None:
    if wait is not None:
        await wait(due)
    clock.advance_to(due)
    start = time.perf_counter()
    outcomes = await scheduler.run_due()
    if outcomes:
        listener.decided(outcomes, time.perf_counter() - start)
