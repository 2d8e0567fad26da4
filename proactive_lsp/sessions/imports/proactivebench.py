"""Read sessions of ProactiveBench (arXiv 2410.12361): events told as sentences, with proposals.

A file is a list of steps, `{"observation": {"time", "event"}, "agent_response", "task_status"}`, or
lines that hold a history each, `{"obs": [{"time", "event"}, …], "pred_task", …}`. Of a sentence
only that something was done to a file is an event of ours: nobody knows its text or its place.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from proactive_lsp.events import (
    BadPath,
    Event,
    FileOperation,
    Focus,
    Save,
    check_path,
)
from proactive_lsp.replay.session import MAX_LINE, SessionError
from proactive_lsp.sessions.imports.converting import BACKWARDS, Started
from proactive_lsp.sessions.imports.messages import Lost, as_list, as_object
from proactive_lsp.sessions.imports.text import text_lines

SENTENCES = "sentences that do nothing to a named file"
PROPOSALS = "proposals, which have no place in the code"
BROKEN = "steps without an observation"

# Histories are held until the last line, as it may have a longer one.
_MOST_HELD = 4 * MAX_LINE

_NAME = re.compile(r"'(?P<name>[^'\n]{1,200}\.[A-Za-z0-9_]{1,10})'")
# The first that fits; what was typed is a text of which nobody knows the place.
_DONE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(?:types?|typed|search(?:es|ed)?|pastes?|pasted)\b", re.IGNORECASE), ""),
    (re.compile(r"\bsave[sd]?\b", re.IGNORECASE), "save"),
    (re.compile(r"\bcreate[sd]?\b", re.IGNORECASE), "created"),
    (re.compile(r"\b(?:delete[sd]?|removes? the file)\b", re.IGNORECASE), "deleted"),
    (
        re.compile(
            r"\b(?:opens?|opened|works?|working|edits?|editing|views?|switch(?:es|ed)?|"
            r"returns?|navigates?|clicks?|scrolls?|modifies|reviews?)\b",
            re.IGNORECASE,
        ),
        "focus",
    ),
)


def is_bench(start: str) -> bool:
    """Whether a file begins like one of these; what stands there need not be whole."""
    return re.match(r'\s*(?:\[\s*)?\{\s*"(?:observation|obs)"\s*:', start) is not None


def read_bench(path: Path, lost: Lost) -> Iterator[Event | Started]:
    """The sessions of the file, one behind the other; of histories the longest of each session."""
    lost.note("sentences have no text: files are looked at and saved, and nothing is typed")
    for steps in _sessions(path, lost):
        yield Started("ProactiveBench", None)
        yield from _events(steps, lost)


def _sessions(path: Path, lost: Lost) -> Iterator[list[Any]]:
    lines = text_lines(path, lost)
    first = next(lines, "")
    if first.lstrip().startswith("["):
        text = "\n".join((first, *_bounded(path, lines)))
        steps = as_list(_parsed(text))
        if not steps:
            raise SessionError(f"{path}: no list of steps; is the file whole?")
        lost.add(PROPOSALS, sum(_proposals(as_object(step)) for step in steps))
        yield [as_object(step).get("observation") for step in steps]
        return
    # Every history begins with the same event and goes on a little further.
    longest: dict[str, list[Any]] = {}
    size = 0
    for line in (first, *lines):
        if not line.strip():
            continue
        history = as_list(as_object(_parsed(line)).get("obs"))
        if not history:
            lost.add("lines that do not parse")
            continue
        lost.add(PROPOSALS)
        key = str(history[0])
        if len(history) > len(longest.get(key, ())):
            longest[key] = history
            size += len(line)
            if size > _MOST_HELD:
                raise SessionError(f"{path}: more than {_MOST_HELD >> 20} MiB; split it first")
    yield from longest.values()


def _bounded(path: Path, lines: Iterator[str]) -> Iterator[str]:
    size = 0
    for line in lines:
        size += len(line)
        if size > MAX_LINE:
            raise SessionError(f"{path}: more than {MAX_LINE >> 20} MiB for one session")
        yield line


def _proposals(step: dict[str, Any]) -> int:
    response = step.get("agent_response")
    return len(as_list(response) or as_list(as_object(response).get("candidate_task")))


def _events(observations: list[Any], lost: Lost) -> Iterator[Event]:
    zero: float | None = None
    last = 0.0
    for each in map(as_object, observations):
        sentence = each.get("event")
        if not isinstance(sentence, str):
            lost.add(BROKEN)
            continue
        time = _time(each.get("time"))
        if time is not None:
            zero = time if zero is None else zero
            since = round(time - zero, 3)
            if since < last:
                lost.add(BACKWARDS)
            last = max(last, since)
        event = _event(last, sentence[:2_000])
        if event is None:
            lost.add(SENTENCES)
        else:
            yield event


def _event(t: float, sentence: str) -> Event | None:
    named = _NAME.search(sentence)
    done = next((word for pattern, word in _DONE if pattern.search(sentence)), "")
    if named is None or not done:
        return None
    try:
        path = check_path(named["name"].strip())
    except BadPath:
        return None
    if done == "save":
        return Save(t, path)
    if done == "created":
        return FileOperation(t, "created", path)
    return FileOperation(t, "deleted", path) if done == "deleted" else Focus(t, path)


def _time(value: object) -> float | None:
    try:
        time = float(value) if isinstance(value, (str, int, float)) else None
    except ValueError:
        return None
    # Neither infinite nor no number, and no farther than people count years.
    return time if time is not None and 0 <= time < 1e12 else None


def _parsed(text: str) -> object:
    try:
        value: object = msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError, UnicodeEncodeError):
        return None
    return value
