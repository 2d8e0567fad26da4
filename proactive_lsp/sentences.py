"""Tell an event as short sentences, in the form of arXiv 2410.12361.

What comes from files and tools is marked as data: a line of it stands behind a bar, a word of it
in double quotes, and neither can leave its mark.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import assert_never

import msgspec

from proactive_lsp.events import (
    Answer,
    Change,
    Close,
    Command,
    Diagnostics,
    Edit,
    Event,
    FileOperation,
    Focus,
    Git,
    Open,
    Range,
    Save,
    SuggestionEvent,
    TestResult,
)
from proactive_lsp.llm.visible import visible
from proactive_lsp.workspace.documents import bare, split_lines

QUOTE_CHARS = 120
LINE_CHARS = 200
EVENT_LINES = 5


def sentence(event: Event, offers: Mapping[str, SuggestionEvent]) -> str:
    """What happened, in one or a few lines; `offers` are the suggestions that an answer may mean.

    >>> sentence(Save(1.0, "shop.py"), {})
    'The user saved "shop.py".'
    """
    match event:
        case Open():
            return f"The user opened {quoted(event.path)} ({quoted(event.language)})."
        case Close():
            return f"The user closed {quoted(event.path)}."
        case Save():
            return f"The user saved {quoted(event.path)}."
        case Edit():
            who = "The user" if event.origin is None else "An accepted suggestion"
            return "\n".join((f"{who} edited {quoted(event.path)}.", *_edited(event.changes)))
        case Focus():
            where = f", {_lines(event.range)}" if event.range is not None else ""
            if event.window == "left":
                return f"The user left the editor, where {quoted(event.path)} is open."
            back = " again, back in the editor" if event.window == "back" else ""
            return f"The user looks at {quoted(event.path)}{where}{back}."
        case FileOperation():
            to = f" to {quoted(event.to)}" if event.to is not None else ""
            return f"The file {quoted(event.path)} was {event.op}{to}."
        case Diagnostics():
            return _reported(event)
        case Git():
            return _moved(event)
        case Command(phase=str(phase)):
            return f"The user {phase} {quoted(event.line)}."
        case Command():
            ended = "it succeeded" if event.exit == 0 else f"it failed with exit code {event.exit}"
            tail = barred((event.tail or "").splitlines()[-EVENT_LINES:])
            return "\n".join((f"The user ran {quoted(event.line)}; {ended}.", *tail))
        case TestResult():
            said = f": {quoted(event.message)}" if event.message else ""
            return f"The test {quoted(event.name)} ended with {quoted(event.outcome)}{said}."
        case SuggestionEvent():
            return f"A suggestion ({quoted(event.need)}) for {quoted(event.path)} was {event.op}."
        case Answer():
            offer = offers.get(event.id)
            about = f" ({quoted(offer.need)}) for {quoted(offer.path)}" if offer else ""
            return f"A suggestion{about} was {event.op}."
        case _:
            assert_never(event)


def _edited(changes: Sequence[Change]) -> Iterator[str]:
    for change in changes:
        lines = list(split_lines(change.text))
        # What stands behind the last terminator.
        if lines[-1] == "":
            lines.pop()
        if change.range is None:
            yield "All of it is new:"
        elif not lines:
            yield f"{_lines(change.range)} removed"
        elif change.range.start == change.range.end:
            yield f"added at line {change.range.start.line + 1}:"
        else:
            yield f"{_lines(change.range)} became:"
        yield from barred(bare(line) for line in lines[:EVENT_LINES])
        if len(lines) > EVENT_LINES:
            yield f"and {len(lines) - EVENT_LINES} more lines"


def _reported(event: Diagnostics) -> str:
    source, path = quoted(event.source), quoted(event.path)
    if not event.items:
        return f"{source} finds nothing in {path} any more."
    found = [
        f"line {item.range.start.line + 1}: {quoted(item.message)}"
        for item in event.items[:EVENT_LINES]
    ]
    return "\n".join((f"{source} finds {len(event.items)} things in {path}:", *found))


def _moved(event: Git) -> str:
    words = [f"Git: {event.op}"]
    if event.branch is not None:
        words.append(f"on branch {quoted(event.branch)}")
    if event.message is not None:
        words.append(f"with message {quoted(event.message)}")
    if event.paths:
        more = len(event.paths) - EVENT_LINES
        names = ", ".join(quoted(path) for path in event.paths[:EVENT_LINES])
        words.append(f"of {names}" + (f" and {more} more" if more > 0 else ""))
    return " ".join(words) + "."


def _lines(range: Range) -> str:
    # A range of whole lines ends at the start of the line after them.
    last = range.end.line - (range.end.character == 0 and range.end.line > range.start.line)
    if last == range.start.line:
        return f"line {last + 1}"
    return f"lines {range.start.line + 1} to {last + 1}"


def barred(lines: Iterable[str], sign: str = "") -> Iterator[str]:
    """Lines of data, each behind a bar that none of them can leave."""
    return (f"{sign}| {visible(line[:LINE_CHARS])}" for line in lines)


def quoted(text: str) -> str:
    """A word or a line of data, shortened, between double quotes that it cannot leave."""
    short = text if len(text) <= QUOTE_CHARS else text[: QUOTE_CHARS - 1] + "…"
    return msgspec.json.encode(visible(" ".join(short.split()))).decode()
