"""What a user of the gym is: whoever chooses the next thing to do, and judges what is offered."""

from collections.abc import Iterator
from typing import Literal, Protocol

from msgspec import Struct, UnsetType

from proactive_lsp.events import Event
from proactive_lsp.gym.environment import Environment
from proactive_lsp.gym.todo import Size
from proactive_lsp.suggestions import Place, Plan, Suggestion


class ModelCount(Struct, frozen=True):
    """What was asked of a model user, and how often it could not be understood or done.

    `retried` replies were bad and asked for again, `fallbacks` were replaced by a safe activity.
    """

    name: str
    calls: int
    retried: int
    fallbacks: int
    prompt_tokens: int = 0
    answer_tokens: int = 0


Answered = Literal["accept", "dismiss", "ignore", "follow", "later"]
Worth = Literal["right", "partly", "wrong", "unknown"]


class Verdict(Struct, frozen=True):
    """What a user makes of a card.

    "follow" goes to a place that has no edit, "later" leaves the card for another time. With
    `place` only that one is accepted; `plan` is what is accepted, with the uncertain edits that
    the user ticked.
    """

    answer: Answered
    worth: Worth = "unknown"
    place: Place | None = None
    plan: Plan | None = None


class User(Protocol):
    """Works at a desk; all randomness comes from a seed."""

    @property
    def asked(self) -> ModelCount | UnsetType:
        """What a model behind the user was asked; unset without one."""
        ...

    async def act(self, desk: Environment) -> Iterator[Event] | None:
        """The next thing that is done, as the events of it; None when the work is over."""
        ...

    async def judge(self, card: Suggestion, plan: Plan, desk: Environment) -> Verdict:
        """What is made of a card whose whole plan stands now so."""
        ...

    def reading(self) -> float:
        """Seconds until a card that was seen is answered."""
        ...

    def followed(self, card: Suggestion) -> None:
        """The user went where a card points."""
        ...

    def could_not(self, why: str) -> None:
        """What was begun could not be done; raises `EvaluationError` when that ends the work."""
        ...

    def left(self, desk: Environment) -> Size | None:
        """How much there is still to do; None where nobody knows."""
        ...
