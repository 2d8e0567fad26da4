"""The pages around the sessions: which there are, how far people agree, and what went wrong."""

from collections.abc import Sequence

from proactive_lsp.annotate.agreement import Agreement, Pair
from proactive_lsp.annotate.library import Progress
from proactive_lsp.annotate.markup import Child, Html, page, tag
from proactive_lsp.annotate.session_page import WORDS
from proactive_lsp.replay.wording import counted


def index_page(labels: Sequence[str], progress: Sequence[Progress], annotator: str) -> bytes:
    """Every session with how far this annotator got."""
    rows = [_session(*each) for each in zip(range(len(labels)), labels, progress, strict=True)]
    marked = sum(each.judged for each in progress)
    return page(
        "Sessions · annotate",
        tag(
            "header",
            tag("div", tag("h1", "Sessions"), tag("span", _summary(len(rows), marked))),
            tag("span", "as ", tag("b", annotator), class_="who"),
            tag("a", "Agreement", href="/agreement", class_="button"),
        ),
        tag(
            "main",
            tag("ol", *rows, class_="sessions", id="sessions"),
            tag("p", tag("kbd", "j k"), " to choose, ", tag("kbd", "Enter"), " to open."),
            class_="narrow",
        ),
        tag("p", id="said", role="status", aria_live="polite"),
    )


def agreement_page(found: Agreement, labels: Sequence[str], annotator: str) -> bytes:
    """How far people agree; what others said shows here whether one has judged or not."""
    return page(
        "Agreement · annotate",
        tag(
            "header",
            tag("a", "Sessions", href="/", class_="back"),
            tag("div", tag("h1", "Agreement")),
            tag("span", "as ", tag("b", annotator), class_="who"),
        ),
        tag("main", *_agreement(found, labels), class_="narrow"),
    )


def problem_page(title: str, problem: str) -> bytes:
    """Something that cannot be shown, and why."""
    return page(
        title,
        tag("header", tag("a", "Sessions", href="/", class_="back"), tag("div", tag("h1", title))),
        tag("main", tag("p", problem, class_="problem", role="alert"), class_="narrow"),
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
        bar = tag("progress", value=progress.judged, max=cards, aria_hidden="true")
    done = cards is not None and progress.judged == cards and not progress.problem
    return tag(
        "li",
        tag("a", label, href=f"/session/{index}"),
        bar,
        tag("span", state, class_="problem" if progress.problem else "state"),
        class_="done" if done else None,
    )


def _agreement(found: Agreement, labels: Sequence[str]) -> list[Child]:
    if not found.names:
        return [tag("p", "Nobody has marked anything yet.")]
    people = [
        tag("tr", tag("th", name, scope="row"), tag("td", str(judged), class_="number"))
        for name, judged in zip(found.names, found.judged, strict=True)
    ]
    parts: list[Child] = [_table(("Annotator", "Marked"), people)]
    if found.pairs:
        parts += [tag("h2", "Two at a time"), _table(_PAIR_HEADS, map(_pair, found.pairs))]
    if len(found.names) > 2:
        parts += [tag("h2", "All together"), tag("p", _fleiss(found))]
    if found.apart:
        rows = [
            tag(
                "tr",
                tag("td", tag("a", labels[each.session], href=f"/session/{each.session}")),
                tag("td", f"{each.mark.need} in {each.mark.path}"),
                tag("td", ", ".join(f"{name}: {WORDS[worth]}" for name, worth in each.said)),
            )
            for each in found.apart[:200]
        ]
        parts += [
            tag("h2", f"Judged differently ({len(found.apart)})"),
            _table(("Session", "Suggestion", "Marks"), rows),
        ]
    parts.append(
        tag("p", "1 is full agreement, 0 what chance would give; undefined without variety.")
    )
    return parts


_PAIR_HEADS = ("Annotators", "Both judged", "Alike", "Cohen's kappa", "Missing: both", "One alone")


def _pair(pair: Pair) -> Html:
    share = f"{100 * pair.alike / pair.cards:.0f} %" if pair.cards else "none"
    numbers = (pair.cards, share, number(pair.kappa), pair.missing, pair.alone)
    return tag(
        "tr",
        tag("th", f"{pair.first} and {pair.second}", scope="row"),
        [tag("td", str(each), class_="number") for each in numbers],
    )


def _alike(pair: Pair) -> str:
    return f"{pair.alike} of {pair.cards} alike"


def _fleiss(found: Agreement) -> str:
    return (
        f"{counted(found.cards, 'suggestion')} judged by all, Fleiss' kappa {number(found.kappa)}"
    )


def _table(heads: Sequence[str], rows: Child) -> Html:
    head = tag("thead", tag("tr", [tag("th", each, scope="col") for each in heads]))
    return tag("table", head, tag("tbody", rows), class_="wide")
