"""The pages around the sessions: which there are, how far people agree, and what went wrong."""

from collections.abc import Sequence

from proactive_lsp.annotate.agreement import Agreement, Pair
from proactive_lsp.annotate.library import Progress
from proactive_lsp.annotate.markup import page
from proactive_lsp.annotate.session_page import WORDS
from proactive_lsp.replay.wording import counted
from proactive_lsp.report.html import Content, Html, element


def index_page(labels: Sequence[str], progress: Sequence[Progress], annotator: str) -> bytes:
    """Every session with how far this annotator got."""
    rows = [_session(*each) for each in zip(range(len(labels)), labels, progress, strict=True)]
    marked = sum(each.judged for each in progress)
    return page(
        "Sessions · annotate",
        element(
            "header",
            element("div", element("h1", "Sessions"), element("span", _summary(len(rows), marked))),
            element("span", "as ", element("b", annotator), cls="who"),
            element("a", "Agreement", href="/agreement", cls="button"),
        ),
        element(
            "main",
            element("ol", *rows, cls="sessions", id="sessions"),
            element(
                "p", element("kbd", "j k"), " to choose, ", element("kbd", "Enter"), " to open."
            ),
            cls="narrow",
        ),
        element("p", id="said", role="status", aria_live="polite"),
    )


def agreement_page(found: Agreement, labels: Sequence[str], annotator: str) -> bytes:
    """How far people agree; what others said shows here whether one has judged or not."""
    return page(
        "Agreement · annotate",
        element(
            "header",
            element("a", "Sessions", href="/", cls="back"),
            element("div", element("h1", "Agreement")),
            element("span", "as ", element("b", annotator), cls="who"),
        ),
        element("main", *_agreement(found, labels), cls="narrow"),
    )


def problem_page(title: str, problem: str) -> bytes:
    """Something that cannot be shown, and why."""
    return page(
        title,
        element(
            "header",
            element("a", "Sessions", href="/", cls="back"),
            element("div", element("h1", title)),
        ),
        element("main", element("p", problem, cls="problem", role="alert"), cls="narrow"),
    )


def agreement_lines(found: Agreement) -> list[str]:
    """The same for a terminal."""
    if not found.names:
        return ["Nobody has marked anything yet."]
    lines = [
        f"{name}: {counted(judged, 'suggestion')} marked"
        for name, judged in zip(found.names, found.judged, strict=True)
    ]
    lines += [
        f"{pair.first} and {pair.second}: {_alike(pair)}, Cohen's kappa {number(pair.kappa)}"
        f"; missing: {pair.missing} found by both, {pair.alone} by one"
        for pair in found.pairs
    ]
    if len(found.names) > 2:
        lines.append(f"all {len(found.names)}: {_fleiss(found)}")
    return lines


def number(kappa: float | None) -> str:
    """A kappa with its sign where it has one; where there is none, so."""
    return "undefined" if kappa is None else f"{kappa:.2f}"


def _summary(sessions: int, marked: int) -> str:
    return f"{counted(sessions, 'session')}, {counted(marked, 'mark')} of yours"


def _session(index: int, label: str, progress: Progress) -> Html:
    cards = progress.cards
    missing = f", {progress.missing} missing" if progress.missing else ""
    if progress.problem:
        state = progress.problem
    elif cards is None:
        state = f"{progress.judged} marked{missing}" if progress.judged or missing else "not opened"
    else:
        state = f"{progress.judged} of {cards} marked{missing}"
    bar = None
    if cards:
        bar = element("progress", value=progress.judged, max=cards, aria_hidden="true")
    done = cards is not None and progress.judged == cards and not progress.problem
    return element(
        "li",
        element("a", label, href=f"/session/{index}"),
        bar,
        element("span", state, cls="problem" if progress.problem else "state"),
        cls="done" if done else None,
    )


def _agreement(found: Agreement, labels: Sequence[str]) -> list[Content]:
    if not found.names:
        return [element("p", "Nobody has marked anything yet.")]
    people = [
        element("tr", element("th", name, scope="row"), element("td", str(judged), cls="number"))
        for name, judged in zip(found.names, found.judged, strict=True)
    ]
    parts: list[Content] = [_table(("Annotator", "Marked"), people)]
    if found.pairs:
        parts += [element("h2", "Two at a time"), _table(_PAIR_HEADS, map(_pair, found.pairs))]
    if len(found.names) > 2:
        parts += [element("h2", "All together"), element("p", _fleiss(found))]
    if found.apart:
        rows = [
            element(
                "tr",
                element("td", element("a", labels[each.session], href=f"/session/{each.session}")),
                element("td", f"{each.mark.need} in {each.mark.path}"),
                element("td", ", ".join(f"{name}: {WORDS[worth]}" for name, worth in each.said)),
            )
            for each in found.apart[:200]
        ]
        parts += [
            element("h2", f"Judged differently ({len(found.apart)})"),
            _table(("Session", "Suggestion", "Marks"), rows),
        ]
    parts.append(
        element("p", "1 is full agreement, 0 what chance would give; undefined without variety.")
    )
    return parts


_PAIR_HEADS = ("Annotators", "Both judged", "Alike", "Cohen's kappa", "Missing: both", "One alone")


def _pair(pair: Pair) -> Html:
    share = f"{100 * pair.alike / pair.cards:.0f} %" if pair.cards else "none"
    numbers = (pair.cards, share, number(pair.kappa), pair.missing, pair.alone)
    return element(
        "tr",
        element("th", f"{pair.first} and {pair.second}", scope="row"),
        [element("td", str(each), cls="number") for each in numbers],
    )


def _alike(pair: Pair) -> str:
    return f"{pair.alike} of {pair.cards} alike"


def _fleiss(found: Agreement) -> str:
    return (
        f"{counted(found.cards, 'suggestion')} judged by all, Fleiss' kappa {number(found.kappa)}"
    )


def _table(heads: Sequence[str], rows: Content) -> Html:
    head = element("thead", element("tr", [element("th", each, scope="col") for each in heads]))
    return element("table", head, element("tbody", rows), cls="wide")
