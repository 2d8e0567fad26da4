"""The history benchmark as a table for a terminal."""

from rich.table import Table

from proactive_lsp.evaluation.benchmark import Report, Row
from proactive_lsp.evaluation.metrics import Metrics

_COLUMNS = ("cards", "alarm", "place", "recall", "exact", "fa/100", "quiet", "help", "lead")


def table_of(report: Report) -> Table:
    """One block a repository: all cards, each kind, the baselines; the mean below several."""
    table = Table(box=None, padding=(0, 0, 0, 1), pad_edge=False)
    table.add_column("", no_wrap=True, min_width=22)
    for name in _COLUMNS:
        table.add_column(name, justify="right")
    for row in report.repositories:
        table.add_row(row.name)
        table.add_row("  all cards", *_cells(row.total))
        for kind, figures in row.needs.items():
            table.add_row(f"  {kind}", *_cells(figures))
        if row.coarse.alarms:
            table.add_row("  without a place", *_cells(row.coarse))
        for name, figures in row.baselines.items():
            table.add_row(f"  ({name})", *_cells(figures))
    if len(report.repositories) > 1:
        table.add_row("mean", *_cells(report.mean))
    return table


def describe(row: Row) -> str:
    """What was measured, in one line."""
    order = row.order if row.order == "canonical" else f"{row.order} (seed {row.seed})"
    parts = (f"{row.commits} commits", f"{row.edits} edits", f"{order} order")
    left_out = (f"{row.left_out} left out",) if row.left_out else ()
    return f"{row.name} {row.head[:12]}: {', '.join((*parts, *left_out))}"


def _cells(figures: Metrics) -> tuple[str, ...]:
    return (
        str(figures.alarms),
        _share(figures.alarm_precision),
        _share(figures.place_precision),
        _share(figures.recall, digits=3),
        _share(figures.exact_edit),
        _share(figures.false_alarms_per_100_edits, digits=1),
        _share(figures.quiet_rate),
        _share(figures.helped),
        _share(figures.lead, digits=1),
    )


def _share(value: float | None, digits: int = 2) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
