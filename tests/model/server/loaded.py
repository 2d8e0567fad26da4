"""What is in memory: one model at a time, one request at a time, the others in a queue.

docs/faq.mdx, "How does Ollama handle concurrent requests?": with OLLAMA_NUM_PARALLEL and
OLLAMA_MAX_LOADED_MODELS at 1, requests wait for their turn, and beyond OLLAMA_MAX_QUEUE they are
refused with 503.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from tests.model.server.http import Refused
from tests.model.server.runner import Runner, Stop
from tests.model.server.trace import Load, Trace, Unload, Waited

T = TypeVar("T")

FOREVER = float("inf")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


class Loaded(Struct):
    """A model in memory; `expires` is a time since the epoch after which it goes."""

    name: str
    path: Path
    runner: Runner
    expires: float = FOREVER


class Turn(Struct):
    """The right to use the model, and what it cost to get it in memory."""

    runner: Runner
    load_seconds: float


class Memory:
    """One slot; `max_queue` requests may wait for it."""

    def __init__(self, trace: Trace, max_queue: int, threads: int) -> None:
        self.loaded: Loaded | None = None
        self._trace = trace
        self._max_queue = max_queue
        self._threads = threads
        self._waiting = 0
        self._slot = asyncio.Lock()
        # One thread, so that what is computed is in one order.
        self._thread = ThreadPoolExecutor(1, "llama")
        self._expiry: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def turn(
        self, name: str, path: Path, num_ctx: int, keep_alive: float
    ) -> AsyncIterator[Turn]:
        """The model in memory and nobody else at it; it goes `keep_alive` seconds after the turn.

        Another model or another `num_ctx` than what is in memory is a load.
        """
        async with self._queued():
            if self._expiry is not None:
                self._expiry.cancel()
            began = time.monotonic()
            if (
                self.loaded is None
                or self.loaded.path != path
                or self.loaded.runner.num_ctx != num_ctx
            ):
                await self._unload()
                runner = await self.apart(lambda _: Runner(path, num_ctx, self._threads))
                self.loaded = Loaded(name, path, runner)
                self._trace.note(Load(name, num_ctx))
            loaded = self.loaded
            # While it is used it does not expire, and /api/ps shows when it would.
            loaded.expires = time.time() + keep_alive
            try:
                yield Turn(loaded.runner, time.monotonic() - began)
            finally:
                loaded.expires = time.time() + keep_alive
                if keep_alive <= 0:
                    await self._unload()
                elif keep_alive < FOREVER:
                    loop = asyncio.get_running_loop()
                    self._expiry = loop.call_later(keep_alive, self._expire)

    async def unload(self, path: Path) -> None:
        """Give the memory back once the requests before are answered, if this model is in it."""
        async with self._queued():
            if self.loaded is not None and self.loaded.path == path:
                await self._unload()

    async def apart(self, work: Callable[[Stop], T]) -> T:
        """Run in the one thread; a cancelled caller makes the work stop and waits until it has."""
        gone = False
        future = asyncio.get_running_loop().run_in_executor(self._thread, work, lambda: gone)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            gone = True
            await asyncio.wait((future,))
            raise

    @asynccontextmanager
    async def _queued(self) -> AsyncIterator[None]:
        if self._slot.locked() and self._waiting >= self._max_queue:
            # The two blanks are Ollama's.
            raise Refused(503, "server busy, please try again.  maximum pending requests exceeded")
        self._waiting += 1
        try:
            await self._slot.acquire()
        except asyncio.CancelledError:
            self._trace.note(Waited())
            raise
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._slot.release()

    async def _unload(self) -> None:
        if self.loaded is None:
            return
        runner, self.loaded = self.loaded.runner, None
        await self.apart(lambda _: runner.close())
        self._trace.note(Unload())

    def _expire(self) -> None:
        loaded = self.loaded
        # A request that came in between has the slot, and sets another time when it is done.
        if loaded is not None and not self._slot.locked():
            self._expiring = asyncio.ensure_future(self.unload(loaded.path))


def seconds(keep_alive: float | str | None) -> float:
    """docs/faq.mdx, "How do I keep a model loaded in memory": a duration, seconds, or negative.

    Without one it is OLLAMA_KEEP_ALIVE's five minutes. Raises `Refused`.
    """
    if keep_alive is None:
        return 300.0
    if isinstance(keep_alive, str):
        parts = re.findall(r"(\d+(?:\.\d+)?)(ms|h|m|s)", keep_alive)
        if not parts or "".join(n + unit for n, unit in parts) != keep_alive.lstrip("-"):
            raise Refused(400, f'time: invalid duration "{keep_alive}"')
        sign = -1 if keep_alive.startswith("-") else 1
        keep_alive = sign * sum(float(number) * _SECONDS[unit] for number, unit in parts)
    return FOREVER if keep_alive < 0 else float(keep_alive)
