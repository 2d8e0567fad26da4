"""The endpoints, each by its section of docs/api.md."""

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct

from tests.model.server import chat
from tests.model.server.http import Answer, Refused, Request, serve
from tests.model.server.loaded import FOREVER, Memory
from tests.model.server.models import Models, full
from tests.model.server.trace import Trace

VERSION = "0.33.0"
"""The release whose protocol is spoken; the first with `prompt_eval_cached_count` is older."""


class Named(Struct, frozen=True):
    """The body of "Show Model Information", "Delete a Model" and "Pull a Model"."""

    model: str = ""
    stream: bool = True


class App:
    """One server with its models and its memory."""

    def __init__(self, models: Models, trace: Trace, max_queue: int, *, threads: int) -> None:
        self._models = models
        self._trace = trace
        self._memory = Memory(trace, max_queue, threads)

    async def listen(self, host: str, port: int) -> asyncio.Server:
        """Serve until the result is closed."""

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await serve(self._handle, reader, writer)

        return await asyncio.start_server(connected, host, port)

    async def _handle(self, request: Request, answer: Answer) -> None:
        match request.method, request.path:
            case "GET", "/api/version":
                # "Version"
                await answer.whole({"version": VERSION})
            case "GET", "/api/tags":
                await answer.whole({"models": [self._listed(n) for n in self._models.names()]})
            case "GET", "/api/ps":
                await answer.whole({"models": self._running()})
            case "POST", "/api/show":
                await answer.whole(self._shown(_decoded(request.body)))
            case "POST", "/api/chat":
                asked = chat.decoded(request.body)
                await chat.chat(
                    asked, answer, models=self._models, memory=self._memory, trace=self._trace
                )
            case "POST", "/api/pull":
                await self._pull(_decoded(request.body), answer)
            case "DELETE", "/api/delete":
                name = _decoded(request.body).model
                if not self._models.delete(name):
                    raise Refused(404, f"model '{name}' not found")
                await answer.whole(None)
            case _:
                raise Refused(501, f"{request.method} {request.path} is not spoken here")

    def _listed(self, name: str) -> dict[str, Any]:
        """Of "List Local Models"."""
        weights = self._models.weights
        return {
            "name": name,
            "model": name,
            "modified_at": _when(self._models.modified(name)),
            "size": weights.size,
            "digest": weights.digest,
            "details": weights.details,
        }

    def _running(self) -> list[dict[str, Any]]:
        """Of "List Running Models"; `context_length` is that of docs/openapi.yaml, Ps."""
        loaded, weights = self._memory.loaded, self._models.weights
        if loaded is None:
            return []
        name = full(loaded.name)
        return [
            {
                "name": name,
                "model": name,
                "size": weights.size,
                "digest": weights.digest,
                "details": weights.details,
                "expires_at": _when(loaded.expires),
                "size_vram": 0,
                "context_length": loaded.runner.num_ctx,
            }
        ]

    def _shown(self, asked: Named) -> dict[str, Any]:
        """Of "Show Model Information"; `capabilities` as in docs/openapi.yaml, ShowResponse."""
        if self._models.find(asked.model) is None:
            raise Refused(404, f"model '{asked.model}' not found")
        weights = self._models.weights
        numbers = {key: _number(value) for key, value in weights.metadata.items()}
        return {
            "parameters": "",
            "template": weights.template,
            "details": weights.details,
            "model_info": {**numbers, "general.parameter_count": weights.parameters},
            "capabilities": ["completion"],
            "modified_at": _when(self._models.modified(full(asked.model))),
        }

    async def _pull(self, asked: Named, answer: Answer) -> None:
        """Of "Pull a Model"."""
        last: dict[str, Any] = {}
        async with aclosing(self._models.pull(asked.model)) as lines:
            async for last in lines:
                if asked.stream:
                    await answer.line(last)
        if asked.stream:
            await answer.end()
        elif "error" in last:
            raise Refused(500, last["error"])
        else:
            await answer.whole(last)


def _decoded(body: bytes) -> Named:
    try:
        return msgspec.json.decode(body, type=Named)
    except msgspec.DecodeError as error:
        raise Refused(400, str(error)) from error


def _when(seconds: float) -> str:
    # Go has a year that no clock reaches for "never".
    moment = datetime.max.replace(tzinfo=UTC) if seconds == FOREVER else None
    moment = moment or datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat().replace("+00:00", "Z")


def _number(text: str) -> int | float | bool | str:
    """A value of GGUF metadata, which llama.cpp gives as text, in its JSON form."""
    try:
        value = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text
    return value if isinstance(value, int | float | bool) else text
