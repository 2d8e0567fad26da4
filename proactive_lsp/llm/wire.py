"""The requests themselves. Importing this loads the `ollama` package and httpx: see `reach.py`.

Chat and pull go through Ollama's own client. What is asked about a server before goes through
httpx alone: the client (0.6.3) has no call for the version and leaves out fields of the others.
"""

import asyncio
import json
import math
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Any, TypeVar, cast

import httpx
import msgspec
from msgspec import Struct
from ollama import AsyncClient, ChatResponse, ProgressResponse

from proactive_lsp.llm.faults import errors_as_ours, of_status, said_in, short
from proactive_lsp.llm.model import (
    BadReply,
    Heard,
    ModelRefused,
    PromptTooLong,
    Reply,
    Request,
    unheard,
)
from proactive_lsp.llm.pulling import PullProgress
from proactive_lsp.llm.reach import Line
from proactive_lsp.llm.transport import Transport

MAX_TEXT = 64 * 1024
"""Characters of an answer beyond which we stop reading."""

TOP_LOGPROBS = 20
"""Alternatives of a token to ask for: as many as the server gives (0 to 20, its api/types.go)."""

_T = TypeVar("_T", bound=Struct)


class Asking(Struct, frozen=True):
    """What all requests to one model have in common; `within` and `stall` are seconds.

    `within` is for everything together, `stall` from one word to the next.
    """

    model: str
    num_ctx: int
    keep_alive: str
    within: float
    stall: float
    thinks: bool = False


async def chat(line: Line, request: Request, asking: Asking, *, heard: Heard = unheard) -> Reply:
    """The whole answer, read as a stream so that leaving closes it; raises `ModelError` alone.

    Ollama's docs/api.md, "Generate a chat completion".
    """
    started = time.monotonic()
    text = ""
    first: Mapping[str, float] | None = None
    model = asking.model
    with errors_as_ours(line.url, model):
        async with (
            asyncio.timeout(asking.within),
            # A prompt that does not fit is an error then, and not cut from its beginning.
            _client(line, extra={"truncate": False}) as (client, transport),
            asyncio.timeout(None) as stall,
            aclosing(await _stream(client, request, asking)) as parts,
        ):
            async for part in parts:
                if part.message.content:
                    text += part.message.content
                    heard(len(text))
                if len(text) > MAX_TEXT:
                    raise BadReply(f"{model} answered with more than {MAX_TEXT} characters")
                if request.choices and first is None:
                    first = _first_token(part)
                if part.done:
                    seconds = time.monotonic() - started
                    counts = _counts(part, transport.tail)
                    return _reply(part, text, counts, first, request, asking, seconds)
                if text:
                    # Loading and reading the prompt may take long; once words come, they come
                    # steadily.
                    stall.reschedule(asyncio.get_running_loop().time() + asking.stall)
    raise BadReply(f"the answer of {model} was cut off")


async def _stream(
    client: AsyncClient, request: Request, asking: Asking
) -> AsyncGenerator[ChatResponse]:
    # Its annotation of the tools, which we do not use, has a Callable without arguments.
    stream = await client.chat(  # pyright: ignore[reportUnknownMemberType]
        model=asking.model,
        messages=[{"role": m.role, "content": m.content} for m in request.messages],
        stream=True,
        # A model that can think does so when nothing is said; for the others "think" is no word.
        think=False if asking.thinks else None,
        format=dict(request.schema) if request.schema is not None else None,
        logprobs=True if request.choices else None,
        top_logprobs=TOP_LOGPROBS if request.choices else None,
        options={
            "num_ctx": asking.num_ctx,
            "num_predict": request.max_tokens,
            "temperature": request.temperature,
            "seed": request.seed,
        },
        keep_alive=keep_alive(asking.keep_alive),
    )
    return cast("AsyncGenerator[ChatResponse]", stream)


def keep_alive(setting: str) -> str | float:
    """Ollama reads a number as seconds and a text as a duration with a unit (docs/faq.mdx)."""
    try:
        number = float(setting)
    except ValueError:
        return setting
    return number if math.isfinite(number) else setting


class _Counts(Struct, frozen=True):
    prompt: int | None
    evaluated: int | None
    answer: int | None

    @property
    def cost(self) -> int:
        """The part of the prompt that no cache spared, and what was written."""
        read = self.prompt if self.evaluated is None else self.evaluated
        return (read or 0) + (self.answer or 0)


def _counts(last: ChatResponse, tail: bytes) -> _Counts:
    prompt, answer = _count(last.prompt_eval_count), _count(last.eval_count)
    cached = _count(_last_line(tail).get("prompt_eval_cached_count"))
    if prompt is None or cached is None or cached > prompt:
        return _Counts(prompt, None, answer)
    return _Counts(prompt, prompt - cached, answer)


def _last_line(tail: bytes) -> Mapping[str, Any]:
    """The line that ends an answer, once more as JSON."""
    for line in reversed(tail.splitlines()):
        try:
            found: object = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict) and cast("dict[str, Any]", found).get("done") is True:
            return cast("dict[str, Any]", found)
    return {}


def _count(number: object) -> int | None:
    return number if type(number) is int and number >= 0 else None


def _first_token(part: ChatResponse) -> Mapping[str, float] | None:
    """The likeliest tokens at the first place where something is written, None before it."""
    for token in part.logprobs or ():
        if token.token.strip():
            others = token.top_logprobs or (token,)
            return {t.token: min(t.logprob, 0.0) for t in others if not math.isnan(t.logprob)}
    return None


def chosen(choices: tuple[str, ...], first: Mapping[str, float]) -> Mapping[str, float]:
    """For each choice the likeliest first token that it can begin with.

    Case and the space before a word do not count, so " Yes" and "y" both begin "yes". A choice
    that none of the likeliest tokens begins is left out.
    """
    found: dict[str, float] = {}
    for choice in choices:
        begins = [
            logprob
            for token, logprob in first.items()
            if token.strip() and choice.strip().lower().startswith(token.strip().lower())
        ]
        if begins:
            found[choice] = max(begins)
    return found


def _reply(
    last: ChatResponse,
    text: str,
    counts: _Counts,
    first: Mapping[str, float] | None,
    request: Request,
    asking: Asking,
    seconds: float,
) -> Reply:
    model = asking.model
    if counts.prompt is not None and counts.prompt >= asking.num_ctx:
        raise PromptTooLong(
            f"the prompt was cut to the {asking.num_ctx} tokens that {model} reads at once",
            counts.cost,
        )
    # Whoever asks for a choice wants its first token and gives no room for a whole answer.
    if last.done_reason == "length" and not request.choices:
        said = f"{model} did not finish its answer within the tokens it was given"
        raise BadReply(said, counts.cost)
    if not text.strip():
        raise BadReply(f"{model} answered with nothing", counts.cost)
    return Reply(
        # JSON can spell half a surrogate pair, which no file and no other JSON library can hold.
        text.encode("utf-8", "replace").decode(),
        counts.prompt,
        counts.answer,
        seconds,
        counts.evaluated,
        chosen(request.choices, first) if first is not None else None,
    )


async def ask(
    line: Line, path: str, shape: type[_T], *, within: float, body: Mapping[str, Any] | None = None
) -> _T:
    """The answer to GET, or with a body to POST; raises `ModelError` alone."""
    with errors_as_ours(line.url, "the server"):
        transport = Transport(line.url, headers=line.headers, proxy=line.proxy)
        async with (
            asyncio.timeout(within),
            httpx.AsyncClient(
                transport=transport,
                timeout=httpx.Timeout(None, connect=line.connect),
                headers={**line.headers, "accept-encoding": "identity"},
                trust_env=False,
                follow_redirects=False,
            ) as client,
        ):
            method = "GET" if body is None else "POST"
            response = await client.request(method, line.url + path, json=body)
            if response.status_code != 200:
                said = said_in(response.content)
                raise of_status(response.status_code, said, line.url, "the server")
            return msgspec.json.decode(response.content, type=shape)


async def pull(line: Line, name: str, tell: Callable[[PullProgress], None], stall: float) -> None:
    """Download a model, to the end; raises `ModelError` alone. docs/api.md, "Pull a Model".

    It takes as long as it takes, but no longer than `stall` seconds from one line to the next.
    """
    status = ""
    with errors_as_ours(line.url, "the server"):
        async with (
            _client(line, bounded=False) as (client, _),
            asyncio.timeout(stall) as patience,
        ):
            stream = cast("AsyncGenerator[ProgressResponse]", await client.pull(name, stream=True))
            async with aclosing(stream) as parts:
                async for part in parts:
                    status = short(part.status or "")
                    tell(PullProgress(status, _count(part.completed), _count(part.total)))
                    patience.reschedule(asyncio.get_running_loop().time() + stall)
    if status != "success":
        raise ModelRefused(f"{name} was not pulled to the end; try again, it goes on from there")


@asynccontextmanager
async def _client(
    line: Line, *, extra: Mapping[str, Any] | None = None, bounded: bool = True
) -> AsyncGenerator[tuple[AsyncClient, Transport]]:
    # One client per request: closing it closes the connection in whatever state it is, and
    # nothing outlives the event loop it was made on. No redirects, which would carry a prompt to
    # a host that nobody allowed.
    transport = Transport(
        line.url, headers=line.headers, proxy=line.proxy, extra=extra, bounded=bounded
    )
    client = AsyncClient(
        line.url,
        timeout=httpx.Timeout(None, connect=line.connect),
        transport=transport,
        trust_env=False,
        follow_redirects=False,
        headers={**line.headers, "accept-encoding": "identity"},
    )
    try:
        yield client, transport
    finally:
        await client.close()
