"""Count what happened in a session."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct, structs

from proactive_lsp.events import Answer, Edit, Event, SuggestionEvent, event_tag, starts_at
from proactive_lsp.replay.session import Expect, Quiet, Unknown, read_header
from proactive_lsp.scheduling import boundary_of
from proactive_lsp.sessions.reading import whole_items
from proactive_lsp.settings import ScheduleSettings

MOST_SHOWN = 8


class Statistics(Struct, frozen=True):
    """Numbers of one session; times in seconds, all else counted.

    `boundaries` are the moments at which speaking was allowed, pauses included; `edited` the files
    that were typed in, with the settled edits of each. `ours` are edits by accepted suggestions.
    """

    name: str
    duration: float
    lines: int
    events: dict[str, int]
    labels: dict[str, int]
    boundaries: dict[str, int]
    edited: dict[str, int]
    ours: int
    characters: int
    suggestions: dict[str, int]
    answers: dict[str, int]


def count(path: Path, warn: Callable[[str], None] = lambda text: None) -> Statistics:
    """Read the whole session, one line at a time."""
    name = read_header(path).name
    events, labels, boundaries = Counter[str](), Counter[str](), Counter[str]()
    edited, suggestions, answers = Counter[str](), Counter[str](), Counter[str]()
    ours = characters = lines = 0
    end = 0.0
    pauses = _Pauses()
    for item in whole_items(path, warn):
        lines, end = lines + 1, item.t
        if isinstance(item, Expect | Quiet):
            labels["expect" if isinstance(item, Expect) else "quiet"] += 1
            continue
        if isinstance(item, Unknown):
            events[item.type] += 1
            continue
        events[event_tag(item)] += 1
        boundaries["pause"] += pauses.before(item)
        boundary = boundary_of(item)
        if boundary is not None:
            boundaries[boundary.kind] += 1
        match item:
            case Edit():
                edited[item.path] += 1
                ours += item.origin is not None
                characters += sum(len(change.text) for change in item.changes)
            case SuggestionEvent():
                suggestions[item.op] += 1
            case Answer():
                answers[item.op] += 1
            case _:
                pass
    boundaries["pause"] += pauses.at_end()
    return Statistics(
        name=name,
        duration=end,
        lines=lines,
        events=_sorted(events),
        labels=_sorted(labels),
        boundaries=_sorted(boundaries),
        edited=dict(sorted(edited.items(), key=lambda pair: (-pair[1], pair[0]))),
        ours=ours,
        characters=characters,
        suggestions=_sorted(suggestions),
        answers=_sorted(answers),
    )


def as_table(statistics: Statistics) -> list[tuple[str, str]]:
    """The numbers as rows of two words, for people."""
    fields: dict[str, str | int | float | dict[str, int]] = structs.asdict(statistics)
    return [(name, _shown(value)) for name, value in fields.items()]


class _Pauses:
    """Typing that nothing followed for as long as makes a pause."""

    def __init__(self) -> None:
        self._typed: float | None = None
        self._quiet = ScheduleSettings().quiet_seconds

    def before(self, event: Event) -> bool:
        """Whether a pause lies between the edit before and this event."""
        paused = self._typed is not None and starts_at(event) - self._typed > self._quiet
        if isinstance(event, Edit):
            self._typed = event.t
        elif paused or boundary_of(event) is not None:
            self._typed = None
        return paused

    def at_end(self) -> bool:
        """The session ends with one, as a replay does."""
        return self._typed is not None


def _shown(value: str | float | dict[str, int]) -> str:
    if isinstance(value, float):
        return f"{value:.1f} s"
    if not isinstance(value, dict):
        return str(value)
    shown = [f"{kind} {number}" for kind, number in value.items()]
    more = len(shown) - MOST_SHOWN
    return ", ".join((*shown[:MOST_SHOWN], *([f"and {more} more"] if more > 0 else []))) or "none"


def _sorted(counter: Counter[str]) -> dict[str, int]:
    return {kind: number for kind, number in sorted(counter.items()) if number}
