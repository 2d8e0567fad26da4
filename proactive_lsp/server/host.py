"""The one worker thread: its queue, its event loop, and when it wakes.

All engines live on that thread. The main thread appends events and goes on; while the user types,
the worker sleeps until something is due instead of waking for each key.
"""

import asyncio
import concurrent.futures
import logging
import threading
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from proactive_lsp.clock import Clock
from proactive_lsp.events import Edit, Event
from proactive_lsp.server.folders import Folder

if TYPE_CHECKING:
    from proactive_lsp.server.engines import Engines

log = logging.getLogger(__name__)
T = TypeVar("T")

# A worker that wakes by itself within so many seconds need not be woken by a keystroke.
LONGEST_NAP = 2.5


class _Call(Generic[T]):
    """A question to the engines and the future that gets its answer."""

    def __init__(self, function: "Callable[[Engines], T]") -> None:
        self.future: concurrent.futures.Future[T] = concurrent.futures.Future()
        self._function = function

    def run(self, engines: "Engines") -> None:
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            self.future.set_result(self._function(engines))
        except Exception as error:
            self.future.set_exception(error)


def _cancel_what_began(
    begun: "concurrent.futures.Future[concurrent.futures.Future[Any]]",
) -> None:
    if not begun.cancelled() and begun.exception() is None:
        begun.result().cancel()


class Host:
    """Owns the worker. `post` and `call` are for the main thread, in the order they are made."""

    def __init__(self, clock: Clock) -> None:
        self.sent = 0
        self.taken = 0
        self._clock = clock
        self._queue: deque[tuple[Folder, Event] | _Call[Any]] = deque()
        self._idle = True
        self._loop: asyncio.AbstractEventLoop | None = None
        self._awake = asyncio.Event()
        self._thread: threading.Thread | None = None
        self._closed = self._gone = False

    def start(self, make: "Callable[[Host], Engines]") -> None:
        """Start the worker; `make` runs on its thread, so its imports delay nobody."""
        self._thread = threading.Thread(
            target=self._work, args=(make,), name="proactive-worker", daemon=True
        )
        self._thread.start()

    def post(self, folder: Folder, event: Event) -> int:
        """Hand over an event; its number, to tell later what a snapshot knows of."""
        self._queue.append((folder, event))
        self.sent += 1
        if self._idle or type(event) is not Edit:
            self.wake()
        return self.sent

    def call(self, function: "Callable[[Engines], T]") -> "concurrent.futures.Future[T]":
        """Run a function on the worker after everything posted so far; its result as a future.

        The future is cancelled when the worker is gone.
        """
        call = _Call(function)
        self._queue.append(call)
        self.sent += 1
        if self._gone:
            call.future.cancel()
        self.wake()
        return call.future

    async def ask(self, function: "Callable[[Engines], T]") -> T:
        """Await `call`; cancelling this cancels it unless it runs already."""
        return await asyncio.wrap_future(self.call(function))

    async def work(self, function: "Callable[[Engines], Coroutine[Any, Any, T]]") -> T:
        """Await a coroutine that runs on the worker's loop, beside everything else there.

        Cancelling this cancels it. It is cancelled as well when the worker ends.
        """

        def begin(engines: "Engines") -> "concurrent.futures.Future[T]":
            # From the very thread of that loop: what counts is the future, which any thread
            # may wait for and cancel.
            return asyncio.run_coroutine_threadsafe(function(engines), asyncio.get_running_loop())

        begun = self.call(begin)
        try:
            running = await asyncio.wrap_future(begun)
        except asyncio.CancelledError:
            begun.add_done_callback(_cancel_what_began)
            raise
        return await asyncio.wrap_future(running)

    def wake(self) -> None:
        """Have the worker ask again what is due; for what became so without an event or a call."""
        self._idle = False
        if self._loop is not None:
            # The loop is gone once the worker has ended, and then nobody needs to wake.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._awake.set)

    def overtaken(self) -> bool:
        """Whether something newer waits for the worker."""
        return bool(self._queue) or self._closed

    def close(self, timeout: float) -> None:
        """Let the worker write everything down and end; gives up after so many seconds."""
        self._closed = True
        self.wake()
        if self._thread is not None:
            self._thread.join(timeout)
            self._thread = None

    # On the worker thread.

    def _work(self, make: "Callable[[Host], Engines]") -> None:
        try:
            asyncio.run(self._run(make))
        except Exception:
            log.exception("the worker ended; nothing will be suggested any more")
        # From now on whatever is appended vanishes.
        queue, self._queue, self._gone = self._queue, deque(maxlen=0), True
        for item in queue:
            if isinstance(item, _Call):
                item.future.cancel()

    async def _run(self, make: "Callable[[Host], Engines]") -> None:
        self._loop = asyncio.get_running_loop()
        engines = make(self)
        while not self._closed:
            await self._rest(engines.next_due())
            self._drain(engines)
            await engines.run_due()
        self._drain(engines)
        engines.close()

    async def _rest(self, due: float | None) -> None:
        """Sleep until the next due time, or until woken; not at all while something waits."""
        nap = None if due is None else max(0.0, due - self._clock.now())
        self._idle = nap is None or nap > LONGEST_NAP
        # Looked at after `_idle` is set: an event that came before is seen here, one that comes
        # after wakes us.
        if not self._queue and not self._closed:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._awake.wait(), nap)
        self._awake.clear()

    def _drain(self, engines: "Engines") -> None:
        while self._queue:
            item = self._queue.popleft()
            self.taken += 1
            try:
                if isinstance(item, _Call):
                    item.run(engines)
                else:
                    engines.record(*item)
            except Exception:
                log.exception("an event could not be taken in; the next ones are")
