"""One suggestion on the page: evidence, diff, judgement, what the user said, what labels wanted."""

from collections.abc import Iterator, Sequence

from proactive_lsp.explain.evidence import OTHER, Grounds, Proof, Push
from proactive_lsp.explain.page import chance
from proactive_lsp.explain.words import meaning
from proactive_lsp.replay.check import Verdict
from proactive_lsp.replay.chronicle import CardPage, Chronicle
from proactive_lsp.replay.lanes import Mark
from proactive_lsp.replay.pieces import Piece
from proactive_lsp.replay.transcript import SuggestionRow
from proactive_lsp.report.html import Html, element, join, prose, text
from proactive_lsp.report.told import Anchors, answer_badge, badge, clock

_LONGEST_LINE = 240


def card(row: SuggestionRow, page: CardPage | None, chronicle: Chronicle, anchors: Anchors) -> Html:
    """The article of a card; without its page only what the transcript has."""
    t = row.t
    wanted = _wanted(page.verdict) if page is not None else None
    head = element(
        "header",
        element("h3", prose(row.title)),
        element(
            "div",
            badge(row.need, "need"),
            answer_badge(row.answer),
            wanted,
            badge(_when(row, page)),
            cls="badges",
        ),
    )
    linked = _Linked(chronicle, anchors, t)
    tasks = [_task(grounds, linked, number) for number, grounds in enumerate(row.explained.grounds)]
    left = element("div", *tasks, _learned(row))
    right = element("div", element("h4", "What accepting does"), *_diff(row, page))
    return element(
        "article",
        head,
        element("div", left, right, cls="sides"),
        id=anchors.card_id(row.id, round(t, 3)),
    )


def gauge(p: float, threshold: float) -> Html:
    """A bar as long as the probability, with a mark where the threshold is."""
    look = "gauge" if p >= threshold else "gauge below"
    said, least = chance(p, threshold)
    return element(
        "div",
        element("i", style=f"width:{100 * p:.1f}%"),
        element("b", style=f"left:{100 * min(threshold, 0.998):.1f}%"),
        cls=look,
        role="img",
        aria_label=f"probability {said}, threshold {least}",
    )


class _Linked:
    """Evidence with links to where the page tells of it."""

    def __init__(self, chronicle: Chronicle, anchors: Anchors, t: float) -> None:
        self._times = chronicle.times
        self._anchors = anchors
        self._t = t
        self._edits: Sequence[Mark] = next(
            (lane.marks for lane in chronicle.lanes if lane.kind == "edits"), ()
        )

    def fact(self, fact: Proof) -> Html:
        href = self._href(fact)
        cited = fact.cited()
        proof = cited.removeprefix(fact.text)
        if href is None or not proof:
            return element("li", prose(cited))
        return element("li", prose(fact.text), " ", element("a", proof.strip(), href=href))

    def _href(self, fact: Proof) -> str | None:
        if fact.event is not None:
            t = self._times.get(fact.event)
            return self._anchors.moment(t) if t is not None else None
        if fact.path is None:
            return None
        latest = [mark for mark in self._edits if mark.path == fact.path and mark.t <= self._t]
        return self._anchors.moment(latest[-1].t) if latest else None


def _task(grounds: Grounds, linked: _Linked, number: int) -> Html:
    p, least = chance(grounds.p, grounds.threshold)
    name = f"Evidence: {grounds.need}"
    also = element("p", prose(grounds.title), cls="dim") if number else None
    facts = element("ul", *map(linked.fact, grounds.facts), cls="facts")
    judged = join(
        (
            element("h4", f"Judgement: probability {p}, shown from {least} on"),
            gauge(grounds.p, grounds.threshold),
        )
    )
    odds = _odds(grounds.pushes) if grounds.pushes else None
    if number:
        summary = element("summary", f"Also: {grounds.need} ", badge(p))
        inner = element("div", also, facts, judged, odds)
        return element("details", summary, inner)
    return join((element("h4", name), facts, judged, odds))


def _odds(pushes: Sequence[Push]) -> Html:
    largest = max(abs(push) for _, push in pushes) or 1.0
    rows = [_push(name, push, largest) for name, push in pushes]
    total = sum(push for _, push in pushes)
    rows.append(
        element(
            "tr",
            element("th", "log odds", scope="row"),
            element("td"),
            element("td", f"{total:+.2f}"),
        )
    )
    return element(
        "table",
        element("caption", "What spoke for and against", cls="dim", style="text-align:left"),
        element("tbody", *rows),
        cls="odds",
    )


def _push(name: str, push: float, largest: float) -> Html:
    said = "all the others" if name == OTHER else meaning(name) or name
    bar = element("span", element("i", style=f"width:{50 * abs(push) / largest:.1f}%"))
    return element(
        "tr",
        element("th", said, scope="row", title=name),
        element("td", bar, cls=f"bar {'for' if push >= 0 else 'against'}"),
        element("td", f"{push:+.2f}"),
    )


def _learned(row: SuggestionRow) -> Html | None:
    if not row.learned:
        return None
    return element("p", f"Earlier answers moved the log odds by {row.learned:+.2f}.", cls="dim")


def _diff(row: SuggestionRow, page: CardPage | None) -> Iterator[Html]:
    if page is None:
        yield element("p", "So many cards came before that its diff was not kept.", cls="dim")
        return
    if row.edit is None:
        yield element(
            "p", "It points at places; the edit is for you or the model to make.", cls="dim"
        )
    pointing = [piece.heading for piece in page.pieces if not (piece.before or piece.after)]
    yield from (_piece(piece) for piece in page.pieces if piece.before or piece.after)
    if pointing:
        also = "It also points at " if row.edit is not None else "At "
        yield element("p", also, prose(", ".join(pointing)), cls="dim facts")


def _piece(piece: Piece) -> Html:
    lines = [
        *(element("del", text(line, most=_LONGEST_LINE)) for line in piece.before),
        *(element("ins", text(line, most=_LONGEST_LINE)) for line in piece.after),
    ]
    return element("div", element("p", prose(piece.heading)), element("pre", *lines), cls="diff")


def _wanted(verdict: Verdict) -> Html | None:
    if verdict.kept:
        return badge("wanted by a label", "good")
    if verdict.broken:
        return badge("a label wanted silence", "bad")
    return badge("wanted by no label", "other") if verdict.labelled else None


def _when(row: SuggestionRow, page: CardPage | None) -> str:
    t = row.t
    stood = f", there for {clock(page.until - t)}" if page is not None and page.until > t else ""
    return f"{clock(t)}, at a {row.trigger}{stood}" if row.trigger else f"{clock(t)}{stood}"
