"""Ask a local model for one JSON object; a bad answer goes back once, then there is none."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from proactive_lsp import assembly
from proactive_lsp.agent.settings import AgentSettings
from proactive_lsp.clock import VirtualClock
from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.gym.user import ModelCount
from proactive_lsp.llm import BadReply, Message, Model, ModelError, ModelTimeout, Request
from proactive_lsp.llm.model import Purpose
from proactive_lsp.llm.ollama import DEFAULT_HOST
from proactive_lsp.settings import Settings

# Nobody waits at the keyboard.
PATIENCE = 300.0
# A little chance keeps a small model from doing the same thing for ever; the seed fixes it.
_TEMPERATURE = 0.4
_WITHOUT_END = 1_000_000_000
_Shape = TypeVar("_Shape", bound=Struct)


class Asker:
    """Asks one model, and counts what came of that; the n-th question has a seed of its own."""

    def __init__(self, model: Model, *, seed: int, max_tokens: int = 400) -> None:
        self._model = model
        self._seed = seed
        self._max_tokens = max_tokens
        self._count = ModelCount(model.name, 0, 0, 0)

    @property
    def count(self) -> ModelCount:
        """What was asked so far."""
        return msgspec.structs.replace(self._count, name=self._model.name)

    async def ask(
        self,
        messages: tuple[Message, ...],
        shape: type[_Shape],
        among: Mapping[str, Sequence[str]] = {},
    ) -> _Shape | None:
        """An answer of this shape; None, which counts as a fallback, after two that are none.

        The fields that `among` names have one of its values. Raises `EvaluationError` where there
        is no model to ask.
        """
        reply = await self._once(messages, shape, among)
        if isinstance(reply, str):
            self._counted(retried=1)
            back = Message("user", f"That was no use: {reply} Answer with the JSON object alone.")
            reply = await self._once((*messages, back), shape, among)
        if isinstance(reply, str):
            self._counted(fallbacks=1)
            return None
        return reply

    async def _once(
        self,
        messages: tuple[Message, ...],
        shape: type[_Shape],
        among: Mapping[str, Sequence[str]],
    ) -> _Shape | str:
        """The answer, or what is wrong with it."""
        request = Request(
            messages,
            schema=schema_of(shape, among),
            max_tokens=self._max_tokens,
            temperature=_TEMPERATURE,
            seed=self._seed + self._count.calls,
            about="gym",
            purpose=_PURPOSE,
        )
        self._counted(calls=1)
        try:
            reply = await self._model.complete(request)
        except (BadReply, ModelTimeout) as error:
            return f"{error}."
        except ModelError as error:
            raise EvaluationError(str(error)) from error
        self._counted(
            prompt_tokens=reply.prompt_tokens or 0, answer_tokens=reply.answer_tokens or 0
        )
        try:
            answer = msgspec.json.decode(reply.text, type=shape)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            return f"{' '.join(str(error).split())}."
        for name, values in among.items():
            if values and getattr(answer, name) not in values:
                return f"{name} is not one of {', '.join(values)}."
        return answer

    def _counted(self, **more: int) -> None:
        now = {name: getattr(self._count, name) + number for name, number in more.items()}
        self._count = msgspec.structs.replace(self._count, **now)


_PURPOSE: Purpose = "predict"


def schema_of(shape: type[Struct], among: Mapping[str, Sequence[str]] = {}) -> dict[str, Any]:
    """The JSON schema of a flat struct, without "$defs", which small converters do not follow."""
    schema = msgspec.json.schema(shape)["$defs"][shape.__name__]
    for name, values in among.items():
        if values:
            schema["properties"][name] = {"enum": list(values)}
    return schema


def check_model(name: str, host: str | None) -> None:
    """Refuse a model that cannot be asked; raises `EvaluationError`. Makes no connection."""
    problem = assembly.model_problem(Settings(agent=_settings(name, host)), {})
    if problem is not None:
        raise EvaluationError(problem)


def asker_of(name: str, host: str | None, seed: int) -> Asker:
    """The Ollama model of that name, by default on this machine; looked for when it is asked."""
    model = assembly.ollama_model(_settings(name, host), VirtualClock())
    assert model is not None, "the settings have a model enabled"
    return Asker(model, seed=seed)


def _settings(name: str, host: str | None) -> AgentSettings:
    # Named here, since no environment is looked into. Another machine is asked when the command
    # line names one: that is the user's own word.
    return AgentSettings(
        model=name,
        host=host or DEFAULT_HOST,
        allow_remote=host is not None,
        timeout=PATIENCE,
        calls_per_hour=_WITHOUT_END,
        tokens_per_hour=_WITHOUT_END,
        on_battery=True,
    )
