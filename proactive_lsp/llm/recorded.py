"""A model that repeats what another one answered, so that a replay needs no server.

The answers of a session are one JSON object: which request it was → what came of it.

    {
      "predicted/predict#1": {
        "prompt": "0d1f6c2ab9e35d70",
        "model": "qwen2.5-coder:3b",
        "text": "{\\"purpose\\": …}",
        "prompt_tokens": 1480,
        "answer_tokens": 92,
        "evaluated_tokens": 310
      },
      "predicted/predict#2": {
        "prompt": "93b4e6f0a7d5118c",
        "model": "qwen2.5-coder:3b",
        "failed": {"kind": "model-timeout", "text": "…"}
      }
    }

A key is what the request was about, its purpose, and how many of these there were by then. Of a
prompt only the hash is kept, and no time, since both would make two recordings differ or tell what
nobody asked to be told. Objects stand in the order of their keys' parts, so that `#10` follows
`#9`.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from proactive_lsp.llm import model as errors
from proactive_lsp.llm.model import Heard, Model, ModelError, Reply, Request, unheard
from proactive_lsp.llm.usage import kind_of

Count = Annotated[int, Meta(ge=0)]

ERRORS: dict[str, type[ModelError]] = {
    kind_of(found): found
    for found in vars(errors).values()
    if isinstance(found, type) and issubclass(found, ModelError)
}
"""The errors that can be recorded, by their names in the file."""


class NotRecorded(errors.ModelUnavailable):
    """Nobody recorded an answer to this request."""


class BadAnswersError(ValueError):
    """A file that holds no recorded answers; one line that names it and the reason."""


class Failed(Struct, frozen=True, forbid_unknown_fields=True):
    """The error that came in place of an answer."""

    kind: str
    text: str


class Recorded(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What came of one request: a text, or an error; and the hash of the prompt it was given to."""

    prompt: str
    model: str
    text: str | None = None
    prompt_tokens: Count | None = None
    answer_tokens: Count | None = None
    evaluated_tokens: Count | None = None
    logprobs: dict[str, float] | None = None
    failed: Failed | None = None


Answers = Mapping[str, Recorded]


class RecordedModel:
    """Gives the recorded answers; with a `live` model, asks that one for what is not there.

    Without it, a request gets the answer of its key whatever its prompt, and `drifted` counts
    those that were given to another prompt; one without an answer raises `NotRecorded`. With it,
    answers to other prompts, failures and what is missing are asked for anew. `asked` has what
    was given in this run, by key: the answers to keep.
    """

    def __init__(self, answers: Answers, live: Model | None = None) -> None:
        self._answers = answers
        self._live = live
        self._asked: dict[str, Recorded] = {}
        self._counts: Counter[str] = Counter()
        self._latest = next(iter(answers.values()), None) if live is None else None
        self.drifted = self.missing = self.kept = 0

    @property
    def name(self) -> str:
        """Who gave the latest answer; before any, who is going to."""
        if self._latest is not None:
            return self._latest.model
        return self._live.name if self._live is not None else "the local model"

    @property
    def asked(self) -> Answers:
        """What was given in this run, in the order of the file."""
        return {key: self._asked[key] for key in sorted(self._asked, key=_order)}

    async def complete(self, request: Request, *, heard: Heard = unheard) -> Reply:
        """The recorded reply or error, else the live one's; cancelled, nothing is recorded."""
        # The number is taken before the answer: a cancelled request was one of them, too.
        stem = f"{request.about}/{request.purpose}"
        self._counts[stem] += 1
        key, prompt = f"{stem}#{self._counts[stem]}", prompt_hash(request)
        found = self._answers.get(key)
        if self._live is not None:
            if found is None or found.prompt != prompt or found.failed is not None:
                found = await _ask(self._live, request, prompt, heard)
            else:
                self.kept += 1
        elif found is None:
            self.missing += 1
            raise NotRecorded("no answer is recorded for this request")
        else:
            self.drifted += found.prompt != prompt
        self._asked[key] = self._latest = found
        return _reply(found)


def prompt_hash(request: Request) -> str:
    """16 hex digits of all that is sent; what the request is about and for is not."""
    sent = msgspec.structs.replace(request, about="", purpose="predict")
    return hashlib.sha256(msgspec.json.encode(sent, order="sorted")).hexdigest()[:16]


def read_answers(path: Path) -> Answers | None:
    """The answers of a file, None where there is none; raises `BadAnswersError`."""
    try:
        answers = msgspec.json.decode(path.read_bytes(), type=dict[str, Recorded])
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BadAnswersError(f"{path}: cannot read it: {error.strerror}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        reason = " ".join(str(error).replace("`", "").split())
        raise BadAnswersError(f"{path}: no recorded answers: {reason}") from error
    for key, answer in answers.items():
        if problem := _problem(key, answer):
            raise BadAnswersError(f"{path}: no recorded answers: {problem} at {key!r}")
    return answers


def encode_answers(answers: Answers) -> bytes:
    """The whole file; the same answers make the same bytes."""
    return msgspec.json.format(msgspec.json.encode(answers), indent=2) + b"\n"


async def _ask(live: Model, request: Request, prompt: str, heard: Heard) -> Recorded:
    try:
        reply = await live.complete(request, heard=heard)
    except ModelError as error:
        kind = next(kind_of(each) for each in type(error).__mro__ if kind_of(each) in ERRORS)
        return Recorded(prompt, live.name, failed=Failed(kind, str(error)))
    return Recorded(
        prompt,
        live.name,
        text=reply.text,
        prompt_tokens=reply.prompt_tokens,
        answer_tokens=reply.answer_tokens,
        evaluated_tokens=reply.evaluated_tokens,
        logprobs=dict(sorted(reply.logprobs.items())) if reply.logprobs is not None else None,
    )


def _reply(found: Recorded) -> Reply:
    if found.failed is not None:
        raise ERRORS[found.failed.kind](found.failed.text)
    return Reply(
        found.text or "",
        found.prompt_tokens,
        found.answer_tokens,
        evaluated_tokens=found.evaluated_tokens,
        logprobs=found.logprobs,
    )


def _problem(key: str, answer: Recorded) -> str | None:
    if re.fullmatch(r"(?s:.*)/[a-z]+#[1-9][0-9]*", key) is None:
        return "a key that names no request"
    if (answer.text is None) == (answer.failed is None):
        return "neither a text nor an error, or both,"
    if answer.failed is not None and answer.failed.kind not in ERRORS:
        return f"an unknown error {answer.failed.kind!r}"
    return None


def _order(key: str) -> tuple[str, int]:
    stem, _, number = key.rpartition("#")
    return stem, int(number)
