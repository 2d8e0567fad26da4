"""A scorecard as a page: in numbers, by day, by kind of need."""

from collections.abc import Callable, Iterator, Sequence

from proactive_lsp.replay.wording import counted
from proactive_lsp.report.charts import bars_chart, line_chart
from proactive_lsp.report.html import Html, document, element, table
from proactive_lsp.report.page import tile
from proactive_lsp.report.score_words import (
    ABOUT,
    ANSWERED,
    COST,
    NOT_RECORDED,
    SAID,
    cost_rows,
    decimal,
    latency,
    number,
    percent,
    quiet,
    recorded_since,
)
from proactive_lsp.report.scorecard import Figures, Scorecard
from proactive_lsp.report.style import STYLE

TITLE = "How it did"
# A chart of one column or two says less than the table below it.
_LEAST_DAYS = 2


def scorecard_page(card: Scorecard, workspace: str) -> str:
    """A whole HTML document; `workspace` is the folder that it is about."""
    first, last = card.days[0][0], card.days[-1][0]
    days = f"{first:%Y-%m-%d} to {last:%Y-%m-%d}, {counted(len(card.days), 'day')}"
    known = [(day, each) for day, each in card.days if each is not None]
    rows = [
        [f"{day:%Y-%m-%d}", *(write(each) for _, write in SAID)] for day, each in reversed(known)
    ]
    costs = [[day, *map(_dim, cells)] for day, cells in cost_rows(card)]
    kinds = [[kind, *(write(each) for _, write in ANSWERED)] for kind, each in card.kinds]
    return document(
        f"{TITLE}: {workspace}",
        STYLE,
        element("header", element("h1", TITLE), element("p", f"{workspace}, {days}", cls="dim")),
        _tiles(card.total),
        element("p", note, cls="dim") if (note := recorded_since(card)) else None,
        element(
            "main",
            _charts(card) if len(card.days) >= _LEAST_DAYS else None,
            element("h2", "By kind of need"),
            table(("kind", *(name for name, _ in ANSWERED)), kinds)
            if kinds
            else element("p", "No card was offered.", cls="dim"),
            element("h2", "By day: what was offered"),
            table(("day", *(name for name, _ in SAID)), rows),
            element("h2", "By day: quiet and cost"),
            table(("day", *(name for name, _ in COST)), costs),
        ),
        element("footer", ABOUT, " Counted on this machine, and kept nowhere else."),
    )


def _tiles(total: Figures) -> Html:
    tiles = [
        tile(f"{total.edits:,}", "edits"),
        tile(f"{total.offered:,}", "cards offered"),
        tile(f"{total.accepted:,}", "accepted", "good" if total.accepted else ""),
        tile(percent(total.accepted_share), "accepted share"),
        tile(f"{total.dismissed + total.muted + total.undone:,}", "dismissed"),
        tile(f"{total.ignored:,}", "ignored"),
        tile(decimal(total.false_alarms_per_100_edits), "false alarms per 100 edits"),
        *_recorded(quiet(total), "quiet moments"),
        *_recorded(latency(total, 95).removeprefix("≤ "), "latency p95, at most"),
        *_recorded(number(total.calls), "model calls"),
    ]
    return element("ul", *tiles, cls="tiles", aria_label="In numbers")


def _recorded(value: str, name: str) -> Iterator[Html]:
    if value != NOT_RECORDED:
        yield tile(value, name)


def _dim(value: str) -> Html | str:
    return element("td", element("small", value)) if value == NOT_RECORDED else value


def _charts(card: Scorecard) -> Html:
    columns = [f"{day:%m-%d}" for day, _ in card.days]

    def sums(of: Callable[[Figures], int | None]) -> Sequence[float]:
        return [(of(each) or 0) if each is not None else 0 for _, each in card.days]

    def points(of: Callable[[Figures], float | None]) -> Sequence[float | None]:
        return [of(each) if each is not None else None for _, each in card.days]

    answers = (
        ("accepted", sums(lambda each: each.accepted)),
        ("dismissed", sums(lambda each: each.dismissed + each.muted + each.undone)),
        ("ignored", sums(lambda each: each.ignored)),
        ("unanswered", sums(lambda each: each.unanswered)),
    )
    tokens = (
        ("prompt", sums(lambda each: each.prompt_tokens)),
        ("answer", sums(lambda each: each.answer_tokens)),
    )
    rate = points(lambda each: each.false_alarms_per_100_edits)
    p95 = points(lambda each: each.percentile(95))
    quiets = points(lambda each: None if each.quiet_rate is None else 100 * each.quiet_rate)
    whole = "{:,.0f}".format
    charts = [
        _stacked("Cards by what became of them", answers, columns),
        _line("False alarms per 100 edits", "rate", rate, columns, "{:.1f}".format),
        _line("Quiet moments, in percent", "quiet", quiets, columns, whole),
        _line("Latency of a look, p95 in ms", "latency", p95, columns, whole),
        _stacked("Tokens of the model", tokens, columns),
    ]
    return element("div", *(chart for chart in charts if chart is not None), cls="pair")


def _stacked(
    title: str, series: Sequence[tuple[str, Sequence[float]]], columns: Sequence[str]
) -> Html | None:
    drawn = [(name, values) for name, values in series if any(values)]
    if not drawn:
        return None
    chart = bars_chart(drawn, columns=columns, label=f"{title}, by day", value="{:,.0f}".format)
    keys = (element("span", element("i", cls=f"v-{name}"), name, cls="key") for name, _ in drawn)
    return element("figure", chart, element("figcaption", f"{title} ", *keys), cls="panel")


def _line(
    title: str,
    name: str,
    values: Sequence[float | None],
    columns: Sequence[str],
    write: Callable[[float], str],
) -> Html | None:
    if all(value is None for value in values):
        return None
    chart = line_chart(values, name=name, columns=columns, label=f"{title}, by day", value=write)
    return element("figure", chart, element("figcaption", title), cls="panel")
