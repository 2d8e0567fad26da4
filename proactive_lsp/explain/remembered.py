"""Show what is remembered of the user's work, as it is remembered: redacted, the newest first."""

from collections.abc import Iterator, Sequence

from proactive_lsp.events import Event, SuggestionEvent
from proactive_lsp.explain.page import Block, Label, Note, Page, Points, Title
from proactive_lsp.memory import Memory, Remembered
from proactive_lsp.sentences import sentence

# Who wants more of it makes a recording.
MOST_SHOWN = 200
_STEPS = ((86_400.0, "d"), (3_600.0, "h"), (60.0, "min"))


def remembered_page(memory: Memory) -> Page:
    """How much is kept and where, then the newest events with how long before the latest each was.

    Nothing remembered is said as well.
    """
    kept = memory.recent(MOST_SHOWN)
    blocks: list[Block] = [Title("What is remembered"), Note(_where(memory))]
    if kept:
        more = memory.number - len(kept)
        blocks += (
            Label("The newest first, secrets masked before anything was kept:"),
            Points(tuple(_told(kept))),
            *((Note(f"and {more} older ones"),) if more > 0 else ()),
        )
    return tuple(blocks)


def _where(memory: Memory) -> str:
    if not memory.number:
        return "No event is remembered."
    events = "1 event" if memory.number == 1 else f"{memory.number} events"
    if memory.durable and memory.status != "ok":
        return f"{events}; {memory.status}."
    stored = memory.stored()
    if not stored:
        return f"{events}, in memory alone until the server ends."
    return f"{events} at hand, {stored} on disk, those of the last 30 days."


def _told(kept: Sequence[Remembered]) -> Iterator[str]:
    offers: dict[str, SuggestionEvent] = {}
    told: list[tuple[Event, str]] = []
    for event in (each.event for each in kept):
        if isinstance(event, SuggestionEvent):
            offers[event.id] = event
        told.append((event, " ".join(sentence(event, offers).splitlines())))
    latest = told[-1][0].t
    return (f"{_ago(latest - event.t)}: {text}" for event, text in reversed(told))


def _ago(seconds: float) -> str:
    for unit, name in _STEPS:
        if seconds >= unit:
            return f"{seconds // unit:.0f} {name} earlier"
    return "latest" if seconds < 1 else f"{seconds:.0f} s earlier"
