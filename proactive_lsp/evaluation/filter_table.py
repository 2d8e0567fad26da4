"""How well the filter judges, as a table for a terminal."""

from typing import TYPE_CHECKING

from rich.table import Table

from proactive_lsp.evaluation.figures import number

if TYPE_CHECKING:
    from proactive_lsp.evaluation.filter_bench import FilterReport
    from proactive_lsp.evaluation.filter_figures import FilterFigures

_COLUMNS = ("places", "right", "AUC", "by kind", "within", "shuffled", "ECE")


def filter_table(report: "FilterReport") -> Table:
    """A line for each repository, and one for all.

    "right" is the share of places that were worked on, "by kind" the AUC of the kind alone,
    "within" the mean AUC within a kind, "shuffled" the same with the features of other places.
    """
    table = Table(box=None, padding=(0, 0, 0, 1), pad_edge=False)
    table.add_column("", no_wrap=True)
    for name in _COLUMNS:
        table.add_column(name, justify="right")
    for row in report.repositories:
        table.add_row(row.name, *_cells(row.figures))
    if len(report.repositories) > 1:
        table.add_row("all", *_cells(report.total))
    return table


def _cells(figures: "FilterFigures") -> tuple[str, ...]:
    return (
        str(figures.n),
        number(figures.right),
        number(figures.auc, digits=3),
        number(figures.auc_prior_per_kind, digits=3),
        number(figures.auc_within_kind, digits=3),
        number(figures.auc_shuffled, digits=3),
        number(figures.ece, digits=3),
    )
