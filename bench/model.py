"""What a small model foresees, what it costs and what it is refused for, with a real one.

`python -m bench.model [REPO]…`, on the test server with SmolLM2-135M; exit 1 beyond a limit. Three
measures: the engine's own questions over mined sessions, the history benchmark with the model and
without, and an hour of work for the cache.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from bench.model_measures import Unmeasured, history, hour, predictions
from bench.rows import Row


class Asked(Struct, frozen=True):
    """What to measure: repositories, and how much of each measure."""

    repositories: tuple[Path, ...]
    predictions: int
    sample: int
    commits: int
    folder: Path


Measure = Callable[[Asked], Iterator[Row]]


def _predictions(asked: Asked) -> Iterator[Row]:
    return predictions(asked.repositories, asked.predictions, asked.commits, asked.folder)


def _history(asked: Asked) -> Iterator[Row]:
    return history(asked.repositories, asked.sample, asked.commits, asked.folder)


def _hour(asked: Asked) -> Iterator[Row]:
    return hour()


MEASURES: dict[str, Measure] = {"predictions": _predictions, "history": _history, "hour": _hour}


def main() -> int:
    """0 when every limit is kept, 1 when one is not or something could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m bench.model", description=__doc__)
    parser.add_argument("repositories", nargs="*", type=Path, default=[Path()], metavar="REPO")
    parser.add_argument("--predictions", type=int, default=200, help="answers to ask for")
    parser.add_argument("--sample", type=int, default=100, help="moments of each history")
    parser.add_argument("--commits", type=int, default=100, help="the newest of each repository")
    parser.add_argument("--only", action="append", choices=list(MEASURES), help="this alone")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there as well")
    said = parser.parse_args()
    began = time.monotonic()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="proactive-bench-") as folder:
        asked = Asked(
            repositories=tuple(path.resolve() for path in said.repositories),
            predictions=said.predictions,
            sample=said.sample,
            commits=said.commits,
            folder=Path(folder),
        )
        for name, measure in MEASURES.items():
            if said.only is None or name in said.only:
                rows += _rows(name, measure, asked)
    _print(rows, time.monotonic() - began)
    if said.json is not None:
        said.json.write_bytes(msgspec.json.encode([row.as_object() for row in rows]) + b"\n")
    return 1 if any(row.ok is False for row in rows) else 0


def _rows(name: str, measure: Measure, asked: Asked) -> Iterator[Row]:
    """The rows of a measure; one that says why when it broke down."""
    Console(stderr=True).print(f"measuring {name} …", style="dim")
    try:
        yield from measure(asked)
    except (Unmeasured, RuntimeError, OSError) as error:
        yield Row(measure=name, note=str(error), failed=True)


def _print(rows: list[Row], seconds: float) -> None:
    table = Table(title="proactive-lsp with SmolLM2-135M")
    table.add_column("measure")
    for title in ("with it", "without", "value", "limit"):
        table.add_column(title, justify="right")
    table.add_column("ok?")
    for row in rows:
        mark = {True: "[green]yes[/]", False: "[bold red]NO[/]", None: ""}[row.ok]
        table.add_row(row.measure, *row.cells(), mark)
    table.caption = f"{seconds:.0f} s"
    table.caption_justify = "left"
    Console(width=None if sys.stdout.isatty() else 140).print(table)


if __name__ == "__main__":
    sys.exit(main())
