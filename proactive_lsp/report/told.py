"""Short words that several pages use: times, shares, badges, and where on the page a thing is."""

from bisect import bisect_right
from collections.abc import Sequence

from msgspec import Struct

from proactive_lsp.replay.entry import Entry
from proactive_lsp.report.html import Html, element

NONE = "—"
_GOOD, _BAD = "good", "bad"
_ANSWERS = {"accepted": _GOOD, "dismissed": _BAD, "muted": _BAD, "undone": _BAD, "ignored": "other"}


def clock(seconds: float) -> str:
    """A time of the session.

    >>> clock(13.94), clock(83.26), clock(7265)
    ('13.9 s', '1:23', '2:01:05')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def share(value: float | None) -> str:
    """A share with two digits, a dash where there is none."""
    return NONE if value is None else f"{value:.2f}"


def badge(text: str, look: str = "") -> Html:
    """A word in a coloured frame."""
    return element("span", text, cls=f"badge {look}".strip())


def answer_badge(answer: str | None) -> Html:
    """What the user made of a card."""
    return badge(answer or "not answered", _ANSWERS.get(answer or "", ""))


class Anchors(Struct, frozen=True):
    """Where on the page the things of a session are; `at` has the times of the story's entries."""

    prefix: str
    at: tuple[float, ...]
    cards: frozenset[tuple[str, float]]

    def entry(self, number: int) -> str:
        """The id of an entry of the story."""
        return f"{self.prefix}-e{number}"

    def moment(self, t: float) -> str | None:
        """Where the story tells of that time."""
        number = bisect_right(self.at, t + 0.001) - 1
        return f"#{self.entry(number)}" if number >= 0 else None

    def card(self, id: str, t: float) -> str | None:
        """Where a card is shown, if it is."""
        key = (id, round(t, 3))
        return f"#{self.card_id(*key)}" if key in self.cards else None

    def card_id(self, id: str, t: float) -> str:
        """The id of a card's article; the same card may be offered again later."""
        return f"{self.prefix}-c-{id}-{round(t * 1000)}"


def anchors(prefix: str, story: Sequence[Entry], cards: Sequence[tuple[str, float]]) -> Anchors:
    """The anchors of a session."""
    latest, times = 0.0, list[float]()
    for entry in story:
        # A burst is told when it ends, at the time when it began.
        latest = max(latest, entry.t)
        times.append(latest)
    return Anchors(prefix, tuple(times), frozenset(cards))
