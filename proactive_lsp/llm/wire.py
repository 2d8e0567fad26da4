"""The requests themselves. Importing this loads the `ollama` package and httpx: see `ollama.py`.

Every error of theirs becomes one of ours here.
"""

import asyncio
import ssl
import time
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import aclosing, asynccontextmanager, contextmanager
from typing import cast

import httpx
from ollama import AsyncClient, ChatResponse, ResponseError

from proactive_lsp.llm.model import (
    BadReply,
    Heard,
    ModelMissing,
    ModelRefused,
    ModelTimeout,
    ModelUnavailable,
    Reply,
    Request,
    unheard,
)
from proactive_lsp.llm.visible import visible

MAX_TEXT = 64 * 1024
"""Characters of an answer beyond which we stop reading."""

MAX_BYTES = 16 * MAX_TEXT
"""Bytes on the wire; each streamed word comes wrapped in a line of about 150 bytes."""

MAX_QUOTE = 200
"""Characters of a server's own error message that we pass on."""


async def chat(
    host: str,
    request: Request,
    *,
    model: str,
    num_ctx: int,
    keep_alive: str,
    connect: float,
    within: float,
    heard: Heard = unheard,
) -> Reply:
    """The whole answer, read as a stream so that leaving closes it; raises `ModelError` alone.

    `connect` and `within` are seconds, for someone to listen and for everything together.
    """
    started = time.monotonic()
    text = ""
    with _errors_as_ours(host, model):
        async with asyncio.timeout(within), _client(host, connect) as client:
            # Its annotation of the tools, which we do not use, has a Callable without arguments.
            stream = await client.chat(  # pyright: ignore[reportUnknownMemberType]
                model=model,
                messages=[{"role": m.role, "content": m.content} for m in request.messages],
                stream=True,
                think=False,
                format=dict(request.schema) if request.schema is not None else None,
                options={
                    "num_ctx": num_ctx,
                    "num_predict": request.max_tokens,
                    "temperature": request.temperature,
                    "seed": request.seed,
                },
                keep_alive=keep_alive,
            )
            async with aclosing(cast("AsyncGenerator[ChatResponse]", stream)) as parts:
                async for part in parts:
                    text += part.message.content or ""
                    heard(len(text))
                    if len(text) > MAX_TEXT:
                        raise BadReply(f"{model} answered with more than {MAX_TEXT} characters")
                    if part.done:
                        return _reply(part, text, model, time.monotonic() - started)
    raise BadReply(f"the answer of {model} was cut off")


def _reply(last: ChatResponse, text: str, model: str, seconds: float) -> Reply:
    if last.done_reason == "length":
        raise BadReply(f"{model} did not finish its answer within the tokens it was given")
    # JSON can spell half a surrogate pair, which no file and no other JSON library can hold.
    whole = text.encode("utf-8", "replace").decode()
    return Reply(whole, last.prompt_eval_count, last.eval_count, seconds)


async def installed(host: str, *, within: float) -> tuple[str, ...]:
    """The names of the installed models, sorted; raises `ModelError` alone."""
    with _errors_as_ours(host, "the list of models"):
        async with asyncio.timeout(within), _client(host, within) as client:
            models = (await client.list()).models
    return tuple(sorted(found.model for found in models if found.model is not None))


@asynccontextmanager
async def _client(host: str, connect: float) -> AsyncGenerator[AsyncClient]:
    # One client per request: closing it closes the connection in whatever state it is, and
    # nothing outlives the event loop it was made on. No proxies, and no redirects, since both
    # would carry a prompt to a host that nobody allowed.
    client = AsyncClient(
        host,
        timeout=httpx.Timeout(None, connect=connect),
        trust_env=False,
        follow_redirects=False,
        # Loading the certificates of the world takes longer than a local connection.
        verify=host.startswith("https:") or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        headers={"accept-encoding": "identity"},
        event_hooks={"response": [_bound]},
    )
    try:
        yield client
    finally:
        await client.close()


async def _bound(response: httpx.Response) -> None:
    # A compressed answer could unpack to any size.
    if "content-encoding" in response.headers:
        raise BadReply("the server compressed its answer, which it was asked not to do")
    response.stream = _Bounded(cast("httpx.AsyncByteStream", response.stream))


class _Bounded(httpx.AsyncByteStream):
    """A stream that fails beyond `MAX_BYTES`, before anyone collects them into a line."""

    def __init__(self, stream: httpx.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._stream:
            size += len(chunk)
            if size > MAX_BYTES:
                raise BadReply(f"the server sent more than {MAX_BYTES} bytes")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


@contextmanager
def _errors_as_ours(host: str, model: str) -> Generator[None]:
    try:
        yield
    except (ConnectionError, httpx.ConnectError, httpx.ConnectTimeout, httpx.InvalidURL) as error:
        raise ModelUnavailable(f"no Ollama at {host}; start it with `ollama serve`") from error
    except (TimeoutError, httpx.TimeoutException) as error:
        raise ModelTimeout(f"{model} gave no whole answer in time") from error
    except httpx.TransportError as error:
        raise BadReply(f"the answer of {model} was cut off") from error
    except ResponseError as error:
        if error.status_code == 404:
            raise ModelMissing(f"{model} is not installed; run `ollama pull {model}`") from error
        said = visible(" ".join(str(error.error).split()))[:MAX_QUOTE]
        raise ModelRefused(f"Ollama refused ({error.status_code}): {said}") from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        # The client package reads each line as a JSON object without looking, so a line that is
        # something else ends in one of these.
        raise BadReply(f"{host} did not answer as Ollama does") from error
