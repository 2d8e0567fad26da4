"""Read what VS Code's language client writes with `trace.server` set to `verbose`.

Three spellings, by the source of vscode-languageclient and vscode-jsonrpc: up to version 9

    [Trace - 10:12:13 AM] Sending notification 'textDocument/didSave'.
    Params: {
        "textDocument": …
    }

with the time of day as the user's language has it; from version 10 on the same text behind the
stamp of a log channel, `2026-11-28 10:12:13.123 [trace] `; and with the format `json` one object a
line behind either, or behind nothing in files made for the LSP Inspector.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from proactive_lsp.replay.session import MAX_LINE
from proactive_lsp.sessions.imports.messages import (
    DID_CHANGE,
    LOST_EDIT,
    Lost,
    Message,
    as_object,
    message_of,
)
from proactive_lsp.sessions.imports.text import BEGINNING, text_lines

_HEAD = re.compile(
    r"\[(?P<kind>[A-Z][A-Za-z]+) *- (?P<clock>[^\]]{1,40})\] (?P<text>.*)"
    r"|(?P<stamp>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.,]\d{3}) \[(?P<level>[a-z]+)\] (?P<logged>.*)"
    r"|(?P<bare>\{\"isLSPMessage\".*)",
    re.DOTALL,
)
_SAID = re.compile(
    r"(?:Sending|Received) (?:(?P<what>request|notification|response) )"
    r"'(?P<method>[^']{1,200})'"
)
_ID = re.compile(r" - \((?P<id>.*)\)$")
_CLOCK = re.compile(r"(\d{1,2})[:.\u0589h](\d\d)[:.\u0589m](\d\d)")
_AFTERNOON = re.compile(
    r"p\.?\s?m|\u4e0b\u5348|\uc624\ud6c4|\u5348\u5f8c|\u03bc\u03bc", re.IGNORECASE
)
_FORENOON = re.compile(
    r"a\.?\s?m|\u4e0a\u5348|\uc624\uc804|\u5348\u524d|\u03c0\u03bc", re.IGNORECASE
)
_DATA = ("Params: ", "Result: ")
DAY = 86_400.0

_decoder = json.JSONDecoder()


def is_trace(start: str) -> bool:
    """Whether a line of the file begins a traced message."""
    head = _HEAD.match(start)
    return head is not None and (head["bare"] is not None or _body_of(head) is not None)


def read_trace(path: Path, lost: Lost) -> Iterator[Message]:
    """The messages in the order they were traced; what does not parse is counted.

    Times are seconds since an arbitrary day; those of day are carried on past midnight.
    """
    clock = _Clock(lost)
    head: re.Match[str] | None = None
    block: list[str] = []
    size = 0
    for line in text_lines(path, lost):
        found = _HEAD.match(line)
        if found is None:
            size += len(line)
            if size <= MAX_LINE:
                block.append(line)
            continue
        if head is not None:
            yield from _message(head, block, size, clock, lost)
        head, block, size = found, [], 0
    if head is not None:
        yield from _message(head, block, size, clock, lost)


def _body_of(head: re.Match[str]) -> str | None:
    """What was logged at the level of traces; None for anything else in the channel."""
    if head["bare"] is not None:
        return head["bare"]
    if head["kind"] is not None:
        return head["text"] if head["kind"] in ("Trace", "LSP") else None
    return head["logged"] if head["level"] == "trace" else None


def _message(
    head: re.Match[str], block: list[str], size: int, clock: "_Clock", lost: Lost
) -> Iterator[Message]:
    body = _body_of(head)
    if body is None:
        lost.add("other output in the channel")
        return
    if size > MAX_LINE:
        lost.add(f"messages longer than {MAX_LINE >> 20} MiB")
        yield from _lost_edit(body, clock.read(head))
        return
    t = clock.read(head)
    message = (
        _from_json(body, t) if body.startswith("{") else _from_text(head, body, block, t, lost)
    )
    if message is not None:
        yield message
    elif body.startswith("{") or _SAID.match(body):
        lost.add("messages that do not parse")
        yield from _lost_edit(body, t)
    else:
        lost.add("other output in the channel")


def _lost_edit(body: str, t: float | None) -> Iterator[Message]:
    if DID_CHANGE in body[:BEGINNING]:
        yield Message(t, LOST_EDIT, None, None)


def _from_json(body: str, t: float | None) -> Message | None:
    value = as_object(_parsed(body))
    stamp = value.get("timestamp")
    if isinstance(stamp, (int, float)) and 0 < stamp < 1e15:
        t = stamp / 1_000
    return message_of(value.get("message"), t)


def _from_text(
    head: re.Match[str], body: str, block: list[str], t: float | None, lost: Lost
) -> Message | None:
    said = _SAID.match(body)
    if said is None:
        return None
    data: Any = None
    start = next((n for n, line in enumerate(block) if line.startswith(_DATA)), None)
    if start is not None:
        # What a program printed meanwhile may stand behind, never inside.
        data = _parsed("\n".join(block[start:]).partition(": ")[2])
        if data is None:
            return None
    elif said["what"] == "notification" and not any(block):
        lost.add("messages without their parameters; trace with `verbose`")
        return None
    if head["clock"] is not None:
        lost.note("times are whole seconds, as VS Code wrote them")
    method = said["method"]
    id: object = None
    if said["what"] != "notification" and (found := _ID.search(method)):
        method, id = method[: found.start()], found["id"]
    if said["what"] == "response":
        return Message(t, "", id, data)
    return Message(t, method, id, data)


def _parsed(text: str) -> object:
    """The value that the text begins with; None when there is none."""
    try:
        value: object = _decoder.raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None
    return value


class _Clock:
    """Times of day as seconds that go on: a step back by half a turn of the clock is the next."""

    def __init__(self, lost: Lost) -> None:
        self._lost = lost
        self._turns = 0.0
        self._last: float | None = None
        # Without a word for forenoon or afternoon, hours up to 12 may mean either.
        self._twelve = True

    def read(self, head: re.Match[str]) -> float | None:
        if head["stamp"] is not None:
            stamp = head["stamp"].replace(",", ".")
            try:
                return datetime.fromisoformat(stamp).replace(tzinfo=UTC).timestamp()
            except ValueError:
                return self._unread()
        if head["clock"] is None:
            return None
        found = _CLOCK.search(head["clock"])
        if found is None:
            return self._unread()
        hours, minutes, seconds = map(int, found.groups())
        if _AFTERNOON.search(head["clock"]):
            hours, self._twelve = hours % 12 + 12, False
        elif _FORENOON.search(head["clock"]):
            hours, self._twelve = hours % 12, False
        elif hours == 0 or hours > 12:
            self._twelve = False
        t = hours * 3_600.0 + minutes * 60 + seconds
        turn = DAY / 2 if self._twelve else DAY
        if self._last is not None and self._last - t > turn / 2:
            self._turns += turn
        self._last = t
        return self._turns + t

    def _unread(self) -> None:
        self._lost.add("times that cannot be read; these messages have the time of the one before")
