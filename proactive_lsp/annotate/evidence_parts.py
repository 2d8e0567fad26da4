"""A card or a silence as parts of a page: evidence, edit, code, and why it passed the filter."""

from collections.abc import Iterable, Iterator, Sequence

from proactive_lsp.annotate.excerpts import CodeLine
from proactive_lsp.annotate.lived import Card, Silence
from proactive_lsp.explain.evidence import Explained
from proactive_lsp.report.html import Content, Html, element, prose


def clock_time(t: float) -> str:
    """Seconds since the start as people read them.

    >>> clock_time(3.25), clock_time(3725.5)
    ('0:03.2', '1:02:05.5')
    """
    minutes, seconds = divmod(int(t * 10) / 10, 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02}:{seconds:04.1f}" if hours else f"{minutes}:{seconds:04.1f}"


def card_parts(card: Card) -> Iterator[Html]:
    """The head of a card, then all that there is to say of it."""
    yield element("div", *_head(card), cls="head")
    if card.why is not None:
        yield from _evidence(card.why)
    if card.draft:
        yield _part("Draft", element("pre", card.draft, cls="draft"))
    for changed in card.changed:
        name = f"{changed.path} (new file)" if changed.created else changed.path
        cut = None if changed.whole else element("p", "The rest is left out.", cls="note")
        yield _part(name, _code(changed.lines, numbered=True), cut, kind="change")
    for excerpt in card.excerpts:
        yield _part(f"In {excerpt.path}", _code(excerpt.lines, numbered=True), kind="change")
    if card.why is not None:
        yield _grounds(card.why)


def silence_parts(silence: Silence) -> Iterator[Content]:
    """What was kept back, and why."""
    why = silence.why
    yield element("p", _where(why.need, why.path, why.range.start.line, silence.t), cls="meta")
    yield element("h2", prose(why.title))
    yield element("p", f"Kept back. {why.reason or ''}", cls="reason")
    yield from _evidence(why)
    yield _grounds(why)
    missing = "It should have been offered "
    yield element(
        "p",
        element(
            "button",
            missing,
            element("kbd", "m"),
            type="button",
            cls="ask",
            data_need=why.need,
            data_path=why.path,
            data_line=why.range.start.line + 1,
        ),
    )


def _head(card: Card) -> Iterator[Content]:
    where = _where(card.need, card.path, card.range.start.line, card.t)
    origin = "" if card.why is not None else "told by the recording alone"
    trigger = f"at a {card.why.trigger}" if card.why is not None else ""
    yield element(
        "p", where, *(element("span", each) for each in (trigger, origin) if each), cls="meta"
    )
    yield element("h2", prose(card.title))


def _where(need: str, path: str, line: int, t: float) -> list[Content]:
    return [
        element("span", need, cls="need"),
        element("span", f"{path}:{line + 1}", cls="path"),
        element("span", clock_time(t)),
    ]


def _evidence(why: Explained) -> Iterator[Html]:
    facts = [fact for grounds in why.grounds for fact in grounds.facts]
    told = dict.fromkeys(fact.cited() for fact in facts)
    if told:
        yield _part("Evidence", element("ul", [element("li", prose(fact)) for fact in told]))


def _grounds(why: Explained) -> Html:
    """What the filter made of it; closed, since it would sway a judgement."""
    rows = [
        element("tr", element("td", name), element("td", f"{push:+.2f}", cls="number"))
        for name, push in why.pushes
    ]
    return element(
        "details",
        element("summary", "What the filter thought"),
        element(
            "p", f"Probability {why.p:.2f}, threshold {why.threshold:.2f}; pushes in log odds:"
        ),
        element("table", element("tbody", *rows)) if rows else None,
    )


def _part(heading: str, *content: Content, kind: str = "") -> Html:
    return element("section", element("h3", heading), *content, cls=f"part {kind}".strip())


def _code(lines: Sequence[CodeLine], *, numbered: bool) -> Html:
    return element("pre", *(_code_lines(lines, numbered=numbered)), cls="code", tabindex=0)


def _code_lines(lines: Iterable[CodeLine], *, numbered: bool) -> Iterator[Html]:
    kinds = {"+": "came", "-": "went", "…": "gap", " ": ""}
    for line in lines:
        if line.sign == "…":
            yield element("span", "…", cls="gap")
            continue
        number = element("i", str(line.number), aria_hidden="true") if numbered else None
        kind = "here" if line.marked else kinds[line.sign]
        yield element("span", number, f"{line.sign} ", line.text, cls=kind or None)
