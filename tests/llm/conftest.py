"""A server that speaks Ollama's HTTP on a real socket and misbehaves as told."""

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
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
    """Answers every request with `answer`, and knows what it was asked and who hung up."""

    def __init__(self) -> None:
        self.answer: Answer = _nothing
        self.asked: list[Exchange] = []
        self.answering = 0
        self.most_answering = 0
        self.asked_now = asyncio.Event()
        self.hung_up = asyncio.Event()
        self._serving: dict[asyncio.StreamWriter, asyncio.Task[None] | None] = {}

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


@pytest_asyncio.fixture
async def ollama() -> AsyncIterator[tuple[FakeOllama, str]]:
    """The server and its address."""
    fake = FakeOllama()
    server = await asyncio.start_server(fake.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield fake, f"http://127.0.0.1:{port}"
    server.close()
    await fake.stop()
    await server.wait_closed()


@pytest.fixture
def free_host() -> str:
    """An address where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"
