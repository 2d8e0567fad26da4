"""The worker's queue: order, sleep, and what happens when it fails."""

import asyncio
import threading

import pytest

from proactive_lsp.clock import SystemClock
from proactive_lsp.events import Change, Close, Edit, Event, Save, span
from proactive_lsp.server.folders import ROOTLESS, Folder
from proactive_lsp.server.host import Host

TIMEOUT = 10.0


class Engines:
    """Stands in for the real ones: remembers what it gets, and is due when told so."""

    def __init__(self, due: float | None = None) -> None:
        self.events: list[Event] = []
        self.due = due
        self.looks = 0
        self.looked = threading.Event()
        self.closed = threading.Event()

    def record(self, folder: Folder, event: Event) -> None:
        if isinstance(event, Close):
            raise ValueError(event.path)
        self.events.append(event)

    def next_due(self) -> float | None:
        return self.due

    async def run_due(self) -> None:
        self.looks += 1
        self.looked.set()

    def close(self) -> None:
        self.closed.set()


def edit(version: int) -> Edit:
    """One keystroke."""
    return Edit(0.0, "a.py", version, (Change(span(0, 0, 0, 0), "x"),))


def started(engines: Engines) -> Host:
    """A running host over these engines."""
    host = Host(SystemClock())
    host.start(lambda _: engines)
    host.call(lambda _: None).result(TIMEOUT)
    return host


def test_calls_and_events_keep_their_order():
    """Also those made before the worker started; a failing event does not stop the others."""
    engines = Engines()
    host = Host(SystemClock())
    numbers = [host.post(ROOTLESS, event) for event in (Save(0.0, "a.py"), Close(0.0, "b.py"))]
    host.start(lambda _: engines)
    host.post(ROOTLESS, edit(1))
    assert host.call(lambda made: list(made.events)).result(TIMEOUT) == [
        Save(0.0, "a.py"),
        edit(1),
    ]
    assert numbers == [1, 2]
    host.close(TIMEOUT)
    assert engines.closed.is_set()


def test_a_key_wakes_an_idle_worker_but_not_one_that_wakes_soon():
    """While something is due within a moment, keystrokes only join the queue."""
    engines = Engines()
    host = started(engines)
    engines.looked.clear()
    host.post(ROOTLESS, edit(1))
    assert engines.looked.wait(TIMEOUT)
    clock = SystemClock()
    host = Host(clock)
    engines = Engines(due=clock.now() + 1.0)
    host.start(lambda _: engines)
    host.call(lambda _: None).result(TIMEOUT)
    looks = engines.looks
    for version in range(100):
        host.post(ROOTLESS, edit(version))
    assert host.overtaken()
    assert engines.looks <= looks + 1
    assert host.call(lambda made: len(made.events)).result(TIMEOUT) == 100
    host.close(TIMEOUT)


def test_what_became_due_by_itself_wakes_the_worker():
    """It sleeps until what was due when it fell asleep, unless it is told to look again."""
    engines = Engines()
    host = started(engines)
    assert engines.looked.wait(TIMEOUT)
    engines.looked.clear()
    host.wake()
    assert engines.looked.wait(TIMEOUT)
    host.close(TIMEOUT)


def test_an_error_goes_to_who_asked():
    """And the worker lives on."""
    host = started(Engines())
    with pytest.raises(ZeroDivisionError):
        host.call(lambda _: 1 / 0).result(TIMEOUT)
    assert host.call(lambda _: 1).result(TIMEOUT) == 1
    host.close(TIMEOUT)


async def test_a_coroutine_runs_beside_the_looks_and_can_be_cancelled():
    """Its end is the caller's, and cancelling the caller is its end."""
    host = started(Engines())
    began, ended = threading.Event(), threading.Event()

    async def work(_: Engines) -> int:
        began.set()
        try:
            await asyncio.sleep(TIMEOUT)
        finally:
            ended.set()
        return 1

    async def answer(engines: Engines) -> int:
        await asyncio.sleep(0)
        return len(engines.events)

    assert await host.work(answer) == 0
    task = asyncio.create_task(host.work(work))
    assert await asyncio.to_thread(began.wait, TIMEOUT)
    assert await host.work(answer) == 0
    task.cancel()
    assert await asyncio.to_thread(ended.wait, TIMEOUT)
    with pytest.raises(asyncio.CancelledError):
        await task
    began.clear()
    ended.clear()
    task = asyncio.create_task(host.work(work))
    assert await asyncio.to_thread(began.wait, TIMEOUT)
    await asyncio.to_thread(host.close, TIMEOUT)
    assert ended.is_set()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_nothing_piles_up_behind_a_dead_worker():
    """Questions are cancelled, events vanish."""
    host = Host(SystemClock())

    def fail(_: Host) -> Engines:
        raise RuntimeError

    asked = host.call(lambda _: 1)
    host.start(fail)
    host.close(TIMEOUT)
    assert asked.cancelled()
    assert host.call(lambda _: 1).cancelled()
    host.post(ROOTLESS, edit(1))
    assert host._queue.maxlen == 0
