"""Say in a few words what an event was."""

from collections.abc import Sequence

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
from proactive_lsp.workspace.documents import split_lines

MOST_NAMES = 5

_GIT = {
    "commit": "committed",
    "checkout": "checked out",
    "stage": "staged",
    "merge": "merged",
    "conflict": "met a merge conflict",
    "rebase": "rebased",
    "stash": "stashed",
    "push": "pushed",
}


def describe(event: Event) -> str:
    """One phrase; may contain any character of the session, so escape it before printing."""
    match event:
        case Open():
            return f"opened {event.path} ({counted(len(split_lines(event.text)), 'line')})"
        case Close():
            return f"closed {event.path}"
        case Save():
            return f"saved {event.path}"
        case Edit():
            return _edit(event)
        case Focus():
            if event.window is not None:
                did = "left the window at" if event.window == "left" else "came back to"
                return f"{did} {event.path}{_line(event.range)}"
            return f"looked at {event.path}{_line(event.range)}"
        case FileOperation():
            return f"{event.op} {event.path}" + (f" to {event.to}" if event.to is not None else "")
        case Diagnostics():
            found = counted(len(event.items), "finding") if event.items else "nothing left"
            return f"{event.source}: {found} in {event.path}"
        case Git():
            return _git(event)
        case Command(phase=str(phase)):
            return f"{phase} {first_line(event.line)}"
        case Command():
            return f"ran {first_line(event.line)} (exit {event.exit})"
        case TestResult():
            return f"test {event.name} {event.outcome}"
        case SuggestionEvent():
            place = f"{event.path}{_line(event.range)}"
            return f"suggestion {event.id} {event.op} ({event.need} at {place})"
        case Answer():
            return f"{event.op} suggestion {event.id}"


def describe_change(change: Change) -> str:
    """Where and what, lines and columns counted from 1 as editors show them."""
    if change.range is None:
        return f"whole text, {counted(len(split_lines(change.text)), 'line')}"
    start, end = change.range.start, change.range.end
    where = f"{start.line + 1}:{start.character + 1}"
    if end != start:
        where += f" to {end.line + 1}:{end.character + 1}"
    return f"{where}  {change.text[:80]!r}" + (" …" if len(change.text) > 80 else "")


def counted(number: int, word: str, words: str | None = None) -> str:
    """A number with its noun, "1 edit" or "2 edits"."""
    return f"{number} {word if number == 1 else words or f'{word}s'}"


def listed(names: Sequence[str]) -> str:
    """The names with commas; of many, the first ones and how many more."""
    more = len(names) - MOST_NAMES
    if more <= 0:
        return ", ".join(names)
    return f"{', '.join(names[:MOST_NAMES])} and {more} more"


def first_line(text: str) -> str:
    """The first line, with a mark when there are more."""
    head, _, rest = text.strip().partition("\n")
    return f"{head} …" if rest else head


def _edit(event: Edit) -> str:
    if event.origin is not None:
        return f"applied suggestion {event.origin} in {event.path}"
    return f"edited {event.path} ({counted(len(event.changes), 'change')})"


def _git(event: Git) -> str:
    words = [f"started a {event.op}" if event.phase == "started" else _GIT[event.op]]
    if event.branch is not None and event.op != "commit":
        words.append(event.branch)
    if event.head is not None:
        words.append(event.head[:10])
    if event.op in ("stage", "conflict") and event.paths:
        words.append(", ".join(event.paths[:3]) + (" …" if len(event.paths) > 3 else ""))
    if event.message is not None:
        words.append(f'"{first_line(event.message)}"')
    return " ".join(words)


def _line(range: Range | None) -> str:
    return f":{range.start.line + 1}" if range is not None else ""
