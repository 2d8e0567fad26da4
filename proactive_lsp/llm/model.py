"""What a language model is to the other stages: a request goes in, a reply or one error comes out.

ModelError
├── ModelUnavailable   nobody answers
├── ModelMissing       the server answers but does not have the model
├── ModelTimeout       no whole answer within the time
├── ModelRefused       the server answered with an error of its own
├── ModelBusy          the server has other work, or another model in its memory
├── ModelPaused        nobody wants it asked now, as on battery
├── ModelBudgetSpent   it was asked often enough for this hour
└── BadReply           an answer that is cut off, too long or not understood
    └── PromptTooLong  the server would have had to cut the prompt, or did
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol

from msgspec import Struct


class ModelError(Exception):
    """Why there is no reply; the message is one sentence that says what to do."""


class ModelUnavailable(ModelError):
    """Nobody answers at the host."""


class ModelMissing(ModelError):
    """The model is not installed; `wanted` is the name to pull, None where none would help."""

    def __init__(self, message: str, wanted: str | None = None) -> None:
        super().__init__(message)
        self.wanted = wanted


class ModelTimeout(ModelError):
    """No whole answer within the time allowed."""


class ModelRefused(ModelError):
    """The server answered with an error; `status` is its HTTP code where it had one."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class ModelBusy(ModelError):
    """The server is busy, or (`occupied`) asking would push somebody's model out of its memory."""

    def __init__(self, message: str, *, occupied: bool = False) -> None:
        super().__init__(message)
        self.occupied = occupied


class ModelPaused(ModelError):
    """The model is not to be asked for a while."""


class ModelBudgetSpent(ModelError):
    """The model was asked as often this hour as the settings allow."""


class BadReply(ModelError):
    """The answer is cut off, too long, or not in the form it was asked for.

    `tokens` is what it cost all the same: those read anew and those written, 0 where nobody told.
    """

    def __init__(self, message: str, tokens: int = 0) -> None:
        super().__init__(message)
        self.tokens = tokens


class PromptTooLong(BadReply):
    """The prompt has more tokens than the model reads at once."""


Purpose = Literal["predict", "refine", "judge", "write", "repair"]
OWN_ACTS: tuple[Purpose, ...] = ("write", "repair")
"""What the user asked for and waits for; the others are the server's own idea."""


class Message(Struct, frozen=True):
    """One turn of the conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


class Request(Struct, frozen=True):
    """What to ask; with a JSON `schema` the answer is to be one JSON value of that shape.

    `about` and `purpose` are not sent: the need's id, or its kind where it has none yet, and what
    the answer is for. With `choices`, the log probabilities of these beginnings are asked for.
    """

    messages: tuple[Message, ...]
    schema: Mapping[str, Any] | None = None
    max_tokens: int = 400
    temperature: float = 0.0
    seed: int = 0
    about: str = ""
    purpose: Purpose = "predict"
    choices: tuple[str, ...] = ()


class Reply(Struct, frozen=True):
    """The whole answer; token counts are None where the model does not tell.

    `prompt_tokens` are all of the prompt, `evaluated_tokens` those that no cache spared.
    `logprobs` has the choices among the likeliest first tokens, natural logarithms; None where
    nobody asked or the model does not tell.
    """

    text: str
    prompt_tokens: int | None = None
    answer_tokens: int | None = None
    seconds: float = 0.0
    evaluated_tokens: int | None = None
    logprobs: Mapping[str, float] | None = None


Heard = Callable[[int], None]


def unheard(characters: int) -> None:
    """For whoever does not want to know how far an answer is."""


class Model(Protocol):
    """A language model; `name` is for people and logs."""

    @property
    def name(self) -> str:
        """What to call it."""
        ...

    async def complete(self, request: Request, *, heard: Heard = unheard) -> Reply:
        """The whole answer; raises `ModelError` alone. Cancelling the caller stops the work.

        `heard` is told how many characters have come so far, each time that more have.
        """
        ...
