"""The history benchmark as the table that the README shows.

The same commits give the same text: dates are those of the heads, and nothing is timed.
"""

import re

from proactive_lsp.evaluation.benchmark import Report, Row
from proactive_lsp.evaluation.figures import interval, means_of, order_of, share
from proactive_lsp.evaluation.metrics import Metrics
from proactive_lsp.replay.escaping import visible

_COLUMNS = (
    *("repository at", "order", "commits / edits", "cards", "cards right (95 %)"),
    *("within 10", "places right", "recall (95 %)", "edit exact", "false alarms per 100 edits"),
)
_SPECIAL = re.compile(r"([\\`*_\[\]<>|&~])")


def markdown_of(report: Report) -> str:
    """A line per repository and order, then the means; without cards, dashes."""
    lines = [
        _line(_COLUMNS),
        _line(("---",) * len(_COLUMNS)),
        *(_line((*_about(row), *_cells(row.total))) for row in report.repositories),
    ]
    if len(report.repositories) > 1:
        lines += [
            _line(("**mean**", name, "", *_cells(figures))) for name, figures in means_of(report)
        ]
    return "\n".join(lines) + "\n"


def _about(row: Row) -> tuple[str, str, str]:
    name = _SPECIAL.sub(r"\\\1", visible(row.name))
    at = f"{name} `{row.head[:10]}` ({row.head_date})"
    return at, order_of(row), f"{row.commits} / {row.edits}"


def _cells(figures: Metrics) -> tuple[str, ...]:
    right = f"{share(figures.alarm_precision)} {interval(figures, 'alarm_precision')}"
    recall = f"{share(figures.recall, 3)} {interval(figures, 'recall', 3)}"
    return (
        str(figures.alarms),
        right.strip(),
        share(figures.within_10.alarm_precision),
        share(figures.place_precision),
        recall.strip(),
        share(figures.exact_edit),
        share(figures.false_alarms_per_100_edits, 1),
    )


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
