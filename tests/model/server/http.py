"""HTTP/1.1 by h11 on asyncio streams: a handler per request, cancelled when the client hangs up."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import h11
import msgspec

READ = 64 * 1024

Handler = Callable[["Request", "Answer"], Awaitable[None]]


class Refused(Exception):
    """An answer of another status than 200, with Ollama's body (docs/api/errors.mdx)."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Request(msgspec.Struct, frozen=True):
    """What was asked."""

    method: str
    path: str
    body: bytes


class Answer:
    """What goes back: one JSON object, or lines of them as they come."""

    def __init__(self, connection: h11.Connection, writer: asyncio.StreamWriter) -> None:
        self._connection = connection
        self._writer = writer
        self.begun = False

    async def whole(self, content: Any, status: int = 200) -> None:
        """One JSON object and the end."""
        body = msgspec.json.encode(content) if content is not None else b""
        headers = [("content-type", "application/json; charset=utf-8")]
        await self._send(
            h11.Response(
                status_code=status, headers=[*headers, ("content-length", str(len(body)))]
            ),
            h11.Data(data=body),
            h11.EndOfMessage(),
        )

    async def line(self, content: Any) -> None:
        """One line of newline-delimited JSON (docs/api/streaming.mdx)."""
        if not self.begun:
            headers = [("content-type", "application/x-ndjson"), ("transfer-encoding", "chunked")]
            await self._send(h11.Response(status_code=200, headers=headers))
        await self._send(h11.Data(data=msgspec.json.encode(content) + b"\n"))

    async def end(self) -> None:
        """The end of the lines."""
        await self._send(h11.EndOfMessage())

    async def _send(self, *events: h11.Event) -> None:
        self.begun = True
        for event in events:
            self._writer.write(self._connection.send(event) or b"")
        await self._writer.drain()


async def serve(
    handler: Handler, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """All requests of one connection, one after the other."""
    connection = h11.Connection(h11.SERVER)
    try:
        while (request := await _request(connection, reader)) is not None:
            answer = Answer(connection, writer)
            if not await _while_connected(connection, reader, _handled(handler, request, answer)):
                return
            if connection.our_state is not h11.DONE or connection.their_state is not h11.DONE:
                return
            connection.start_next_cycle()
    except (ConnectionError, h11.RemoteProtocolError):
        return
    finally:
        writer.close()


async def _request(connection: h11.Connection, reader: asyncio.StreamReader) -> Request | None:
    head: h11.Request | None = None
    body = b""
    while True:
        match event := connection.next_event():
            case h11.Request():
                head = event
            case h11.Data():
                body += event.data
            case h11.EndOfMessage():
                assert head is not None, "h11 ends no request that did not begin"
                path = head.target.decode().partition("?")[0]
                return Request(head.method.decode(), path, body)
            case h11.ConnectionClosed():
                return None
            case h11.NEED_DATA:
                connection.receive_data(await reader.read(READ))
            case _:
                return None


async def _handled(handler: Handler, request: Request, answer: Answer) -> None:
    try:
        await handler(request, answer)
    except Refused as refused:
        error = {"error": str(refused)}
        if not answer.begun:
            await answer.whole(error, refused.status)
            return
        # docs/api/errors.mdx, "Errors that occur while streaming": the status is gone already.
        await answer.line(error)
        await answer.end()


async def _while_connected(
    connection: h11.Connection, reader: asyncio.StreamReader, handling: Awaitable[None]
) -> bool:
    """Whether the handler came to its end; it is cancelled as soon as nobody reads its answer."""
    task = asyncio.ensure_future(handling)
    watch = asyncio.ensure_future(_hung_up(connection, reader))
    try:
        await asyncio.wait((task, watch), return_when=asyncio.FIRST_COMPLETED)
    finally:
        watch.cancel()
        if not task.done():
            task.cancel()
        await asyncio.wait((task, watch))
    if task.cancelled():
        return False
    task.result()
    return True


async def _hung_up(connection: h11.Connection, reader: asyncio.StreamReader) -> None:
    # What comes meanwhile is the next request, which h11 keeps until its turn.
    try:
        while data := await reader.read(READ):
            connection.receive_data(data)
    except ConnectionError:
        return
