"""Count by day what a scorecard tells: sums without a word of anybody's text.

`Tallies` draws them from events, live as well as from events that were stored before there were
sums. The rest (moments, latencies, what a model cost) is counted where it happens.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from msgspec import Struct

from proactive_lsp.events import Answer, Edit, Event, SuggestionEvent

# A minute of the session, a kind of need or nothing, a figure.
DayKey = tuple[int, str, str]
MINUTE = 60.0

EDITS, MOMENTS, LATENCY = "edits", "moments", "latency-"
CALLS, FAILED, PROMPT, ANSWER = "model-calls", "model-failed", "prompt-tokens", "answer-tokens"
# Upper ends of the classes of latency, in milliseconds; what is slower is in the last one.
LATENCIES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
SLOWER = "slower"
MOST_DAYS = 400
# Cards of which it is remembered what was counted.
_MOST_CARDS = 500


class Day(Struct, frozen=True):
    """The sums of one day: by kind of need, and under no kind what is about none.

    `counted` tells whether the sums were kept as it went, with what no event tells; of other days
    only what is left of their events is known.
    """

    day: date
    sums: Mapping[tuple[str, str], int]
    counted: bool

    def of(self, figure: str, kind: str | None = None) -> int:
        """The sum of a figure, of one kind or of all."""
        if kind is not None:
            return self.sums.get((kind, figure), 0)
        return sum(count for (_, name), count in self.sums.items() if name == figure)


class Tallies:
    """What events count as: a card once for each thing that became of it since it was offered."""

    def __init__(self) -> None:
        self._cards: dict[str, tuple[str, set[str]]] = {}

    def figures(self, event: Event) -> Iterator[tuple[str, str]]:
        """The kind of need, or nothing, and the figure that is one higher."""
        match event:
            case Edit(origin=None):
                yield "", EDITS
            case SuggestionEvent(op="offered"):
                self._cards.pop(event.id, None)
                self._cards[event.id] = (event.need, set())
                while len(self._cards) > _MOST_CARDS:
                    del self._cards[next(iter(self._cards))]
                yield event.need, event.op
            case SuggestionEvent() | Answer():
                # An answer to a card that nobody offered is none, a second one says nothing new.
                need, known = self._cards.get(event.id, ("", {event.op}))
                if event.op not in known:
                    known.add(event.op)
                    yield need, event.op
            case _:
                pass


def latency(seconds: float) -> str:
    """The figure that counts a look of this length.

    >>> latency(0.0042)
    'latency-5'
    """
    milliseconds = seconds * 1_000
    return LATENCY + next((str(each) for each in LATENCIES if milliseconds <= each), SLOWER)


def add_days(db: sqlite3.Connection, days: Mapping[DayKey, int], began: float) -> None:
    """Add sums to those of their days; `began` is when minute 0 of the session was."""
    db.executemany(
        "INSERT INTO days VALUES (?, ?, ?, ?) "
        "ON CONFLICT (day, kind, figure) DO UPDATE SET count = count + excluded.count",
        [
            (_day(began + minute * MINUTE).isoformat(), kind, figure, count)
            for (minute, kind, figure), count in days.items()
        ],
    )


def prune_days(db: sqlite3.Connection, now: float) -> None:
    """Forget what is older than a year and a bit."""
    oldest = _day(now) - timedelta(days=MOST_DAYS)
    db.execute("DELETE FROM days WHERE day < ?", (oldest.isoformat(),))


def days_of(
    rows: Iterable[tuple[str, str, str, int]], events: Iterable[tuple[float, Event]]
) -> tuple[Day, ...]:
    """The days of stored sums and stored events, oldest first.

    Both tell of the same things; whichever knows more of a figure is right, since sums begin in
    the midst of a day and old events are forgotten.
    """
    sums: dict[date, dict[tuple[str, str], int]] = {}
    counted: set[date] = set()
    for day, kind, figure, count in rows:
        try:
            at = date.fromisoformat(day)
        except (TypeError, ValueError):
            continue
        if isinstance(count, int) and count > 0:  # pyright: ignore[reportUnnecessaryIsInstance] - a file may hold anything
            counted.add(at)
            sums.setdefault(at, {})[str(kind), str(figure)] = count
    told: dict[date, dict[tuple[str, str], int]] = {}
    tallies = Tallies()
    for at, event in events:
        for key in tallies.figures(event):
            of = told.setdefault(_day(at), {})
            of[key] = of.get(key, 0) + 1
    for day, of in told.items():
        kept = sums.setdefault(day, {})
        for key, count in of.items():
            kept[key] = max(count, kept.get(key, 0))
    return tuple(Day(day, sums[day], day in counted) for day in sorted(sums))


def _day(at: float) -> date:
    """The day of the user's own calendar."""
    return datetime.fromtimestamp(at).date()
