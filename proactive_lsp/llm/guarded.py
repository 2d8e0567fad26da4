"""Spare a model that is away: ask late, ask seldom, and not again at once after a failure."""

from collections import deque
from collections.abc import Awaitable, Callable

from proactive_lsp.llm.model import (
    Heard,
    Model,
    ModelBudgetSpent,
    ModelError,
    ModelMissing,
    ModelRefused,
    ModelTimeout,
    ModelUnavailable,
    Reply,
    Request,
    unheard,
)

FIRST_WAIT = 30.0
LONGEST_WAIT = 900.0
HOUR = 3600.0


class GuardedModel:
    """A circuit breaker and an hourly budget around a model that is found at first use.

    After a failure of the server nothing is asked for 30 s, doubling up to 15 min; meanwhile the
    last error is raised again without any request. `now` gives seconds.
    """

    def __init__(
        self,
        find: Callable[[], Awaitable[Model]],
        *,
        now: Callable[[], float],
        calls_per_hour: int,
    ) -> None:
        self._find = find
        self._now = now
        self._calls_per_hour = calls_per_hour
        self._model: Model | None = None
        self._failures = 0
        self._retry_at = 0.0
        self._last: ModelError | None = None
        self._calls: deque[float] = deque()

    @property
    def name(self) -> str:
        """The model's name once it was found."""
        return self._model.name if self._model is not None else "the local model"

    async def complete(self, request: Request, *, heard: Heard = unheard) -> Reply:
        """The whole answer; raises `ModelError` alone, at once while the circuit is open."""
        now = self._now()
        if self._last is not None and now < self._retry_at:
            raise type(self._last)(str(self._last))
        while self._calls and self._calls[0] <= now - HOUR:
            self._calls.popleft()
        if len(self._calls) >= self._calls_per_hour:
            raise ModelBudgetSpent(f"{self._calls_per_hour} calls were made this hour")
        self._calls.append(now)
        try:
            if self._model is None:
                self._model = await self._find()
            reply = await self._model.complete(request, heard=heard)
        except (ModelUnavailable, ModelMissing, ModelRefused, ModelTimeout) as error:
            self._failures += 1
            wait = min(FIRST_WAIT * 2 ** (self._failures - 1), LONGEST_WAIT)
            self._last, self._retry_at = error, self._now() + wait
            # What was installed may have changed by the time it is asked again.
            self._model = None
            raise
        self._failures, self._last = 0, None
        return reply
