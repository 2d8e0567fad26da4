"""The history benchmark as a table for a terminal."""

from rich.table import Table

from proactive_lsp.evaluation import benchmark
from proactive_lsp.evaluation.benchmark import Report, Row
from proactive_lsp.evaluation.figures import Group, lines_of, means_of, number, order_of
from proactive_lsp.evaluation.metrics import Metrics

_COLUMNS = ("cards", "alarm", "+10", "place", "rec", "exact", "fa%", "quiet", "help", "lead")
_FIRST = 24  # characters, so that all fits in 80
_MARKED: dict[Group, str] = {"baseline": "({})"}


def table_of(report: Report) -> Table:
    """One block a repository: all cards, each kind, the baselines; means below several.

    "+10" is the share of right cards when what the next 10 commits do counts, too; "fa%" are the
    false alarms per 100 edits.
    """
    table = Table(box=None, padding=(0, 0, 0, 1), pad_edge=False)
    table.add_column("", no_wrap=True, min_width=_FIRST, max_width=_FIRST)
    for name in _COLUMNS:
        table.add_column(name, justify="right")
    for row in report.repositories:
        table.add_row(row.name if row.order == "canonical" else f"{row.name} {order_of(row)}")
        for line in lines_of(row):
            name = _MARKED.get(line.group, " {}").format(line.name)
            table.add_row(f" {name}", *_cells(line.figures))
    if len(report.repositories) > 1:
        for name, figures in means_of(report):
            table.add_row(f"mean, {name}", *_cells(figures))
    return table


def describe(row: Row) -> str:
    """What was measured, in one line."""
    parts = (f"{row.commits} commits", f"{row.edits} edits", f"order {order_of(row)}")
    reason = f"each tree missing or of more than {benchmark.MOST_FILES} files"
    left_out = (f"{row.left_out} left out, {reason}",) if row.left_out else ()
    return f"{row.name} {row.head[:12]} of {row.head_date}: {', '.join((*parts, *left_out))}"


def _cells(figures: Metrics) -> tuple[str, ...]:
    return (
        str(figures.alarms),
        number(figures.alarm_precision),
        number(figures.within_10.alarm_precision),
        number(figures.place_precision),
        number(figures.recall, digits=3),
        number(figures.exact_edit),
        number(figures.false_alarms_per_100_edits, digits=1),
        number(figures.quiet_rate),
        number(figures.helped),
        number(figures.lead, digits=1),
    )
