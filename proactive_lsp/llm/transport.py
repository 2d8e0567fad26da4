"""What lies beneath Ollama's own client: bounds on what comes in, and what the client leaves out.

Importing this loads httpx. The client package (0.6.3) neither sends `truncate` nor keeps
`prompt_eval_cached_count`, and gives no way to: its requests and answers are closed classes. What
it does take is a transport for its httpx client, so both happen here, on the bytes: fields are
added to the body of a request, and the last bytes of an answer are kept to be read again.
"""

import json
import ssl
from collections.abc import AsyncIterator, Mapping
from functools import cache
from typing import Any, cast

import httpx

from proactive_lsp.llm.model import BadReply

MAX_BYTES = 1024 * 1024
"""Bytes of an answer beyond which we stop reading; a streamed word comes wrapped in a line of
about 150 bytes."""

_TAIL = 16 * 1024


class Transport(httpx.AsyncBaseTransport):
    """One connection to one host; `extra` is added to the JSON of each request to `/api/chat`.

    No proxy but the given one, whatever the environment says, and no credentials but those in
    `headers`.
    """

    def __init__(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        proxy: str | None = None,
        extra: Mapping[str, Any] | None = None,
        bounded: bool = True,
    ) -> None:
        self._extra = extra
        self._bounded = bounded
        self._authorized = any(name.lower() == "authorization" for name in headers)
        self._stream: _Watched | None = None
        self._inner = httpx.AsyncHTTPTransport(
            verify=_certificates(url.startswith("https:")), trust_env=False, proxy=proxy
        )

    @property
    def tail(self) -> bytes:
        """The last bytes of the answer so far."""
        return self._stream.tail if self._stream is not None else b""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, with its stream watched."""
        if not self._authorized:
            # The client takes OLLAMA_API_KEY from the environment, and it is not for this host.
            request.headers.pop("authorization", None)
        if self._extra and request.url.path.endswith("/api/chat"):
            request = _with(request, self._extra)
        response = await self._inner.handle_async_request(request)
        # A compressed answer could unpack to any size.
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            raise BadReply("the server compressed its answer, which it was asked not to do")
        most = MAX_BYTES if self._bounded else None
        self._stream = _Watched(cast("httpx.AsyncByteStream", response.stream), most)
        response.stream = self._stream
        return response

    async def aclose(self) -> None:
        """Close the connection in whatever state it is."""
        await self._inner.aclose()


def _with(request: httpx.Request, extra: Mapping[str, Any]) -> httpx.Request:
    headers = [(k, v) for k, v in request.headers.multi_items() if k != "content-length"]
    body: dict[str, Any] = {**json.loads(request.content), **extra}
    return httpx.Request(
        request.method,
        request.url,
        headers=headers,
        content=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
        extensions=request.extensions,
    )


class _Watched(httpx.AsyncByteStream):
    """A stream that fails beyond `most` bytes, before anyone collects them into a line."""

    def __init__(self, stream: httpx.AsyncByteStream, most: int | None) -> None:
        self.tail = b""
        self._stream = stream
        self._most = most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._stream:
            size += len(chunk)
            if self._most is not None and size > self._most:
                raise BadReply(f"the server sent more than {self._most} bytes")
            self.tail = (self.tail + chunk)[-_TAIL:]
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


@cache
def _certificates(secure: bool) -> ssl.SSLContext:
    # Loading the certificates of the world takes longer than a local connection.
    if secure:
        return httpx.create_ssl_context(trust_env=False)
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
