"""The figures of a scorecard as words, the same on a page and on a terminal."""

from collections.abc import Callable, Iterator, Sequence

from proactive_lsp.report.scorecard import Figures, Scorecard
from proactive_lsp.report.told import NONE

NOT_RECORDED = "not recorded"
Column = tuple[str, Callable[[Figures], str]]


def number(value: int | None) -> str:
    """With commas; says so when it was not recorded."""
    return NOT_RECORDED if value is None else f"{value:,}"


def percent(value: float | None) -> str:
    """A share, or a dash where there is nothing to have a share of."""
    return NONE if value is None else f"{value:.0%}"


def decimal(value: float | None) -> str:
    """A number with one decimal."""
    return NONE if value is None else f"{value:.1f}"


def latency(figures: Figures, share: int) -> str:
    """A percentile of the looks; says so when none was recorded."""
    if not figures.latency:
        return NOT_RECORDED
    if not any(count for _, count in figures.latency):
        return NONE
    upper = figures.percentile(share)
    return f"≤ {upper} ms" if upper is not None else "> 5 s"


def quiet(figures: Figures) -> str:
    """The share of quiet moments."""
    return NOT_RECORDED if figures.moments is None else percent(figures.quiet_rate)


ANSWERED: tuple[Column, ...] = (
    ("offered", lambda each: f"{each.offered:,}"),
    ("shown", lambda each: f"{each.shown:,}"),
    ("accepted", lambda each: f"{each.accepted:,}"),
    ("dismissed", lambda each: f"{each.dismissed + each.muted + each.undone:,}"),
    ("ignored", lambda each: f"{each.ignored:,}"),
    ("accepted share", lambda each: percent(each.accepted_share)),
    ("false per 100 edits", lambda each: decimal(each.false_alarms_per_100_edits)),
)
SAID: tuple[Column, ...] = (("edits", lambda each: f"{each.edits:,}"), *ANSWERED)
COST: tuple[Column, ...] = (
    ("moments", lambda each: number(each.moments)),
    ("quiet", quiet),
    ("latency p50", lambda each: latency(each, 50)),
    ("latency p95", lambda each: latency(each, 95)),
    ("model calls", lambda each: number(each.calls)),
    ("prompt tokens", lambda each: number(each.prompt_tokens)),
    ("answer tokens", lambda each: number(each.answer_tokens)),
)
ABOUT = (
    "An edit is one settled change. A false alarm is a card that was dismissed, ignored, muted or "
    "taken back. Quiet is the share of the moments at which something could have been said (saves, "
    "commits, tests, pauses …) that had no card. Latency is how long a look at such a moment took, "
    "without a model."
)


def cost_rows(card: Scorecard) -> Iterator[tuple[str, Sequence[str]]]:
    """The days of which quiet and cost are known, newest first; one row for those before."""
    known = [(day, each) for day, each in card.days if each is not None]
    for day, each in reversed(known):
        if each.moments is not None:
            yield f"{day:%Y-%m-%d}", [write(each) for _, write in COST]
    if any(each.moments is None for _, each in known):
        yield "other days", [NOT_RECORDED] * len(COST)


def recorded_since(card: Scorecard) -> str:
    """From when on everything is known, if that is not all along."""
    if card.since is None:
        return "Quiet rate, latency and the model's cost are not recorded for these days."
    first = next((day for day, each in card.days if each is not None), card.since)
    if first >= card.since:
        return ""
    since = f"{card.since:%Y-%m-%d}"
    return f"Quiet rate, latency and the model's cost are not recorded before {since}."
