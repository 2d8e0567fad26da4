"""What several commands share at the terminal: a console, a progress bar, a file or stdout."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from rich.console import Console


def plain_console(stream: TextIO) -> Console:
    """A console that prints text as it is, in colour only on a terminal."""
    return Console(
        file=stream, force_terminal=stream.isatty(), highlight=False, markup=False, emoji=False
    )


@contextmanager
def progress(console: Console, total: int, what: str) -> Generator[Callable[[], None]]:
    """A bar for long work on a terminal, below what is printed; nothing otherwise."""
    if total < 2 or not console.is_terminal:
        yield lambda: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)


def write_result(file: Path, content: bytes) -> None:
    """Write to a file, or to stdout for `-`."""
    if str(file) == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        file.write_bytes(content)
