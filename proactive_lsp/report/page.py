"""A page of sessions: what happened in each, what was offered and kept back, and why.

One file that needs no network and no script, whose bytes depend on the sessions alone.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from proactive_lsp.replay.chronicle import Chronicle
from proactive_lsp.replay.metrics import metrics, total
from proactive_lsp.replay.run import Replayed
from proactive_lsp.replay.transcript import SessionRow
from proactive_lsp.replay.wording import counted
from proactive_lsp.report.charts import bars_chart
from proactive_lsp.report.html import Content, Html, document, element, table
from proactive_lsp.report.session import Room, session
from proactive_lsp.report.style import STYLE
from proactive_lsp.report.told import NONE, badge, share

TITLE = "What happened, and what was said"
# What a whole page has room for, shared out among its sessions.
MOST_SESSIONS = 200
_ROOM = Room(cards=300, silences=800, entries=6_000)
_LEAST = Room(cards=3, silences=10, entries=60)
_MOST = Room(cards=100, silences=60, entries=2_000)
ANSWERS = ("accepted", "dismissed", "ignored", "unanswered")


def page_of(results: Sequence[Replayed]) -> str:
    """A whole HTML document about replays that were made with a chronicle."""
    told = [(result, result.chronicle) for result in results if result.chronicle is not None]
    shown = told[:MOST_SESSIONS]
    room = _room(len(shown))
    sections = (
        session(result, chronicle, f"s{number}", room)
        for number, (result, chronicle) in enumerate(shown, 1)
    )
    more = len(told) - len(shown)
    return document(
        TITLE,
        STYLE,
        element(
            "header",
            element("a", "Skip to the sessions", href="#sessions", cls="skip"),
            element("h1", TITLE),
            element("p", _subtitle(told), cls="dim"),
        ),
        _tiles(results),
        *(_overview(shown) if len(told) > 1 else ()),
        element("main", *sections, id="sessions"),
        element("p", f"{counted(more, 'session')} more only count above.") if more else None,
        _footer(),
    )


def answers(rows: Sequence[SessionRow]) -> Counter[str]:
    """How often cards were accepted, dismissed (or muted, or undone), ignored or not answered."""
    found: Counter[str] = Counter(dict.fromkeys(ANSWERS, 0))
    for row in (row for each in rows for row in each.suggestions if row.offered):
        found[answer_of(row.answer)] += 1
    return found


def answer_of(answer: str | None) -> str:
    """One of `ANSWERS`."""
    if answer in ("muted", "undone"):
        return "dismissed"
    return answer if answer in ANSWERS else "unanswered"


def tile(value: str, name: str, look: str = "") -> Html:
    """A number with its name."""
    return element("li", element("b", value), element("span", name), cls=look or None)


def _room(sessions: int) -> Room:
    def shared(name: str) -> int:
        part = getattr(_ROOM, name) // max(1, sessions)
        return max(getattr(_LEAST, name), min(getattr(_MOST, name), part))

    return Room(*(shared(name) for name in Room.__struct_fields__))


def _subtitle(told: Sequence[tuple[Replayed, Chronicle]]) -> str:
    rows = [result.row for result, _ in told]
    parts = [counted(len(rows), "session"), counted(sum(row.events for row in rows), "event")]
    models = sorted({result.model.name for result, _ in told if result.model is not None})
    return ", ".join([*parts, *(f"model {name}" for name in models)])


def _tiles(results: Sequence[Replayed]) -> Html:
    rows = [result.row for result in results]
    said = answers(rows)
    numbers = metrics(total(result.counts for result in results))
    misses = sum(len(result.misses) for result in results)
    labels = [share for share in (numbers.precision, numbers.recall) if share is not None]
    silent = sum(not row.offered for each in rows for row in each.suggestions)
    calls = sum(result.model.usage.calls for result in results if result.model is not None)
    tiles = [
        tile(str(said.total()), "cards offered"),
        tile(str(said["accepted"]), "accepted", "good" if said["accepted"] else ""),
        tile(str(said["dismissed"]), "dismissed", "bad" if said["dismissed"] else ""),
        tile(str(said["ignored"] + said["unanswered"]), "without an answer"),
        tile(str(silent), "kept back"),
    ]
    if numbers.suggestions_per_100_edits is not None:
        tiles.append(tile(f"{numbers.suggestions_per_100_edits:.1f}", "cards per 100 edits"))
    if labels:
        tiles += (
            tile(share(numbers.precision), "of cards wanted"),
            tile(share(numbers.recall), "of labels met"),
            tile(share(numbers.quiet_rate), "quiet where wanted"),
            tile(str(misses), "labels missed", "bad" if misses else "good"),
        )
    if calls:
        tiles.append(tile(str(calls), "model calls"))
    return element("ul", *tiles, cls="tiles", aria_label="In numbers")


def _overview(shown: Sequence[tuple[Replayed, Chronicle]]) -> Iterator[Html]:
    head = (
        *("session", "events", "cards", "accepted", "dismissed", "ignored", "kept back"),
        *("wanted", "met", "quiet", "labels", "model calls"),
    )
    rows = [_row(result, f"s{number}") for number, (result, _) in enumerate(shown, 1)]
    yield element("section", element("h2", "Sessions"), table(head, rows), id="overview")
    kinds = _by_kind([result.row for result, _ in shown])
    if kinds:
        series = [
            (answer, [kinds[kind][answer] for kind in kinds])
            for answer in ANSWERS
            if any(kinds[kind][answer] for kind in kinds)
        ]
        chart = bars_chart(
            series,
            columns=tuple(kinds),
            label="Cards by kind of need and answer",
            flat=True,
            width=1000,
            height=40 + 22 * len(kinds),
            value=lambda number: f"{number:.0f}",
        )
        keys = (
            element("span", element("i", cls=f"v-{name}"), name, cls="key") for name, _ in series
        )
        caption = element("figcaption", *keys, "Cards by kind of need")
        yield element("figure", element("div", chart, cls="scroll wide"), caption, cls="panel")


def _row(result: Replayed, prefix: str) -> Iterator[Content]:
    row = result.row
    said = answers([row])
    yield element("td", element("a", row.name, href=f"#{prefix}"), cls="text")
    yield f"{row.events:,}"
    yield str(said.total())
    yield str(said["accepted"])
    yield str(said["dismissed"])
    yield str(said["ignored"])
    yield str(sum(not each.offered for each in row.suggestions))
    yield share(row.metrics.precision)
    yield share(row.metrics.recall)
    yield share(row.metrics.quiet_rate)
    if result.misses:
        yield badge(f"{len(result.misses)} missed", "bad")
    else:
        labelled = row.metrics.quiet_rate is not None or row.metrics.recall is not None
        yield badge("kept", "good") if labelled else NONE
    yield str(result.model.usage.calls) if result.model is not None else NONE


def _by_kind(rows: Sequence[SessionRow]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for row in (row for each in rows for row in each.suggestions if row.offered):
        found.setdefault(row.need, Counter())[answer_of(row.answer)] += 1
    return dict(sorted(found.items(), key=lambda each: (-each[1].total(), each[0])))


def _footer() -> Html:
    return element(
        "footer",
        "Made by proactive-lsp by living through the recording again; texts are as they were "
        "recorded, with secrets left out. This page loads nothing and runs nothing.",
    )
