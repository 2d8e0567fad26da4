"""The history benchmark as one page: no network, no script, light or dark as the reader has it."""

from collections.abc import Iterable, Iterator
from html import escape

from proactive_lsp.evaluation.benchmark import Report, Row
from proactive_lsp.evaluation.figures import (
    Group,
    interval,
    lines_of,
    means_of,
    number,
    order_of,
    share,
)
from proactive_lsp.evaluation.metrics import Metrics
from proactive_lsp.evaluation.picture import picture_of
from proactive_lsp.replay.escaping import visible
from proactive_lsp.stylesheet import BASE

_STYLE = f"""{BASE}
tr.kind td:first-child, tr.apart td:first-child {{ padding-left: 1.4rem; }}
tr.all td, tr.mean td {{ font-weight: 600; }}
tr.baseline td, tr.apart td {{ color: var(--dim); font-weight: 400; }}
svg {{ margin-top: 1rem; }}
svg .name {{ text-anchor: end; }} svg .title {{ font-weight: 600; }}
svg .tick {{ text-anchor: middle; fill: var(--dim); font-size: 11px; }}
svg .grid {{ stroke: var(--line); }}
svg line.all, svg line.kind, svg line.apart {{ stroke: var(--need); stroke-width: 2; }}
svg circle.all, svg circle.kind, svg circle.apart {{ fill: var(--need); }}
svg line.baseline {{ stroke: var(--other); stroke-width: 2; }}
svg circle.baseline {{ fill: var(--page); stroke: var(--other); stroke-width: 2; }}
"""
_ABOUT = """
<p>Each commit is fed to the engine hunk by hunk, over the files of its parent; the engine never
sees what is still to come. A card is right when a later hunk of the same commit touches one of its
places, give or take a line. “Within 10” also counts what the next 10 commits that touch the file
do there. Recall is the share of all hunks but a commit's first that a card had touched before.
“False per 100 edits” are cards without a right place. Intervals
(95&nbsp;%) come from drawing commits again. Cards after the commit are judged by the
next commits alone, and are in no other figure. Baselines see the same moments.</p>
"""
_FIGURES = (
    *("cards", "cards right", "within 10", "places right", "places within 10", "recall"),
    *("edit exact", "false per 100 edits", "quiet", "commits helped", "lead"),
)
_DRAWN: tuple[Group, ...] = ("all", "kind", "baseline")


def page_of(report: Report) -> str:
    """A whole HTML document."""
    parts = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>What is foreseen of real commits</title>\n<style>{_STYLE}</style>\n</head>",
        f"<body>\n<h1>What is foreseen of real commits</h1>{_ABOUT}",
        *_repositories(report),
        "<h2>Mean over the rows</h2>",
        *_table("order", ((("mean", name), figures) for name, figures in means_of(report))),
    ]
    for row in report.repositories:
        parts += _section(row)
    return "\n".join((*parts, "</body>\n</html>\n"))


def _repositories(report: Report) -> Iterator[str]:
    names = ("repository", "head", "of", "order", "commits", "left out", "edits")
    yield '<div class="scroll"><table>\n<thead><tr>'
    yield "".join(f"<th{_left(number)}>{name}</th>" for number, name in enumerate(names))
    yield "</tr></thead>"
    for row in report.repositories:
        head = f"<code>{escape(row.head[:12])}</code>"
        texts = (_text(row.name), head, escape(row.head_date), escape(order_of(row)))
        numbers = (row.commits, row.left_out, row.edits)
        cells = (*texts, *map(str, numbers))
        yield f"<tr>{''.join(f'<td{_left(at)}>{cell}</td>' for at, cell in enumerate(cells))}</tr>"
    yield "</table></div>"


def _left(column: int) -> str:
    """Texts stand on the left, numbers on the right."""
    return ' class="text"' if column < len(("repository", "head", "of", "order")) else ""


def _section(row: Row) -> Iterator[str]:
    order = f'<span class="dim">({escape(order_of(row))})</span>'
    yield f"<h2>{_text(row.name)} {order}</h2>"
    lines = tuple(lines_of(row))
    yield from _table("", (((line.group, line.name), line.figures) for line in lines))
    drawn = [line for line in lines if line.group in _DRAWN and line.figures.alarms]
    if drawn:
        yield picture_of(drawn)


def _table(first: str, rows: Iterable[tuple[tuple[str, str], Metrics]]) -> Iterator[str]:
    yield '<div class="scroll"><table>\n<thead><tr>'
    yield "".join(f"<th>{name}</th>" for name in (first, *_FIGURES))
    yield "</tr></thead>"
    for (group, name), figures in rows:
        cells = "".join(f"<td>{cell}</td>" for cell in (_text(name), *_cells(figures)))
        yield f'<tr class="{group}">{cells}</tr>'
    yield "</table></div>"


def _cells(figures: Metrics) -> Iterator[str]:
    within = figures.within_10
    yield str(figures.alarms)
    yield _with_interval(share(figures.alarm_precision), figures, "alarm_precision")
    yield _with_interval(share(within.alarm_precision), figures, "within_10_alarm_precision")
    yield _with_interval(share(figures.place_precision), figures, "place_precision")
    yield _with_interval(share(within.place_precision), figures, "within_10_place_precision")
    yield _with_interval(share(figures.recall, 3), figures, "recall", 3)
    yield share(figures.exact_edit)
    yield number(figures.false_alarms_per_100_edits, 1)
    yield share(figures.quiet_rate)
    yield share(figures.helped)
    yield number(figures.lead, 1)


def _with_interval(value: str, figures: Metrics, name: str, digits: int = 2) -> str:
    found = interval(figures, name, digits)
    return f"{value}<br><small>{found}</small>" if found else value


def _text(text: str) -> str:
    return escape(visible(text))
