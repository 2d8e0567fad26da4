"""What a model added, as a table for a terminal and for a page of Markdown."""

from collections.abc import Iterator, Mapping

from rich.table import Table

from proactive_lsp.evaluation.figures import number, share
from proactive_lsp.evaluation.metrics import Metrics, Rise
from proactive_lsp.evaluation.model_figures import Compared, ModelReport

_COLUMNS = ("cards", "alarm", "rec", "fa%", "quiet")


def model_table(report: ModelReport) -> Table:
    """Of each repository the run without the model, the one with it, and its two parts."""
    table = Table(box=None, padding=(0, 0, 0, 1), pad_edge=False)
    table.add_column(f"with {report.name}", no_wrap=True, min_width=24)
    for name in _COLUMNS:
        table.add_column(name, justify="right")
    for row in _rows(report):
        table.add_row(row.name)
        for name, figures in _parts(row):
            table.add_row(f"  {name}", *_cells(figures))
    return table


def remarks(report: ModelReport) -> Iterator[str]:
    """What the table has no column for, a line each."""
    mean = report.mean
    sampled = f"; asked at {report.sample} sampled moments of each" if report.sample else ""
    yield f"{mean.commits} commits, {mean.edits} edits, {mean.asked} moments asked about{sampled}"
    yield f"recall {_rise(mean.rises['recall'], 3)}"
    yield f"false alarms per 100 edits {_rise(mean.rises['false_alarms_per_100_edits'], 2)}"
    yield f"what came of it: {_counts(mean.came)}"
    yield f"edits of right cards: {_counts(mean.written)}; exact {share(mean.exact)}"
    yield f"requests: {_counts(mean.purposes)}; at most {mean.most_requests_an_hour} in an hour"


def model_markdown(report: ModelReport) -> str:
    """A line per repository and their mean."""
    names = ("repository", "commits / edits", "asked", "shown", "shown right", "recall")
    more = ("false alarms per 100 edits", "edits exact")
    lines = [_line((*names, *more)), _line(("---",) * (len(names) + len(more)))]
    for row in _rows(report):
        recall = row.rises["recall"]
        alarms = row.rises["false_alarms_per_100_edits"]
        cells = (
            f"{row.name} with {report.name}",
            f"{row.commits} / {row.edits}",
            str(row.asked),
            str(row.model.alarms),
            share(row.model.alarm_precision),
            f"{share(row.without.recall, 3)} {_rise(recall, 3)}",
            f"{share(row.without.false_alarms_per_100_edits, 2)} {_rise(alarms, 2)}",
            share(row.exact),
        )
        lines.append(_line(cells))
    return "\n".join(lines) + "\n"


def _rows(report: ModelReport) -> tuple[Compared, ...]:
    several = len(report.repositories) > 1
    return (*report.repositories, *((report.mean,) if several else ()))


def _parts(row: Compared) -> Iterator[tuple[str, Metrics]]:
    yield "without", row.without
    yield "with", row.together
    yield "  rules", row.rules
    yield "  model", row.model


def _cells(figures: Metrics) -> tuple[str, ...]:
    return (
        str(figures.alarms),
        number(figures.alarm_precision),
        number(figures.recall, digits=3),
        number(figures.false_alarms_per_100_edits, digits=2),
        number(figures.quiet_rate),
    )


def _rise(rise: Rise, digits: int) -> str:
    if rise.value is None:
        return "-"
    ci = f" ({rise.ci[0]:+.{digits}f} to {rise.ci[1]:+.{digits}f})" if rise.ci else ""
    return f"{rise.value:+.{digits}f}{ci}"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "none"


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
