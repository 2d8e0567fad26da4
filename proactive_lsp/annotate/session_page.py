"""The page of one session: the timeline on the left, what is selected on the right."""

from collections.abc import Iterable, Iterator, Sequence

from proactive_lsp.annotate.agreement import others_on
from proactive_lsp.annotate.evidence_parts import card_parts, clock_time, silence_parts
from proactive_lsp.annotate.lived import Card, Happened, Lived, Row, Silence
from proactive_lsp.annotate.marks import Marks, Missing, Worth
from proactive_lsp.annotate.markup import Child, Html, page, prose, tag
from proactive_lsp.replay.wording import counted

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
        tag("main", _timeline(items, lived, gone), _detail(articles, count), class_="panes"),
        _missing_dialog(lived, kinds),
        _help(),
        tag("p", id="said", role="status", aria_live="polite"),
        data_session=number,
        data_sessions=sessions,
    )


def _header(
    lived: Lived, annotator: str, number: int, sessions: int, marked: int, count: int
) -> Html:
    return tag(
        "header",
        tag("a", "Sessions", href="/", class_="back"),
        tag(
            "div",
            tag("h1", lived.header.name),
            tag("span", " · ".join(filter(None, (lived.about, f"{number + 1} of {sessions}")))),
            class_="name",
        ),
        tag(
            "div",
            tag("progress", value=marked, max=max(1, count), id="bar", aria_label="marked"),
            tag("span", f"{marked} of {count} marked", id="count"),
            class_="progress",
        ),
        tag("span", "as ", tag("b", annotator), class_="who"),
        _link(number - 1, "Previous ", "[") if number else None,
        _link(number + 1, "Next ", "]") if number + 1 < sessions else None,
        tag("button", "Help ", tag("kbd", "?"), type="button", id="ask-help"),
    )


def _link(number: int, word: str, key: str) -> Html:
    return tag("a", word, tag("kbd", key), href=f"/session/{number}", class_="button")


def _timeline(items: Sequence[Html], lived: Lived, gone: int) -> Html:
    tools = tag(
        "div",
        tag("label", "Search the timeline", for_="search", class_="unseen"),
        tag("input", type="search", id="search", placeholder="Search  /", autocomplete="off"),
        tag("label", tag("input", type="checkbox", id="silences"), " kept back ", tag("kbd", "s")),
        tag(
            "label",
            tag("input", type="checkbox", id="onwards", checked=True),
            " go on after a mark ",
            tag("kbd", "a"),
        ),
        class_="tools",
    )
    notes = [*lived.warnings]
    if lived.left_out:
        notes.append(f"Not shown: {lived.left_out}.")
    if gone:
        notes.append(f"{counted(gone, 'mark')} of what this version no longer offers.")
    return tag(
        "section",
        tools,
        [tag("p", note, class_="note") for note in notes],
        tag("ol", *items, id="rows", role="listbox", aria_label="Timeline", tabindex=0),
        tag("p", "Nothing matches.", id="none", class_="note", hidden=True),
        class_="timeline",
        aria_label="Timeline",
    )


def _detail(articles: Sequence[Html], cards: int) -> Html:
    hint = (
        "Choose a line of the timeline; j goes to the first suggestion."
        if cards
        else "Nothing was offered in this session. Press m where something was missing."
    )
    event = tag(
        "article",
        tag("p", class_="meta", id="event-time"),
        tag("h2", id="event-text"),
        tag("pre", id="event-more"),
        tag("p", _missing_button()),
        id="event",
        hidden=True,
    )
    return tag(
        "section",
        tag("p", hint, id="hint", class_="note"),
        event,
        *articles,
        class_="detail",
        aria_label="What is selected",
    )


def _item(
    index: int,
    t: float,
    kind: str,
    *text: Child,
    badge: str = "",
    **data: str | int | None,
) -> Html:
    return tag(
        "li",
        tag("time", clock_time(t)),
        tag("span", *text, class_="what"),
        tag("span", badge, class_="badge") if badge else None,
        id=f"row-{index}",
        role="option",
        aria_selected="false",
        class_=kind,
        data_t=t,
        **{f"data_{key}": value for key, value in data.items()},
    )


def _happened(row: Happened, index: int) -> Html:
    excerpt = tag("span", row.excerpt, class_="excerpt") if row.excerpt else None
    more = "\n".join(row.details)
    return _item(index, row.t, "happened", tag("span", row.text), excerpt, more=more or None)


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


def _article(index: int, parts: Iterable[Child]) -> Html:
    return tag("article", *parts, id=f"detail-{index}", hidden=True)


def _card_parts(
    card: Card, worth: Worth | None, said: Sequence[tuple[str, Worth]]
) -> Iterator[Child]:
    head, *rest = card_parts(card)
    yield head
    buttons = [
        tag(
            "button",
            tag("kbd", str(position)),
            tag("b", word),
            tag("small", meaning),
            type="button",
            class_=f"choice {choice}",
            data_worth=choice,
            aria_pressed="true" if worth == choice else "false",
        )
        for position, (choice, word, meaning) in enumerate(CHOICES, start=1)
    ]
    yield tag("div", *buttons, class_="choices", role="group", aria_label="What was it worth?")
    yield tag(
        "p",
        revealed(card, said) if worth is not None else None,
        class_="revealed",
        hidden=worth is None,
    )
    yield from rest


def revealed(card: Card, said: Sequence[tuple[str, Worth]]) -> str:
    """What would have swayed a judgement, for afterwards."""
    told = [f"Marked by {name}: {WORDS[worth].lower()}." for name, worth in said]
    if card.answer is not None:
        told.append(f"In the recording it was {card.answer}.")
    return " ".join(told) or "Nobody else has marked this one yet."


def _missing_parts(id: int, miss: Missing) -> Iterator[Child]:
    yield tag("p", clock_time(miss.t), class_="meta")
    yield tag("h2", f"Missing: {miss.need}")
    yield tag("p", f"{miss.path}{_line(miss)}, within {miss.within:g} s of {clock_time(miss.t)}.")
    if miss.note:
        yield tag("p", miss.note)
    yield tag("button", "Take it back", type="button", class_="remove", data_number=id)


def _line(miss: Missing) -> str:
    return f":{miss.range.start.line + 1}" if miss.range is not None else ""


def _missing_button() -> Html:
    return tag(
        "button", "Something was missing here ", tag("kbd", "m"), type="button", class_="ask"
    )


def _missing_dialog(lived: Lived, kinds: Iterable[str]) -> Html:
    options = [tag("option", kind, value=kind) for kind in kinds]
    fields = (
        ("need", "What was missing", tag("select", *options, id="need", name="need")),
        (
            "path",
            "In which file",
            tag("input", id="path", name="path", list="paths", required=True, autocomplete="off"),
        ),
        (
            "line",
            "On which line, if on one",
            tag("input", id="line", name="line", type="number", min=1, max=10_000_000),
        ),
        (
            "within",
            "Within how many seconds",
            tag(
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
        ("note", "Why, for others to read", tag("input", id="note", name="note", maxlength=1_000)),
    )
    form = tag(
        "form",
        tag("h2", "Something was missing"),
        tag("p", "From ", tag("b", id="from"), " on, a card should have been offered."),
        [tag("p", tag("label", text, for_=name), field) for name, text, field in fields],
        tag("datalist", [tag("option", value=path) for path in lived.paths[:500]], id="paths"),
        tag(
            "p",
            tag("button", "Keep", type="submit", class_="primary"),
            tag("button", "Cancel ", tag("kbd", "Esc"), type="button", class_="close"),
            class_="buttons",
        ),
        method="dialog",
        id="missing-form",
    )
    return tag("dialog", form, id="missing", aria_label="Something was missing")


def _help() -> Html:
    rows = [tag("tr", tag("th", tag("kbd", keys)), tag("td", text)) for keys, text in _KEYS]
    close = tag("button", "Close ", tag("kbd", "Esc"), type="button", class_="close")
    return tag(
        "dialog",
        tag("h2", "Keys"),
        tag("table", tag("tbody", *rows)),
        tag("p", "What others said, and what the user did then, shows once you have judged."),
        tag("p", close, class_="buttons"),
        id="help",
        aria_label="Keys",
    )
