"""Count what a model cost: calls, tokens, and how much of its prompts it had to read again.

A server keeps what it read in one slot, and spares the beginning that the next prompt shares with
the last one. Two shares say how well that goes, and they are no substitute for each other:
`reevaluated` is what a server reports in tokens, `unshared_characters` what the prompts would
allow at best, in characters, whoever answered them. `reevaluated` the function is the same as the
second for tokens, for whoever has the tokenizer.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from proactive_lsp.llm.model import Heard, Model, ModelError, Reply, Request, unheard


def reevaluated(sequences: Iterable[Sequence[object]]) -> float | None:
    """The share of all elements that one slot has to read anew, in [0, 1]; None without any.

    A sequence shares with the one sent before it their longest common beginning, and nothing with
    those before that. The first is read as a whole.

    >>> reevaluated(["abcd", "abcx"])
    0.625
    """
    total = fresh = 0
    last: Sequence[object] = ()
    for sequence in sequences:
        total += len(sequence)
        fresh += len(sequence) - _shared(last, sequence)
        last = sequence
    return fresh / total if total else None


class Usage(Struct, frozen=True):
    """What was asked of a model and what came of it; None is what nobody reported.

    `calls` were asked for, whether or not an answer came; `purposes` and `failed` count them by
    purpose and by kind of error, in order of their names. Tokens are sums over the answers that
    told them: `evaluated_tokens` of the prompts that no cache spared, `measured_tokens` all of the
    prompts which those are a part of. `characters` are those of all prompts, `unshared` those
    behind the beginning that a prompt shared with the one before. `loads` is how often the model
    was loaded.
    """

    calls: int = 0
    purposes: Mapping[str, int] = {}
    prompt_tokens: int | None = None
    answer_tokens: int | None = None
    evaluated_tokens: int | None = None
    measured_tokens: int = 0
    characters: int = 0
    unshared: int = 0
    cancelled: int = 0
    failed: Mapping[str, int] = {}
    loads: int | None = None

    @property
    def reevaluated(self) -> float | None:
        """Of the prompt tokens whose cost the server reported, the share it evaluated."""
        if self.evaluated_tokens is None or not self.measured_tokens:
            return None
        return self.evaluated_tokens / self.measured_tokens

    @property
    def unshared_characters(self) -> float | None:
        """Of the characters of all prompts, the share that the prompt before did not begin with."""
        return self.unshared / self.characters if self.characters else None


def total(usages: Iterable[Usage]) -> Usage:
    """The sum, field by field; None where all are None."""
    result = Usage()
    for one in usages:
        result = Usage(
            calls=result.calls + one.calls,
            purposes=_counted(result.purposes, one.purposes),
            prompt_tokens=_plus(result.prompt_tokens, one.prompt_tokens),
            answer_tokens=_plus(result.answer_tokens, one.answer_tokens),
            evaluated_tokens=_plus(result.evaluated_tokens, one.evaluated_tokens),
            measured_tokens=result.measured_tokens + one.measured_tokens,
            characters=result.characters + one.characters,
            unshared=result.unshared + one.unshared,
            cancelled=result.cancelled + one.cancelled,
            failed=_counted(result.failed, one.failed),
            loads=_plus(result.loads, one.loads),
        )
    return result


class MeteredModel:
    """A model whose use is counted; `usage` is what it came to so far.

    `loads` tells how often the model was loaded, where somebody knows. `reasons` has the latest
    message of each kind of error.
    """

    def __init__(self, model: Model, *, loads: Callable[[], int | None] = lambda: None) -> None:
        self._model = model
        self._loads = loads
        self._usage = Usage()
        self._last = ""
        self._answered_by: str | None = None
        self.reasons: dict[str, str] = {}

    @property
    def name(self) -> str:
        """The name of the model behind it."""
        return self._model.name

    @property
    def answered_by(self) -> str:
        """Who gave the latest answer; before any, the name of the model behind it."""
        return self._answered_by if self._answered_by is not None else self._model.name

    @property
    def usage(self) -> Usage:
        """Everything up to now."""
        return total((self._usage, Usage(loads=self._loads())))

    async def complete(self, request: Request, *, heard: Heard = unheard) -> Reply:
        """What the model behind it answers, counted."""
        prompt = _text(request)
        # Most of it is in the slot already; counted before the answer, since a cancelled
        # prompt was read as well.
        unshared = len(prompt) - _shared(self._last, prompt)
        self._last = prompt
        asked = Usage(
            calls=1, purposes={request.purpose: 1}, characters=len(prompt), unshared=unshared
        )
        try:
            reply = await self._model.complete(request, heard=heard)
        except asyncio.CancelledError:
            self._add(asked, Usage(cancelled=1))
            raise
        except ModelError as error:
            self.reasons[kind_of(error)] = str(error)
            self._add(asked, Usage(failed={kind_of(error): 1}))
            raise
        self._answered_by = self._model.name
        self._add(asked, _told(reply))
        return reply

    def _add(self, *more: Usage) -> None:
        self._usage = total((self._usage, *more))


def kind_of(error: ModelError | type[ModelError]) -> str:
    """The name of an error's class in lower case with hyphens.

    >>> kind_of(ModelError("…"))
    'model-error'
    """
    kind = error if isinstance(error, type) else type(error)
    return "-".join(re.findall("[A-Z][a-z]+", kind.__name__)).lower()


def _told(reply: Reply) -> Usage:
    evaluated, prompt = reply.evaluated_tokens, reply.prompt_tokens
    known = evaluated is not None and prompt is not None
    return Usage(
        prompt_tokens=prompt,
        answer_tokens=reply.answer_tokens,
        evaluated_tokens=evaluated if known else None,
        measured_tokens=prompt if known and prompt is not None else 0,
    )


def _text(request: Request) -> str:
    return "".join(f"{message.role}\n{message.content}\n" for message in request.messages)


def _shared(one: Sequence[object], other: Sequence[object]) -> int:
    """How many elements both begin with."""
    most = min(len(one), len(other))
    return next((at for at in range(most) if one[at] != other[at]), most)


def _plus(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return one if other is None else other
    return one + other


def _counted(one: Mapping[str, int], other: Mapping[str, int]) -> Mapping[str, int]:
    return dict(sorted((Counter(one) + Counter(other)).items()))
