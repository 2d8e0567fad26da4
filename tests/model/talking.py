"""Our adapter and Ollama's own client, aimed at the test server."""

import asyncio
import time
from collections.abc import Callable

from ollama import AsyncClient

from proactive_lsp.agent.settings import AgentSettings
from proactive_lsp.assembly import ollama_model
from proactive_lsp.clock import VirtualClock
from proactive_lsp.llm import Heard, Message, Model, ModelError, Reply, Request, unheard
from tests.model.serving import Served

NUM_CTX = 8192
PATIENCE = 300.0
"""Seconds for an answer: a machine that does other work as well needs many."""


def settings(served: Served, **changes) -> AgentSettings:
    """What a user would write to have this server asked, often and with patience."""
    said = {
        "host": served.host,
        "model": "smollm2",
        "num_ctx": NUM_CTX,
        "timeout": PATIENCE,
        "calls_per_hour": 10_000,
        "tokens_per_hour": 100_000_000,
    }
    return AgentSettings(**(said | changes))


def model(served: Served, **changes) -> Model:
    """The adapter that the product uses, put together as the product does it."""
    made = ollama_model(settings(served, **changes), VirtualClock())
    assert made is not None, "the settings have a model enabled"
    return made


def client(served: Served) -> AsyncClient:
    """The client package as a user of Ollama has it."""
    return AsyncClient(served.host)


def ask(*texts: str, system: str = "You are brief.", **more) -> Request:
    """A request of a few turns, the user's first; 16 tokens of answer suffice for most tests."""
    roles = ("user", "assistant")
    turns = (Message(roles[n % 2], text) for n, text in enumerate(texts))
    return Request((Message("system", system), *turns), **({"max_tokens": 16} | more))


async def until(holds: Callable[[], object], within: float = 60.0) -> None:
    """Wait until a condition holds; raises `TimeoutError` after `within` seconds."""
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110 - what is waited for happens in another process
            await asyncio.sleep(0.01)


class Overheard:
    """A model that keeps what was asked and what came of it, in order."""

    def __init__(self, inner: Model) -> None:
        self._inner = inner
        self.said: list[tuple[Request, Reply | ModelError]] = []
        self.seconds: list[float] = []

    @property
    def name(self) -> str:
        """The model's own."""
        return self._inner.name

    async def complete(self, request: Request, *, heard: Heard = unheard) -> Reply:
        """As the model."""
        began = time.monotonic()
        said: Reply | ModelError
        try:
            said = await self._inner.complete(request, heard=heard)
        except ModelError as error:
            said = error
        self.said.append((request, said))
        self.seconds.append(time.monotonic() - began)
        if isinstance(said, ModelError):
            raise said
        return said

    def replies(self) -> list[Reply]:
        """Those answers that came."""
        return [reply for _, reply in self.said if isinstance(reply, Reply)]
