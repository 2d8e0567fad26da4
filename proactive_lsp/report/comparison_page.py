"""Two results side by side as a page."""

from collections import Counter
from collections.abc import Iterator, Sequence

from proactive_lsp.replay.transcript import SessionRow, Transcript
from proactive_lsp.replay.wording import counted
from proactive_lsp.report.comparison import METRICS, Change, Compared, moved
from proactive_lsp.report.html import Content, Html, document, element, prose, table
from proactive_lsp.report.page import answers, tile
from proactive_lsp.report.style import STYLE
from proactive_lsp.report.told import NONE, badge, clock, share

TITLE = "Two runs side by side"
MOST_CHANGES = 2_000
_LOOKS = {"came": "good", "went": "bad", "changed": "other"}


def comparison_page(
    before: Transcript, after: Transcript, compared: Sequence[Compared], names: tuple[str, str]
) -> str:
    """A whole HTML document; `names` are what the two results are called."""
    changes = Counter(change.kind for each in compared for change in each.changes)
    same = sum(each.same for each in compared)
    tiles = (
        tile(str(changes["came"]), "cards came", "good" if changes["came"] else ""),
        tile(str(changes["went"]), "cards went", "bad" if changes["went"] else ""),
        tile(str(changes["changed"]), "cards changed"),
        tile(str(same), "cards as they were"),
    )
    one, other = names
    return document(
        TITLE,
        STYLE,
        element(
            "header",
            element("h1", TITLE),
            element(
                "p", "A is ", element("code", one), ", B is ", element("code", other), cls="dim"
            ),
        ),
        element("ul", *tiles, cls="tiles", aria_label="In numbers"),
        element(
            "main",
            element("h2", "All sessions"),
            _metrics(before, after),
            element("h2", "What is not the same"),
            *_changes(compared),
            element("h2", "Session by session"),
            table(("session", "cards A", "cards B", *_columns()), map(_session, compared)),
        ),
    )


def _metrics(before: Transcript, after: Transcript) -> Html:
    rows: list[list[Content]] = []
    for name, said, more_is_better in METRICS:
        one, other = moved(before.totals.metrics, after.totals.metrics, name)
        rows.append([said, share(one), share(other), _delta(one, other, more_is_better)])
    counts = [(answers(each.sessions), each) for each in (before, after)]
    for name in counts[0][0]:
        one, other = (said[name] for said, _ in counts)
        rows.append([f"cards {name}", str(one), str(other), _delta(one, other, None, "{:+g}")])
    costs = [each.totals.model for each in (before, after)]
    if any(costs):
        one, other = (cost.calls if cost else 0 for cost in costs)
        rows.append(["model calls", str(one), str(other), _delta(one, other, False, "{:+g}")])
    return table(("", "A", "B", "difference"), rows)


def _delta(
    one: float | None, other: float | None, more_is_better: bool | None, form: str = "{:+.2f}"
) -> Content:
    if one is None or other is None or one == other:
        return "" if one == other else NONE
    look = None
    if more_is_better is not None:
        look = "better" if (other > one) == more_is_better else "worse"
    return element("td", form.format(other - one), cls=look)


def _columns() -> Iterator[str]:
    for said in ("precision", "recall", "quiet"):
        yield f"{said} A"
        yield f"{said} B"


def _session(compared: Compared) -> Iterator[Content]:
    yield compared.name
    for row in (compared.before, compared.after):
        yield NONE if row is None else str(sum(each.offered for each in row.suggestions))
    for name in ("precision", "recall", "quiet_rate"):
        one, other = (_metric(row, name) for row in (compared.before, compared.after))
        yield share(one)
        look = None
        if one is not None and other is not None and one != other:
            look = "better" if other > one else "worse"
        yield element("td", share(other), cls=look)


def _metric(row: SessionRow | None, name: str) -> float | None:
    return None if row is None else getattr(row.metrics, name)


def _changes(compared: Sequence[Compared]) -> Iterator[Html]:
    rows = [(each.name, change) for each in compared for change in each.changes]
    if not rows:
        yield element("p", "Every card is the same in both.", cls="dim")
        return
    head = ("session", "", "card", "how, or why not", "time", "p A", "p B")
    yield table(head, (_change(*row) for row in rows[:MOST_CHANGES]), texts=4)
    if len(rows) > MOST_CHANGES:
        more = counted(len(rows) - MOST_CHANGES, "change")
        yield element("p", f"and {more} more", cls="dim")


def _change(session: str, change: Change) -> Iterator[Content]:
    row = change.row
    where = f"{row.need}, {row.path}:{row.range.start.line + 1}"
    yield session
    yield element("td", badge(change.kind, _LOOKS[change.kind]), cls="text")
    yield element("td", prose(row.title), element("br"), element("small", where), cls="text wraps")
    yield element("td", prose(change.said), cls="text wraps")
    yield clock(row.t)
    yield share(change.before.p if change.before else None)
    yield share(change.after.p if change.after else None)
