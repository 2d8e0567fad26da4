"""A server that speaks Ollama's HTTP on a real socket and misbehaves as told."""

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio

Answer = Callable[["Exchange"], Awaitable[None]]


class Exchange:
    """One request as the server sees it, and the means to answer."""

    def __init__(self, head: str, body: bytes, writer: asyncio.StreamWriter) -> None:
        self.method, self.path, _ = head.split("\r\n", 1)[0].split(" ")
        self.head = head.lower()
        self.json: Any = json.loads(body) if body else None
        self.body = body
        self._writer = writer

    async def start(self, status: str = "200 OK", headers: str = "") -> None:
        """Send the head of a chunked answer."""
        head = f"HTTP/1.1 {status}\r\ntransfer-encoding: chunked\r\n{headers}\r\n"
        await self.raw(head.encode())

    async def send(self, data: bytes) -> None:
        """Send one chunk."""
        await self.raw(b"%x\r\n%b\r\n" % (len(data), data))

    async def word(self, content: str, **more: Any) -> None:
        """Send one line of a streamed answer."""
        part = {"model": "m", "message": {"role": "assistant", "content": content}, "done": False}
        await self.send(json.dumps(part | more).encode() + b"\n")

    async def last(self, **more: Any) -> None:
        """Send the closing line, as Ollama does with its counts."""
        counts = {"done": True, "done_reason": "stop", "prompt_eval_count": 12, "eval_count": 3}
        await self.word("", **(counts | more))
        await self.send(b"")

    async def whole(self, body: str, status: str = "200 OK", headers: str = "") -> None:
        """Send a complete answer at once."""
        await self.start(status, headers)
        await self.send(body.encode())
        await self.send(b"")

    async def raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._writer.write(data)
        await self._writer.drain()

    async def cut(self) -> None:
        """Hang up."""
        self._writer.close()


class FakeOllama:
    """Answers every request with `answer`, and knows what it was asked and who hung up.

    `pages` are answers to some paths alone, as JSON; see `install`.
    """

    def __init__(self) -> None:
        self.answer: Answer = _nothing
        self.pages: dict[str, Any] = {}
        self.asked: list[Exchange] = []
        self.answering = 0
        self.most_answering = 0
        self.asked_now = asyncio.Event()
        self.hung_up = asyncio.Event()
        self._serving: dict[asyncio.StreamWriter, asyncio.Task[None] | None] = {}

    def install(self, *models: dict[str, Any], version: str = "0.12.6", **show: Any) -> None:
        """Be a whole server that has these models and answers "yes" to every chat."""
        show = {
            "capabilities": ["completion"],
            "model_info": {"llama.context_length": 32768},
        } | show
        self.pages = {
            "/api/version": {"version": version},
            "/api/tags": {"models": list(models)},
            "/api/show": show,
            "/api/ps": {"models": []},
        }
        self.answer = says("yes")

    def load(self, *models: dict[str, Any]) -> None:
        """What stands in memory from now on."""
        self.pages["/api/ps"] = {"models": list(models)}

    def paths(self) -> list[str]:
        """What was asked so far, in order, without the common beginning."""
        return [exchange.path.removeprefix("/api/") for exchange in self.asked]

    @property
    def chats(self) -> list[Exchange]:
        """The chats among what was asked."""
        return [exchange for exchange in self.asked if exchange.path == "/api/chat"]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Handle one connection until the client leaves."""
        self._serving[writer] = asyncio.current_task()
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = re.search(r"content-length: *(\d+)", head.lower())
            body = await reader.readexactly(int(length[1])) if length else b""
            exchange = Exchange(head, body, writer)
            self.asked.append(exchange)
            self.asked_now.set()
            answering = asyncio.create_task(self._answer(exchange))
            while await reader.read(1024):
                pass
            self.hung_up.set()
            answering.cancel()
            await asyncio.gather(answering, return_exceptions=True)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.hung_up.set()
        finally:
            del self._serving[writer]
            writer.close()

    async def _answer(self, exchange: Exchange) -> None:
        self.answering += 1
        self.most_answering = max(self.most_answering, self.answering)
        try:
            if exchange.path in self.pages:
                await exchange.whole(json.dumps(self.pages[exchange.path]))
            else:
                await self.answer(exchange)
        finally:
            self.answering -= 1

    async def stop(self) -> None:
        """Drop whoever is still connected."""
        serving = dict(self._serving)
        for writer in serving:
            writer.close()
        await asyncio.gather(*filter(None, serving.values()))


async def _nothing(exchange: Exchange) -> None:
    await exchange.whole("{}")


async def eventually(holds: Callable[[], bool]) -> None:
    """Wait until it holds."""
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - what it waits for is no event
            await asyncio.sleep(0.005)


def says(*words: str, **last: Any) -> Answer:
    """An answer of these words."""

    async def answer(exchange: Exchange) -> None:
        await exchange.start()
        for word in words:
            await exchange.word(word)
        await exchange.last(**last)

    return answer


def installed(name: str, size: str = "3.1B", **more: Any) -> dict[str, Any]:
    """A model as /api/tags lists it."""
    details = {"family": "llama", "parameter_size": size, "quantization_level": "Q4_K_M"}
    fields = {"name": name, "model": name, "size": 2_000_000_000, "digest": f"sha-{name}"}
    return fields | {"details": details} | more


def loaded(name: str, context: int | None = None, **more: Any) -> dict[str, Any]:
    """A model as /api/ps lists it; without a context as servers before July 2025 do."""
    fields: dict[str, Any] = {"name": name, "model": name, "digest": f"sha-{name}"}
    return fields | ({} if context is None else {"context_length": context}) | more


@pytest_asyncio.fixture
async def ollama() -> AsyncIterator[tuple[FakeOllama, str]]:
    """The server and its address."""
    async with listening() as found:
        yield found


@asynccontextmanager
async def listening(port: int = 0) -> AsyncIterator[tuple[FakeOllama, str]]:
    """A server for a while, and its address; another one may take over its port afterwards."""
    fake = FakeOllama()
    server = await asyncio.start_server(fake.serve, "127.0.0.1", port)
    port = server.sockets[0].getsockname()[1]
    try:
        yield fake, f"http://127.0.0.1:{port}"
    finally:
        server.close()
        await fake.stop()
        await server.wait_closed()


@pytest.fixture
def free_host() -> str:
    """An address where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"
