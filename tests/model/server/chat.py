"""`POST /api/chat`: docs/api.md, "Generate a chat completion"."""

import asyncio
import codecs
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct

from tests.model.server.grammar import NotSpoken, grammar
from tests.model.server.http import Answer, Refused
from tests.model.server.loaded import Memory, Turn, seconds
from tests.model.server.models import Models
from tests.model.server.prompt import Message, Prompt, TooLong, prompt
from tests.model.server.runner import Choice, Stop, Stopped, Token
from tests.model.server.trace import Chat, Trace


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    """docs/modelfile.mdx, "Valid Parameters and Values", with Ollama's defaults."""

    num_ctx: int = 4096
    num_predict: int = -1
    temperature: float = 0.8
    seed: int = 0


class ChatRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """The fields of docs/api.md, "Generate a chat completion", that our client sends.

    `think` is docs/capabilities/thinking.mdx; `logprobs`, `top_logprobs` and `truncate`
    are those of docs/openapi.yaml, ChatRequest.
    """

    model: str = ""
    messages: tuple[Message, ...] = ()
    tools: tuple[()] = ()
    stream: bool = True
    think: bool | Literal["low", "medium", "high"] | None = None
    format: Mapping[str, Any] | None = None
    options: Options = Options()
    keep_alive: float | str | None = None
    logprobs: bool = False
    top_logprobs: int = 0
    truncate: bool = True


class Part(Struct):
    """Text that came, with the tokens that it came from."""

    text: str
    tokens: list[Token]


async def chat(
    asked: ChatRequest, answer: Answer, *, models: Models, memory: Memory, trace: Trace
) -> None:
    """Answer as a stream, or at once with `stream` off."""
    if not asked.model:
        raise Refused(400, "model is required")
    if not 0 <= asked.top_logprobs <= 20:
        raise Refused(400, "top_logprobs must be between 0 and 20")
    path = models.find(asked.model)
    if path is None:
        raise Refused(404, f"model '{asked.model}' not found")
    # docs/capabilities/thinking.mdx: only models that list the capability think.
    if asked.think:
        raise Refused(400, f'"{asked.model}" does not support thinking')
    keep_alive = seconds(asked.keep_alive)
    if not asked.messages and keep_alive == 0:
        # docs/api.md, "Unload a model".
        await memory.unload(path)
        await answer.whole({**_head(asked), "done": True, "done_reason": "unload"})
        return
    # More than it was trained for is not given to a model.
    num_ctx = min(asked.options.num_ctx, models.weights.context_length)
    choice = _choice(asked)
    began = time.monotonic()
    async with memory.turn(asked.model, path, num_ctx, keep_alive) as turn:
        if not asked.messages:
            # docs/api.md, "Load a model".
            await answer.whole({**_head(asked), "done": True, "done_reason": "load"})
            return
        template = models.weights.template
        try:
            told = prompt(
                asked.messages,
                template=template,
                tokens=turn.runner.tokens,
                num_ctx=num_ctx,
                truncate=asked.truncate,
            )
        except TooLong as error:
            raise Refused(400, "the input length exceeds the context length") from error
        work = _Work(asked, choice, told, turn)
        texts: list[str] = []
        tokens: list[Token] = []
        try:
            async with aclosing(work.parts(memory)) as parts:
                async for part in parts:
                    if asked.stream:
                        said = {**_head(asked, part.text), **_logprobs(asked, part.tokens)}
                        await answer.line({**said, "done": False})
                    texts.append(part.text)
                    tokens += part.tokens
        except (asyncio.CancelledError, ConnectionError):
            trace.note(work.record("gone"))
            raise
        trace.note(work.record(work.reason))
    counts = work.counts(time.monotonic() - began)
    if asked.stream:
        await answer.line({**_head(asked), **counts})
        await answer.end()
    else:
        await answer.whole({**_head(asked, "".join(texts)), **_logprobs(asked, tokens), **counts})


class _Work:
    """One prompt and its answer, computed in the thread of the model."""

    def __init__(self, asked: ChatRequest, choice: Choice, told: Prompt, turn: Turn) -> None:
        self.reason: Literal["stop", "length"] = "stop"
        self._asked = asked
        self._choice = choice
        self._told = told
        self._turn = turn
        self._tokens: list[int] = []
        self._cached = 0
        self._evaluated = 0
        self._prompt_seconds = 0.0
        self._answer_seconds = 0.0

    async def parts(self, memory: Memory) -> AsyncGenerator[Part]:
        """The answer as it comes. Leaving stops the work before the next batch or token."""
        loop = asyncio.get_running_loop()
        parts: asyncio.Queue[Part | None] = asyncio.Queue()

        def compute(stop: Stop) -> None:
            try:
                self._compute(stop, lambda part: loop.call_soon_threadsafe(parts.put_nowait, part))
            except Stopped:
                pass
            finally:
                loop.call_soon_threadsafe(parts.put_nowait, None)

        computing = asyncio.ensure_future(memory.apart(compute))
        try:
            while (part := await parts.get()) is not None:
                yield part
            await computing
        finally:
            computing.cancel()
            await asyncio.wait((computing,))

    def _compute(self, stop: Stop, tell: Any) -> None:
        runner, before = self._turn.runner, self._turn.runner.evaluated
        began = time.monotonic()
        try:
            self._cached = runner.read(self._told.tokens, stop)
        finally:
            # What was evaluated before the client hung up was evaluated too.
            self._evaluated = runner.evaluated - before
            self._prompt_seconds = time.monotonic() - began
        began = time.monotonic()
        top = self._asked.top_logprobs if self._asked.logprobs else None
        most = self._asked.options.num_predict
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        pending: list[Token] = []
        for token in runner.answer(self._choice, top, stop):
            self._tokens.append(token.id)
            pending.append(token)
            # A character may take several tokens.
            if text := decode(token.piece):
                tell(Part(text, pending))
                pending = []
            if len(self._tokens) == most or runner.full:
                self.reason = "length"
                break
        if pending:
            tell(Part(decode(b"", final=True), pending))
        self._answer_seconds = time.monotonic() - began

    def record(self, reason: Literal["stop", "length", "gone"]) -> Chat:
        return Chat(
            prompt=tuple(self._told.tokens),
            answer=tuple(self._tokens),
            cached=self._cached,
            evaluated=self._evaluated,
            left_out=self._told.left_out,
            reason=reason,
        )

    def counts(self, total: float) -> dict[str, Any]:
        """The closing line; durations are nanoseconds (docs/api.md, "Durations")."""
        return {
            "done": True,
            "done_reason": self.reason,
            "total_duration": _ns(total),
            "load_duration": _ns(self._turn.load_seconds),
            # docs/api/usage.mdx: the whole prompt, and what of it the cache spared.
            "prompt_eval_count": len(self._told.tokens),
            "prompt_eval_cached_count": len(self._told.tokens) - self._evaluated,
            "prompt_eval_duration": _ns(self._prompt_seconds),
            "eval_count": len(self._tokens),
            "eval_duration": _ns(self._answer_seconds),
        }


def _choice(asked: ChatRequest) -> Choice:
    try:
        rules = grammar(asked.format) if asked.format is not None else None
    except NotSpoken as error:
        raise Refused(501, str(error)) from error
    return Choice(asked.options.temperature, asked.options.seed, rules)


def _head(asked: ChatRequest, text: str = "") -> dict[str, Any]:
    return {
        "model": asked.model,
        "created_at": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        "message": {"role": "assistant", "content": text},
    }


def _logprobs(asked: ChatRequest, tokens: list[Token]) -> dict[str, Any]:
    if not asked.logprobs:
        return {}

    def told(token: Token) -> dict[str, Any]:
        text = token.piece.decode("utf-8", "replace")
        return {"token": text, "logprob": token.logprob, "bytes": list(token.piece)}

    return {
        "logprobs": [
            told(token) | ({"top_logprobs": [told(one) for one in token.top]} if token.top else {})
            for token in tokens
        ]
    }


def _ns(seconds: float) -> int:
    return int(seconds * 1e9)


def decoded(body: bytes) -> ChatRequest:
    """The request; raises `Refused` for what is no such request or more than is spoken here."""
    try:
        return msgspec.json.decode(body, type=ChatRequest)
    except msgspec.ValidationError as error:
        # Ollama ignores fields that it does not know. Here nobody is to rely on that.
        status = 501 if "unknown field" in str(error) else 400
        raise Refused(status, str(error)) from error
    except msgspec.DecodeError as error:
        raise Refused(400, str(error)) from error
