"""The page of one session: the timeline on the left, what is selected on the right."""

from collections.abc import Iterable, Iterator, Sequence

from proactive_lsp.annotate.agreement import others_on
from proactive_lsp.annotate.evidence_parts import card_parts, clock_time, silence_parts
from proactive_lsp.annotate.lived import Card, Happened, Lived, Row, Silence
from proactive_lsp.annotate.marks import Marks, Missing, Worth
from proactive_lsp.annotate.markup import page
from proactive_lsp.replay.wording import counted
from proactive_lsp.report.html import Content, Html, element, prose, text

# Of each worth: its key, the word on the button, and what it means.
CHOICES: tuple[tuple[Worth, str, str], ...] = (
    ("accept", "Accept", "I would take it"),
    ("dismiss", "Dismiss", "right, but I would wave it away"),
    ("not-now", "Not now", "wanted, but not at this moment"),
    ("wrong", "Wrong", "mistaken, or at the wrong place"),
)
WORDS = {worth: word for worth, word, _ in CHOICES}
_KEYS = (
    ("1 2 3 4", "accept, dismiss, not now, wrong"),
    ("j  k", "next and previous suggestion"),
    ("n", "next suggestion without a mark"),
    ("↓  ↑", "next and previous line of the timeline"),
    ("Space", "read on in what is selected; back with Shift"),
    ("u", "undo the last mark"),
    ("m", "something was missing here"),
    ("s", "show or hide what was kept back"),
    ("a", "go on by itself after a mark, or stay"),
    ("/", "search"),
    ("]  [", "next and previous session"),
    ("?", "this help"),
)


def session_page(
    lived: Lived,
    everybody: Sequence[Marks],
    *,
    annotator: str,
    number: int,
    sessions: int,
    kinds: Iterable[str],
) -> bytes:
    """One session as `annotator` sees it; what others said shows once a card has their own mark."""
    mine = next((marks for marks in everybody if marks.annotator == annotator), Marks(annotator))
    rows: list[Row | tuple[int, Missing]] = [*lived.rows, *mine.missing.items()]
    rows.sort(key=lambda row: row[1].t if isinstance(row, tuple) else row.t)
    judged = mine.judged
    left = [card.key for card in lived.cards if card.key not in judged]
    items: list[Html] = []
    articles: list[Html] = []
    for index, row in enumerate(rows):
        match row:
            case Happened():
                items.append(_happened(row, index))
            case Silence():
                items.append(
                    _item(index, row.t, "silence", prose(row.why.title), badge="kept back")
                )
                articles.append(_article(index, silence_parts(row)))
            case Card():
                worth = judged[row.key].worth if row.key in judged else None
                items.append(_card_item(row, index, worth))
                said = others_on(everybody, row.key, annotator)
                articles.append(_article(index, _card_parts(row, worth, said)))
            case (id, miss):
                text = f"missing: {miss.need} in {miss.path}{_line(miss)}"
                items.append(_item(index, miss.t, "missing", text, badge="missing", number=id))
                articles.append(_article(index, _missing_parts(id, miss)))
    count = len(lived.cards)
    gone = len(judged.keys() - {card.key for card in lived.cards})
    return page(
        f"{lived.header.name} · annotate",
        _header(lived, annotator, number, sessions, count - len(left), count),
        element("main", _timeline(items, lived, gone), _detail(articles, count), cls="panes"),
        _missing_dialog(lived, kinds),
        _help(),
        element("p", id="said", role="status", aria_live="polite"),
        data_session=number,
        data_sessions=sessions,
    )


def _header(
    lived: Lived, annotator: str, number: int, sessions: int, marked: int, count: int
) -> Html:
    return element(
        "header",
        element("a", "Sessions", href="/", cls="back"),
        element(
            "div",
            element("h1", lived.header.name),
            element("span", " · ".join(filter(None, (lived.about, f"{number + 1} of {sessions}")))),
            cls="name",
        ),
        element(
            "div",
            element("progress", value=marked, max=max(1, count), id="bar", aria_label="marked"),
            element("span", f"{marked} of {count} marked", id="count"),
            cls="progress",
        ),
        element("span", "as ", element("b", annotator), cls="who"),
        _link(number - 1, "Previous ", "[") if number else None,
        _link(number + 1, "Next ", "]") if number + 1 < sessions else None,
        element("button", "Help ", element("kbd", "?"), type="button", id="ask-help"),
    )


def _link(number: int, word: str, key: str) -> Html:
    return element("a", word, element("kbd", key), href=f"/session/{number}", cls="button")


def _timeline(items: Sequence[Html], lived: Lived, gone: int) -> Html:
    tools = element(
        "div",
        element("label", "Search the timeline", for_="search", cls="unseen"),
        element("input", type="search", id="search", placeholder="Search  /", autocomplete="off"),
        element(
            "label",
            element("input", type="checkbox", id="silences"),
            " kept back ",
            element("kbd", "s"),
        ),
        element(
            "label",
            element("input", type="checkbox", id="onwards", checked=True),
            " go on after a mark ",
            element("kbd", "a"),
        ),
        cls="tools",
    )
    notes = [*lived.warnings]
    if lived.left_out:
        notes.append(f"Not shown: {lived.left_out}.")
    if gone:
        notes.append(f"{counted(gone, 'mark')} of what this version no longer offers.")
    return element(
        "section",
        tools,
        [element("p", note, cls="note") for note in notes],
        element("ol", *items, id="rows", role="listbox", aria_label="Timeline", tabindex=0),
        element("p", "Nothing matches.", id="none", cls="note", hidden=True),
        cls="timeline",
        aria_label="Timeline",
    )


def _detail(articles: Sequence[Html], cards: int) -> Html:
    hint = (
        "Choose a line of the timeline; j goes to the first suggestion."
        if cards
        else "Nothing was offered in this session. Press m where something was missing."
    )
    event = element(
        "article",
        element("p", cls="meta", id="event-time"),
        element("h2", id="event-text"),
        element("pre", id="event-more"),
        element("p", _missing_button()),
        id="event",
        hidden=True,
    )
    return element(
        "section",
        element("p", hint, id="hint", cls="note"),
        event,
        *articles,
        cls="detail",
        aria_label="What is selected",
    )


def _item(
    index: int,
    t: float,
    kind: str,
    *text: Content,
    badge: str = "",
    **data: str | int | None,
) -> Html:
    return element(
        "li",
        element("time", clock_time(t)),
        element("span", *text, cls="what"),
        element("span", badge, cls="badge") if badge else None,
        id=f"row-{index}",
        role="option",
        aria_selected="false",
        cls=kind,
        data_t=t,
        **{f"data_{key}": value for key, value in data.items()},
    )


def _happened(row: Happened, index: int) -> Html:
    excerpt = element("span", row.excerpt, cls="excerpt") if row.excerpt else None
    more = "\n".join(row.details)
    return _item(index, row.t, "happened", element("span", row.text), excerpt, more=more or None)


def _card_item(card: Card, index: int, worth: Worth | None) -> Html:
    return _item(
        index,
        card.t,
        "card",
        prose(card.title),
        badge=WORDS[worth] if worth is not None else "to mark",
        key=card.key,
        worth=worth,
        need=card.need,
        path=card.path,
        line=card.range.start.line + 1,
    )


def _article(index: int, parts: Iterable[Content]) -> Html:
    return element("article", *parts, id=f"detail-{index}", hidden=True)


def _card_parts(
    card: Card, worth: Worth | None, said: Sequence[tuple[str, Worth]]
) -> Iterator[Content]:
    head, *rest = card_parts(card)
    yield head
    buttons = [
        element(
            "button",
            element("kbd", str(position)),
            element("b", word),
            element("small", meaning),
            type="button",
            cls=f"choice {choice}",
            data_worth=choice,
            aria_pressed="true" if worth == choice else "false",
        )
        for position, (choice, word, meaning) in enumerate(CHOICES, start=1)
    ]
    yield element("div", *buttons, cls="choices", role="group", aria_label="What was it worth?")
    yield element(
        "p",
        revealed(card, said) if worth is not None else None,
        cls="revealed",
        hidden=worth is None,
    )
    yield from rest


def revealed(card: Card, said: Sequence[tuple[str, Worth]]) -> str:
    """What would have swayed a judgement, for afterwards."""
    told = [f"Marked by {name}: {WORDS[worth].lower()}." for name, worth in said]
    if card.answer is not None:
        told.append(f"In the recording it was {card.answer}.")
    return " ".join(told) or "Nobody else has marked this one yet."


def _missing_parts(id: int, miss: Missing) -> Iterator[Content]:
    yield element("p", clock_time(miss.t), cls="meta")
    yield element("h2", f"Missing: {miss.need}")
    yield element(
        "p", f"{miss.path}{_line(miss)}, within {miss.within:g} s of {clock_time(miss.t)}."
    )
    if miss.note:
        yield element("p", text(miss.note, most=1_000))
    yield element("button", "Take it back", type="button", cls="remove", data_number=id)


def _line(miss: Missing) -> str:
    return f":{miss.range.start.line + 1}" if miss.range is not None else ""


def _missing_button() -> Html:
    return element(
        "button", "Something was missing here ", element("kbd", "m"), type="button", cls="ask"
    )


def _missing_dialog(lived: Lived, kinds: Iterable[str]) -> Html:
    options = [element("option", kind, value=kind) for kind in kinds]
    fields = (
        ("need", "What was missing", element("select", *options, id="need", name="need")),
        (
            "path",
            "In which file",
            element(
                "input", id="path", name="path", list="paths", required=True, autocomplete="off"
            ),
        ),
        (
            "line",
            "On which line, if on one",
            element("input", id="line", name="line", type="number", min=1, max=10_000_000),
        ),
        (
            "within",
            "Within how many seconds",
            element(
                "input",
                id="within",
                name="within",
                type="number",
                min=0,
                max=86_400,
                step="any",
                value=5,
                required=True,
            ),
        ),
        (
            "note",
            "Why, for others to read",
            element("input", id="note", name="note", maxlength=1_000),
        ),
    )
    form = element(
        "form",
        element("h2", "Something was missing"),
        element("p", "From ", element("b", id="from"), " on, a card should have been offered."),
        [element("p", element("label", text, for_=name), field) for name, text, field in fields],
        element(
            "datalist", [element("option", value=path) for path in lived.paths[:500]], id="paths"
        ),
        element(
            "p",
            element("button", "Keep", type="submit", cls="primary"),
            element("button", "Cancel ", element("kbd", "Esc"), type="button", cls="close"),
            cls="buttons",
        ),
        method="dialog",
        id="missing-form",
    )
    return element("dialog", form, id="missing", aria_label="Something was missing")


def _help() -> Html:
    rows = [
        element("tr", element("th", element("kbd", keys)), element("td", text))
        for keys, text in _KEYS
    ]
    close = element("button", "Close ", element("kbd", "Esc"), type="button", cls="close")
    return element(
        "dialog",
        element("h2", "Keys"),
        element("table", element("tbody", *rows)),
        element("p", "What others said, and what the user did then, shows once you have judged."),
        element("p", close, cls="buttons"),
        id="help",
        aria_label="Keys",
    )
