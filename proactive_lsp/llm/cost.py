"""Tell somebody who adds it up what each call of a model cost."""

import asyncio
from collections.abc import Callable
from typing import Literal

from proactive_lsp.llm.model import (
    BadReply,
    Heard,
    Model,
    ModelError,
    Reply,
    Request,
    unheard,
)

Figure = Literal["model-calls", "model-failed", "prompt-tokens", "answer-tokens"]


class CountedModel:
    """A model whose calls are counted: those that were answered, odd answers and cancelled ones.

    What failed otherwise is counted apart, as most of it was never sent: nobody was there, the
    budget was spent. Tokens are those of answers that told them.
    """

    def __init__(self, model: Model, count: Callable[[Figure, int], None]) -> None:
        self._model = model
        self._count = count

    @property
    def name(self) -> str:
        """The name of the model behind it."""
        return self._model.name

    async def complete(self, request: Request, *, heard: Heard = unheard) -> Reply:
        """What the model behind it answers."""
        try:
            reply = await self._model.complete(request, heard=heard)
        except asyncio.CancelledError:
            self._count("model-calls", 1)
            raise
        except BadReply as error:
            self._count("model-calls", 1)
            self._count("prompt-tokens", error.tokens)
            raise
        except ModelError:
            self._count("model-failed", 1)
            raise
        self._count("model-calls", 1)
        self._count("prompt-tokens", reply.prompt_tokens or 0)
        self._count("answer-tokens", reply.answer_tokens or 0)
        return reply
