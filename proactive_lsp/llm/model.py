"""What a language model is to the other stages: a request goes in, a reply or one error comes out.

ModelError
├── ModelUnavailable   nobody answers
├── ModelMissing       the server answers but does not have the model
├── ModelTimeout       no whole answer within the time
├── ModelRefused       the server answered with an error of its own
├── ModelBudgetSpent   it was asked often enough for this hour
└── BadReply           an answer that is cut off, too long or not understood
"""

from collections.abc import Mapping
from typing import Any, Literal, Protocol

from msgspec import Struct


class ModelError(Exception):
    """Why there is no reply; the message is one sentence that says what to do."""


class ModelUnavailable(ModelError):
    """Nobody answers at the host."""


class ModelMissing(ModelError):
    """The model is not installed."""


class ModelTimeout(ModelError):
    """No whole answer within the time allowed."""


class ModelRefused(ModelError):
    """The server answered with an error."""


class ModelBudgetSpent(ModelError):
    """The model was asked as often this hour as the settings allow."""


class BadReply(ModelError):
    """The answer is cut off, too long, or not in the form it was asked for."""


class Message(Struct, frozen=True):
    """One turn of the conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


class Request(Struct, frozen=True):
    """What to ask; with a JSON `schema` the answer is to be one JSON value of that shape."""

    messages: tuple[Message, ...]
    schema: Mapping[str, Any] | None = None
    max_tokens: int = 400
    temperature: float = 0.0
    seed: int = 0


class Reply(Struct, frozen=True):
    """The whole answer; token counts are None where the model does not tell."""

    text: str
    prompt_tokens: int | None = None
    answer_tokens: int | None = None
    seconds: float = 0.0


class Model(Protocol):
    """A language model; `name` is for people and logs."""

    @property
    def name(self) -> str:
        """What to call it."""
        ...

    async def complete(self, request: Request) -> Reply:
        """The whole answer; raises `ModelError` alone. Cancelling the caller stops the work."""
        ...
