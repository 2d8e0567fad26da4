"""How figures and rows read, wherever they are shown."""

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from proactive_lsp.evaluation.benchmark import Report, Row
from proactive_lsp.evaluation.metrics import Metrics

Group = Literal["all", "kind", "apart", "baseline"]


class Line(Struct, frozen=True):
    """One line of figures: all cards, a kind of need, what is counted apart, or a baseline."""

    group: Group
    name: str
    figures: Metrics


def lines_of(row: Row) -> Iterator[Line]:
    """The lines of a row, those without a card left out where that says nothing."""
    yield Line("all", "all cards", row.total)
    for kind, figures in row.needs.items():
        yield Line("kind", kind, figures)
    if row.coarse.alarms:
        yield Line("apart", "without a place", row.coarse)
    if row.after_commit.alarms:
        yield Line("apart", "after the commit", row.after_commit)
    for name, figures in row.baselines.items():
        yield Line("baseline", name, figures)


def means_of(report: Report) -> Iterator[tuple[str, Metrics]]:
    """The mean of each order, with its seeds; of all rows, too, where there are several orders."""
    for order, figures in report.means.items():
        rows = [row for row in report.repositories if row.order == order]
        seeds = sorted({row.seed for row in rows})
        word = "seed" if len(seeds) == 1 else "seeds"
        named = f"{order}, {word} {', '.join(map(str, seeds))}"
        yield order if order == "canonical" else named, figures
    if len(report.means) > 1:
        yield "all", report.mean


def order_of(row: Row) -> str:
    """In which order the hunks were made."""
    return row.order if row.order == "canonical" else f"{row.order}, seed {row.seed}"


def number(value: float | None, digits: int = 2) -> str:
    """A figure, rounded; a dash for none."""
    return "-" if value is None else f"{value:.{digits}f}"


def share(value: float | None, digits: int = 2) -> str:
    """A share in [0, 1] without its zero, as in ".83"."""
    return number(value, digits).removeprefix("0") if value != 0 else "0"


def interval(figures: Metrics, name: str, digits: int = 2) -> str:
    """The 95 % interval of a figure as "(.70-.92)", empty for none."""
    found = figures.ci.get(name)
    return f"({share(found[0], digits)}-{share(found[1], digits)})" if found is not None else ""
