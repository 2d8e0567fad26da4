"""Spare a model: ask late, one question at a time, seldom, and not at once after a failure.

What a user asked for (purpose `write` and `repair`) is worth a try at any time: it stops a
prediction that is under way, goes through on battery, with a spent budget, of which it takes
nothing, and once while the circuit is open.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from msgspec.structs import replace

from proactive_lsp.llm.breaker import (
    FIRST_BUSY_WAIT,
    FIRST_OCCUPIED_WAIT,
    FIRST_WAIT,
    LONGEST_BUSY_WAIT,
    LONGEST_WAIT,
    Breaker,
)
from proactive_lsp.llm.budget import HOUR, HourlyBudget
from proactive_lsp.llm.choosing import is_name
from proactive_lsp.llm.facts import Installed
from proactive_lsp.llm.model import (
    OWN_ACTS,
    BadReply,
    Heard,
    Model,
    ModelBudgetSpent,
    ModelBusy,
    ModelError,
    ModelMissing,
    ModelPaused,
    ModelRefused,
    ModelTimeout,
    ModelUnavailable,
    Reply,
    Request,
    unheard,
)
from proactive_lsp.llm.pulling import PullProgress
from proactive_lsp.llm.status import News, Status, Tell, state_of

__all__ = [
    "FIRST_BUSY_WAIT",
    "FIRST_OCCUPIED_WAIT",
    "FIRST_WAIT",
    "HOUR",
    "LONGEST_BUSY_WAIT",
    "LONGEST_WAIT",
    "GuardedModel",
    "Installs",
    "Pull",
]

_PAUSED = "the model rests while the machine runs on battery"
_GIVES_WAY = "what you asked for went first"


class Pull(Protocol):
    """Downloads a model; raises `ModelError` alone."""

    def __call__(self, name: str, tell: Callable[[PullProgress], None]) -> Awaitable[None]:
        """To the end."""
        ...


class Installs(Protocol):
    """Lists the installed models; raises `ModelError` alone."""

    def __call__(self) -> Awaitable[tuple[Installed, ...]]:
        """As the server names them."""
        ...


class GuardedModel:
    """A circuit breaker and an hourly budget around a model that is found at first use.

    One request is in flight, however many ask and however often the model is looked for. While
    the circuit is open the last error is raised again without any request. `now` gives seconds.
    """

    def __init__(
        self,
        find: Callable[[], Awaitable[Model]],
        *,
        now: Callable[[], float],
        calls_per_hour: int,
        tokens_per_hour: int | None = None,
        on_battery: bool = False,
        waits_for_room: bool = False,
        host: str = "",
        pull: Pull | None = None,
        installs: Installs | None = None,
    ) -> None:
        self._find = find
        self._now = now
        self._budget = HourlyBudget(calls_per_hour, tokens_per_hour)
        self._breaker = Breaker(waits_for_room=waits_for_room)
        self._news = News()
        self._tell: Tell = _untold
        self._told = Status("unasked", host=host)
        self._host = host
        self._pull = pull
        self._installs = installs
        self._asks_on_battery = on_battery
        self._paused = False
        self._answered = False
        self._model: Model | None = None
        self._turn = asyncio.Lock()
        self._prediction: asyncio.Timeout | None = None
        self._own_acts = 0

    @property
    def name(self) -> str:
        """The model's name once it was found."""
        return self._model.name if self._model is not None else "the local model"

    async def complete(self, request: Request, *, heard: Heard = unheard) -> Reply:
        """The whole answer; raises `ModelError` alone, at once while the circuit is open."""
        if request.purpose in OWN_ACTS:
            return await self._ask_first(request, heard)
        self._check()
        async with self._turn:
            # Meanwhile much may have happened.
            self._check()
            try:
                async with asyncio.timeout(None) as self._prediction:
                    return await self._ask(request, heard, own_act=False)
            except TimeoutError as error:
                raise ModelBusy(_GIVES_WAY) from error
            finally:
                self._prediction = None
                # A request that was stopped is a call, too.
                self._changed(None)

    def pause(self, on_battery: bool) -> None:
        """Whether the machine runs on battery, as the client says."""
        self._paused = on_battery and not self._asks_on_battery
        self._changed(None)

    def listen(self, tell: Tell) -> None:
        """Have `tell` called at each change of the status from now on."""
        self._tell = tell

    @property
    def status(self) -> Status:
        """How it is at this moment; nothing is asked for that."""
        now = self._now()
        spent, breaker, last = self._budget.spent(now), self._breaker, self._breaker.last
        status = Status(
            state_of(last, self._answered),
            message=str(last) if last is not None else "",
            host=self._host,
            model=self._model.name if self._model is not None else None,
            num_ctx=getattr(self._model, "num_ctx", None),
            loaded=getattr(self._model, "loaded", None),
            loads=getattr(self._model, "loads", None),
            retry_at=breaker.retry_at if not breaker.closed_at(now) else None,
            calls=self._budget.calls(now),
            tokens=self._budget.tokens(now),
            pull=last.wanted if isinstance(last, ModelMissing) else None,
        )
        if self._paused:
            return replace(status, state="paused", message=_PAUSED, retry_at=None)
        if spent is not None and last is None:
            return replace(
                status, state="budget-spent", message=spent.message, retry_at=spent.until
            )
        return status

    async def installed(self) -> tuple[Installed, ...]:
        """The installed models, because the user wants to choose one; raises `ModelError` alone.

        The server is asked whether or not the circuit is open, and no model is loaded for it.
        """
        if self._installs is None:
            raise ModelRefused("there is no server to list models")
        return await self._installs()

    async def pull(self, name: str, tell: Callable[[PullProgress], None]) -> None:
        """Download a model, because the user said so; raises `ModelError` alone.

        Cancelling the caller stops it; what has come stays with the server, and the next pull
        goes on from there. Afterwards the model is looked for at the next request.
        """
        if self._pull is None:
            raise ModelRefused("there is no server to pull a model from")
        if not is_name(name):
            raise ModelRefused(f"{name!r} is no name of a model")
        await self._pull(name, tell)
        self._breaker.close()
        self._model = None
        self._changed(None)

    async def _ask_first(self, request: Request, heard: Heard) -> Reply:
        """Ask for what the user waits for, before any prediction."""
        self._own_acts += 1
        try:
            if self._prediction is not None and not self._prediction.expired():
                self._prediction.reschedule(asyncio.get_running_loop().time())
            async with self._turn:
                return await self._ask(request, heard, own_act=True)
        finally:
            self._own_acts -= 1

    def _check(self) -> None:
        """Raise what keeps a prediction from being asked for."""
        if self._paused:
            raise ModelPaused(_PAUSED)
        if self._own_acts:
            raise ModelBusy(_GIVES_WAY)
        now = self._now()
        if not self._breaker.closed_at(now):
            raise self._breaker.again()
        if (spent := self._budget.spent(now)) is not None:
            self._changed(None)
            raise ModelBudgetSpent(spent.message)

    async def _ask(self, request: Request, heard: Heard, *, own_act: bool) -> Reply:
        if not own_act:
            self._budget.call(self._now())
        try:
            # A pull that ends meanwhile has it looked for anew; this one answers all the same.
            model = self._model
            if model is None:
                model = self._model = await self._find()
            reply = await model.complete(request, heard=heard)
        except ModelError as error:
            self._failed(error, own_act)
            raise
        self._breaker.close()
        self._answered = True
        if not own_act:
            self._budget.read(_tokens(reply), self._now())
        self._changed(self._news.after_answer(model.name))
        return reply

    def _failed(self, error: ModelError, own_act: bool) -> None:
        if isinstance(error, (ModelUnavailable, ModelMissing, ModelRefused, ModelTimeout)):
            # What is installed may have changed by the time it is asked again.
            self._model = None
        if isinstance(error, (ModelUnavailable, ModelMissing, ModelBusy)) and not own_act:
            self._budget.take_back()
        if isinstance(error, BadReply):
            # An odd answer, but one: the server is there.
            self._answered = True
            self._breaker.close()
            if not own_act:
                self._budget.read(error.tokens, self._now())
        self._breaker.failed(error, self._now())
        failures = self._breaker.failures
        self._changed(self._news.after(error, failures, told_otherwise=own_act))

    def _changed(self, sentence: str | None) -> None:
        status = self.status
        if sentence is not None or status != self._told:
            self._told = status
            self._tell(status, sentence)


def _tokens(reply: Reply) -> int:
    """What an answer cost: the part of the prompt that no cache spared, and what was written."""
    read = reply.evaluated_tokens
    return (reply.prompt_tokens or 0 if read is None else read) + (reply.answer_tokens or 0)


def _untold(status: Status, sentence: str | None) -> None:
    """For as long as nobody listens."""
