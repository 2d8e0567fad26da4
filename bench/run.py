"""Speed and memory against a bare server: `python bench/run.py`, exit 1 beyond a limit.

Both servers are real processes, take turns within the same run, and hear the same messages.
"""

import argparse
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from client import BenchError
from footprint import idle, memory
from judging import judging
from lab import OURS, Lab
from long_replay import long_replay
from modelling import model_at_work, model_in_time
from recording import recording
from replaying import replay
from reporting import report
from responsiveness import action, burst, start
from rich.console import Console
from rich.table import Table
from rows import Row
from suggesting import save

MEASURES: tuple[Callable[[Lab], Iterator[Row]], ...] = (
    burst,
    recording,
    action,
    start,
    memory,
    idle,
    save,
    judging,
    model_at_work,
    model_in_time,
    replay,
    report,
    long_replay,
)


def main() -> int:
    """0 when every limit is kept, 1 when one is not or something could not be measured."""
    names = [measure.__name__ for measure in MEASURES]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=names, metavar="NAME", help=_join(names))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there as well")
    parser.add_argument(
        "--ours",
        type=shlex.split,
        default=OURS,
        metavar="COMMAND",
        help="start our server so, to profile it or to see a limit fail",
    )
    asked = parser.parse_args()
    if shutil.which("git") is None:
        parser.error("git is needed; install it")
    began = time.monotonic()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="proactive-bench-") as directory:
        lab = Lab(Path(directory).resolve(), asked.ours)
        for measure in MEASURES:
            if asked.only is None or measure.__name__ in asked.only:
                rows += _rows(measure, lab)
    _print(rows, time.monotonic() - began)
    if asked.json is not None:
        asked.json.write_bytes(msgspec.json.encode([row.as_object() for row in rows]) + b"\n")
    return 1 if any(row.ok is False for row in rows) else 0


def _rows(measure: Callable[[Lab], Iterator[Row]], lab: Lab) -> Iterator[Row]:
    """The rows of a measure; one that says why when it broke down."""
    Console(stderr=True).print(f"measuring {measure.__name__} …", style="dim")
    try:
        yield from measure(lab)
    except (BenchError, OSError) as error:
        yield Row(measure=measure.__name__, note=str(error), failed=True)


def _print(rows: list[Row], seconds: float) -> None:
    table = Table(title="proactive-lsp against a bare pygls server")
    table.add_column("measure")
    for title in ("ours", "baseline", "ratio or value", "limit"):
        table.add_column(title, justify="right")
    table.add_column("ok?")
    for row in rows:
        table.add_row(row.measure, *row.cells(), _mark(row.ok))
    table.caption = "\n".join(
        [*(row.note for row in rows if row.note and row.value is not None), f"{seconds:.0f} s"]
    )
    table.caption_justify = "left"
    Console(width=None if sys.stdout.isatty() else 140).print(table)


def _mark(ok: bool | None) -> str:
    return {True: "[green]yes[/]", False: "[bold red]NO[/]", None: ""}[ok]


def _join(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}; may be repeated"


if __name__ == "__main__":
    sys.exit(main())
