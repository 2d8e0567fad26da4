"""How the assistant did, day by day and kind by kind, from what the memory counted.

What was not recorded is None and never 0: days from before there were sums know their events alone.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from msgspec import Struct

from proactive_lsp.memory.days import (
    ANSWER,
    CALLS,
    EDITS,
    FAILED,
    LATENCIES,
    LATENCY,
    MOMENTS,
    PROMPT,
    SLOWER,
    Day,
)

# What makes a card a false alarm.
_NOES = ("dismissed", "ignored", "muted", "undone")


class Figures(Struct, frozen=True):
    """The sums of a day, or of several; None is what was not recorded on any of them.

    An edit is one settled change. `latency` counts looks by the upper end of their class, in
    milliseconds, None for what is slower than all classes.
    """

    edits: int = 0
    offered: int = 0
    shown: int = 0
    accepted: int = 0
    dismissed: int = 0
    ignored: int = 0
    muted: int = 0
    undone: int = 0
    moments: int | None = None
    offered_at_moments: int = 0
    latency: tuple[tuple[int | None, int], ...] = ()
    calls: int | None = None
    failed: int | None = None
    prompt_tokens: int | None = None
    answer_tokens: int | None = None

    @property
    def false_alarms(self) -> int:
        """Cards that the user did not want: dismissed, ignored, muted or taken back."""
        return self.dismissed + self.ignored + self.muted + self.undone

    @property
    def unanswered(self) -> int:
        """Cards that went without a word."""
        answered = self.accepted + self.dismissed + self.ignored + self.muted
        return max(0, self.offered - answered)

    @property
    def false_alarms_per_100_edits(self) -> float | None:
        """None without an edit."""
        return 100 * self.false_alarms / self.edits if self.edits else None

    @property
    def accepted_share(self) -> float | None:
        """Of the cards that were offered; None without any."""
        return min(1.0, self.accepted / self.offered) if self.offered else None

    @property
    def quiet_rate(self) -> float | None:
        """Of the moments at which something could have been said, the share without a card."""
        if not self.moments:
            return None
        return max(0.0, 1 - self.offered_at_moments / self.moments)

    def percentile(self, percent: int) -> int | None:
        """The latency that so many of 100 looks do not exceed, as the upper end of its class.

        None when nothing was recorded, or it is slower than all classes.
        """
        total = sum(count for _, count in self.latency)
        rank = -(-total * percent // 100)
        for upper, count in self.latency:
            rank -= count
            if rank <= 0 and count:
                return upper
        return None


class Scorecard(Struct, frozen=True):
    """All days from the first to the last in order, those without anything as None."""

    days: tuple[tuple[date, Figures | None], ...]
    kinds: tuple[tuple[str, Figures], ...]
    total: Figures
    since: date | None
    """The first day of which everything is recorded."""


def scorecard(days: Sequence[Day], *, today: date, number: int) -> Scorecard:
    """The last so many days up to today; later ones, by a clock that was wrong, are left out."""
    first = today - timedelta(days=number - 1)
    given = [day for day in days if first <= day.day <= today]
    by_day = {day.day: figures([day]) for day in given}
    begin = min(by_day, default=today)
    names = {kind for day in given for kind, _ in day.sums if kind}
    kinds = [(kind, figures(given, kind)) for kind in names]
    counted = [day.day for day in given if day.counted]
    return Scorecard(
        days=tuple(
            (day, by_day.get(day))
            for day in (begin + timedelta(days=at) for at in range((today - begin).days + 1))
        ),
        kinds=tuple(sorted(kinds, key=lambda each: (-each[1].offered, each[0]))),
        total=figures(given),
        since=min(counted, default=None),
    )


def figures(days: Iterable[Day], kind: str | None = None) -> Figures:
    """The sums of these days, of one kind of need or of all."""
    days = tuple(days)
    told = {name: sum(day.of(name, kind) for day in days) for name in ("accepted", *_NOES)}
    counted = [day for day in days if day.counted]

    def recorded(figure: str) -> int | None:
        return sum(day.of(figure) for day in counted) if counted and kind is None else None

    return Figures(
        edits=sum(day.of(EDITS) for day in days),
        offered=sum(day.of("offered", kind) for day in days),
        shown=sum(day.of("shown", kind) for day in days),
        **told,
        moments=recorded(MOMENTS),
        offered_at_moments=sum(day.of("offered") for day in counted),
        latency=tuple(
            (upper, sum(day.of(f"{LATENCY}{upper or SLOWER}") for day in counted))
            for upper in (*LATENCIES, None)
        )
        if counted and kind is None
        else (),
        calls=recorded(CALLS),
        failed=recorded(FAILED),
        prompt_tokens=recorded(PROMPT),
        answer_tokens=recorded(ANSWER),
    )
