"""What the server did, one JSON line each: for tests, which must not take the protocol's word.

None of it goes over HTTP, where Ollama has nothing like it.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct


class Load(Struct, frozen=True, tag=True):
    """Weights were read into memory for a context of so many tokens."""

    model: str
    num_ctx: int


class Unload(Struct, frozen=True, tag=True):
    """The memory was given back."""


class Chat(Struct, frozen=True, tag=True):
    """An answer, whole or not: what went in, what was in memory, what was computed.

    `answer` are the tokens that came out, `evaluated` those of the prompt that went through
    `llama_decode`, `left_out` the messages that did not fit. `reason` is "gone" where the client
    hung up.
    """

    prompt: tuple[int, ...]
    answer: tuple[int, ...]
    cached: int
    evaluated: int
    left_out: int
    reason: Literal["stop", "length", "gone"]


class Waited(Struct, frozen=True, tag=True):
    """A client hung up while its request stood in the queue; nothing was computed for it."""


Record = Load | Unload | Chat | Waited
_decoder = msgspec.json.Decoder(Record)


class Trace:
    """A file that grows; without a path nothing is written."""

    def __init__(self, path: Path | None) -> None:
        self._file = path.open("ab", buffering=0) if path is not None else None

    def note(self, record: Record) -> None:
        """Append one line."""
        if self._file is not None:
            self._file.write(msgspec.json.encode(record) + b"\n")


def read(path: Path) -> list[Record]:
    """All that was noted so far."""
    return [_decoder.decode(line) for line in path.read_bytes().splitlines()]


def expected(records: Iterable[Record]) -> list[int]:
    """How many tokens of each prompt had to be evaluated, by the token sequences alone.

    One slot holds one prefix: what the last request read and wrote. The last token of a prompt is
    evaluated always. What counts nothing is what the server said of its work.
    """
    held: Sequence[int] = ()
    owed: list[int] = []
    for record in records:
        match record:
            case Load() | Unload():
                held = ()
            case Chat(prompt=prompt, answer=answer):
                owed.append(len(prompt) - _same(held, prompt[:-1]))
                held = (*prompt, *answer)
            case Waited():
                pass
    return owed


def _same(held: Sequence[int], wanted: Sequence[int]) -> int:
    for number, (one, other) in enumerate(zip(held, wanted, strict=False)):
        if one != other:
            return number
    return min(len(held), len(wanted))
