"""One session on the page: timeline, cards, what was kept back and why, and all of it in order."""

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from proactive_lsp.explain.log import reason_of
from proactive_lsp.explain.page import chance
from proactive_lsp.explain.words import meaning
from proactive_lsp.replay.chronicle import CardPage, Chronicle
from proactive_lsp.replay.entry import Entry
from proactive_lsp.replay.listing import describe_header
from proactive_lsp.replay.run import Replayed
from proactive_lsp.replay.transcript import SuggestionRow
from proactive_lsp.replay.wording import counted
from proactive_lsp.report.cards import card
from proactive_lsp.report.html import Html, element, join, prose, table
from proactive_lsp.report.swimlanes import swimlanes
from proactive_lsp.report.told import Anchors, anchors, badge, clock

# A silence among others is told with its strongest pushes alone.
_MOST_PUSHES = 3


class Room(Struct, frozen=True):
    """How much of one session the page has room for: cards, silences, entries of the story."""

    cards: int
    silences: int
    entries: int


def session(result: Replayed, chronicle: Chronicle, prefix: str, room: Room) -> Html:
    """The section of a session, with `prefix` as its id."""
    rows = result.row.suggestions
    offered = [row for row in rows if row.offered]
    silent = [row for row in rows if not row.offered]
    story = chronicle.story[: room.entries]
    left_out = chronicle.left_out + len(chronicle.story) - len(story)
    shown = offered[: room.cards]
    places = anchors(prefix, story, [(row.id, round(row.t, 3)) for row in shown])
    pages = {(page.id, round(page.t, 3)): page for page in chronicle.cards}
    return element(
        "section",
        element("h2", result.row.name),
        element("p", describe_header(chronicle.header).excerpt, cls="dim"),
        _misses(result),
        swimlanes(chronicle, places),
        *_cards(shown, len(offered), pages, chronicle, places),
        _silences(silent, room.silences, places),
        _story(story, left_out, places),
        id=prefix,
        cls="session",
    )


def _misses(result: Replayed) -> Html | None:
    if not result.misses:
        return None
    items = (
        element(
            "li",
            element("b", f"Expected {miss.expected}"),
            f"; instead: {miss.happened} ",
            element("span", f"(line {miss.line})", cls="dim"),
        )
        for miss in result.misses
    )
    number = counted(len(result.misses), "label was missed", "labels were missed")
    return element("div", element("p", element("b", number)), element("ul", *items), cls="missed")


def _cards(
    shown: Sequence[SuggestionRow],
    total: int,
    pages: dict[tuple[str, float], CardPage],
    chronicle: Chronicle,
    places: Anchors,
) -> Iterator[Html]:
    if not total:
        yield element("p", "No card was offered.", cls="dim")
    for row in shown:
        page = pages.get((row.id, round(row.t, 3)))
        yield card(row, page, chronicle, places)
    if total > len(shown):
        yield element("p", f"and {counted(total - len(shown), 'card')} more", cls="dim")


def _silences(silent: Sequence[SuggestionRow], most: int, places: Anchors) -> Html | None:
    if not silent:
        return None
    reasons = Counter(reason_of(row.explained)[0] for row in silent)
    badges = (badge(f"{count} {kind}") for kind, count in sorted(reasons.items()))
    # The likeliest first: that is where a threshold could as well have said yes.
    likely = sorted(silent, key=lambda row: (-row.p, row.t))[:most]
    rows = [_silence(row, places) for row in likely]
    more = len(silent) - len(rows)
    head = ("time", "kind", "what it would have been", "why not", "probability", "needed")
    return element(
        "details",
        element("summary", "Kept back, and why ", *badges),
        element(
            "div",
            table(head, rows, texts=4, cls="silent"),
            element("p", f"and {more} less likely ones", cls="dim") if more else None,
        ),
    )


def _silence(row: SuggestionRow, places: Anchors) -> list[Html | str]:
    kind, said = reason_of(row.explained)
    p, least = chance(row.p, row.threshold)
    strongest = ", ".join(
        f"{meaning(name) or name} {push:+.1f}" for name, push in row.pushes[:_MOST_PUSHES]
    )
    t = row.t
    why = "" if kind == "below-threshold" else f": {said}"
    return [
        element("td", element("a", clock(t), href=places.moment(t)), cls="text"),
        row.need,
        element("td", prose(row.title), cls="text wraps"),
        element(
            "td",
            f"{kind}{why}",
            element("br"),
            element("small", strongest),
            cls="text wraps",
        ),
        p,
        least,
    ]


def _story(story: Sequence[Entry], left_out: int, places: Anchors) -> Html:
    items = (_entry(entry, places.entry(number)) for number, entry in enumerate(story))
    more = element("p", f"and {counted(left_out, 'entry', 'entries')} more", cls="dim")
    return element(
        "details",
        element("summary", "Everything in order"),
        element("div", element("ol", *items, cls="story"), more if left_out else None),
    )


def _entry(entry: Entry, id: str) -> Html:
    word = "" if entry.kind in ("happened", "session") else entry.kind
    # What it was about stands on cards and in the table above.
    excerpt = element("span", f"  {entry.excerpt}", cls="dim") if entry.excerpt else None
    return element(
        "li",
        element("time", clock(entry.t)),
        element("b", word),
        element(
            "div",
            prose(entry.text),
            excerpt,
            join(element("p", prose(detail)) for detail in entry.details)
            if entry.kind in ("silent", "withdrawn", "message")
            else None,
        ),
        id=id,
        cls=entry.kind,
    )
