"""How the model is: what a client shows, and which changes are worth a message.

News is when something a user relies on goes away or comes back, each once: nobody answers, the
model is not installed, the server fails twice in a row, and the first answer after any of these.
Busy, paused and a spent budget pass by themselves and are never news.
"""

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from proactive_lsp.llm.model import (
    ModelBusy,
    ModelError,
    ModelMissing,
    ModelRefused,
    ModelTimeout,
    ModelUnavailable,
)

State = Literal["unasked", "ready", "busy", "down", "missing", "paused", "budget-spent"]


class Status(Struct, frozen=True):
    """The state, and in `message` what to do about it, if anything.

    `model`, `num_ctx` and `loaded` are known once the model was found. `retry_at` is when it will
    be asked again at the earliest, in seconds of the guard's clock; None for at any time. `calls`
    and `tokens` are those of this hour that count. `pull` is the model to offer a download of.
    """

    state: State
    message: str = ""
    host: str = ""
    model: str | None = None
    num_ctx: int | None = None
    loaded: bool | None = None
    retry_at: float | None = None
    calls: int = 0
    tokens: int = 0
    pull: str | None = None


Tell = Callable[[Status, str | None], None]
"""Told each change of the status, and with it the one sentence to show, where it is news."""


def state_of(error: ModelError | None, answered: bool) -> State:
    """The state after the last attempt."""
    if error is None:
        return "ready" if answered else "unasked"
    if isinstance(error, ModelMissing):
        return "missing"
    return "busy" if isinstance(error, ModelBusy) else "down"


class News:
    """Decides what is news; it remembers what was told and not taken back yet."""

    def __init__(self) -> None:
        self._told: set[type[ModelError]] = set()

    def after(self, error: ModelError, failures: int, *, told_otherwise: bool) -> str | None:
        """The sentence after a failure, None where there is nothing to say.

        `failures` counts those in a row. Who acted hears of it otherwise, and so not again.
        """
        if not isinstance(error, (ModelUnavailable, ModelMissing, ModelRefused, ModelTimeout)):
            return None
        # One slow or failed answer is no server that is down.
        if isinstance(error, (ModelRefused, ModelTimeout)) and failures < 2:
            return None
        what: type[ModelError] = (
            ModelMissing if isinstance(error, ModelMissing) else ModelUnavailable
        )
        if what in self._told:
            return None
        self._told.add(what)
        return None if told_otherwise else f"{error}; suggestions from rules go on without a model"

    def after_answer(self, name: str) -> str | None:
        """The sentence after an answer: only after bad news."""
        if not self._told:
            return None
        self._told.clear()
        return f"the local model {name} answers again"
