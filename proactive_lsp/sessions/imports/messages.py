"""What every reader of foreign traffic yields, and the count of what had to be left out."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, cast

from msgspec import Struct

MOST_METHODS = 1_000
DID_CHANGE = "textDocument/didChange"
# The method of a message of which only that is known: some document was edited, nobody knows how.
LOST_EDIT = "lost edit"


class Message(Struct, frozen=True):
    """One message of the protocol as it went over the wire, whoever sent it.

    `t` is in seconds of a clock of the recording, None where that tells no time; `method` is ""
    for a response, `body` its result or the parameters of what was asked.
    """

    t: float | None
    method: str
    id: object
    body: object


class Lost:
    """How much could not become an event, by reason."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self.notes: dict[str, None] = {}

    def note(self, text: str) -> None:
        """Say once what holds for all of it."""
        self.notes[text] = None

    def add(self, reason: str, number: int = 1) -> None:
        """Count it; reasons beyond any sense are counted together."""
        if not number:
            return
        if reason not in self._counts and len(self._counts) >= MOST_METHODS:
            reason = "other reasons"
        self._counts[reason] += number

    def told(self) -> Iterator[tuple[str, int]]:
        """Each reason with its number, the most frequent first."""
        yield from sorted(self._counts.items(), key=lambda each: (-each[1], each[0]))


def message_of(value: object, t: float | None) -> Message | None:
    """The message in an object of JSON-RPC; None when it is none."""
    if not isinstance(value, dict):
        return None
    fields = cast("dict[str, Any]", value)
    method = fields.get("method")
    if isinstance(method, str):
        return Message(t, method, fields.get("id"), fields.get("params"))
    if "result" in fields or "error" in fields:
        return Message(t, "", fields.get("id"), fields.get("result"))
    return None


def as_object(value: object) -> dict[str, Any]:
    """A JSON object as a dictionary; empty for anything else."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """A JSON array as a list; empty for anything else."""
    return cast("list[Any]", value) if isinstance(value, list) else []
