"""Make the sessions of a run, several at a time, and go on where an earlier run stopped.

In `--out` stand `gym.json`, which says how the run was asked for, and for each session its file
and, as `.row.json`, its row. A file stands under its name only once it is whole, the session
last, so what is there is done.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import msgspec
from msgspec import Struct

from proactive_lsp import __version__
from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.evaluation.mining import make_folder, write_whole
from proactive_lsp.evaluation.workers import Workers, in_order
from proactive_lsp.gym.room import tidy_up
from proactive_lsp.gym.rows import Row
from proactive_lsp.gym.stage import GymOptions, Lived, Task, live_through
from proactive_lsp.workspace.cache import make_room

MANIFEST = "gym.json"
_ROW = ".row.json"
# How many times the text that an editor's server keeps at hand; a run has the machine.
_ROOM = 10


class Manifest(Struct, frozen=True):
    """What a folder of sessions was asked for; whatever differs would make other sessions."""

    version: str
    options: GymOptions
    tasks: tuple[Task, ...]


def run(
    options: GymOptions,
    tasks: tuple[Task, ...],
    *,
    out: Path | None,
    workers: Workers,
    advance: Callable[[], None],
) -> Iterator[Row]:
    """The row of each task, in order, while its session is written to `out`.

    `advance` is called once for each; those that are in `out` already are not made again. Raises
    `EvaluationError`, when `out` holds sessions of another run among other reasons.
    """
    tidy_up()
    done = _begin(out, Manifest(__version__, options, tasks)) if out is not None else {}
    left = [task for task in tasks if task.file not in done]
    fresh = in_order(partial(_work, options), left, workers)
    for task in tasks:
        row = done.get(task.file)
        if row is None:
            lived = next(fresh)
            row = lived.row
            if out is not None:
                _keep(out, task, lived)
        advance()
        yield row
    # So that whoever works is told that nothing more comes.
    next(fresh, None)


def _work(options: GymOptions, task: Task) -> Lived:
    make_room(_ROOM)
    return live_through(options, task)


def _begin(out: Path, manifest: Manifest) -> dict[str, Row]:
    """Make the folder, or go on in it; the rows of what is done."""
    file = out / MANIFEST
    content = msgspec.json.encode(manifest)
    try:
        old = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        make_folder(out)
        if any(out.glob("*.jsonl")):
            raise EvaluationError(
                f"{out} has sessions that no run of the gym made; give another --out"
            ) from None
        write_whole(file, msgspec.json.format(content, indent=2) + b"\n")
        return {}
    if (differs := _difference(file, old, manifest)) is not None:
        raise EvaluationError(f"{out} was begun with {differs}; give another --out")
    return {task.file: row for task in manifest.tasks if (row := _done(out, task)) is not None}


def _difference(file: Path, old: bytes, manifest: Manifest) -> str | None:
    """What an earlier run was asked for and this one is not; None when they are the same."""
    try:
        earlier = msgspec.json.decode(old, type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{file} cannot be read ({error}); give another --out") from error
    if earlier.version != manifest.version:
        return f"version {earlier.version}"
    for name in GymOptions.__struct_fields__:
        before = getattr(earlier.options, name)
        if before != getattr(manifest.options, name):
            shown = msgspec.json.encode(before).decode()
            return f"{name} {shown}"
    if earlier.tasks != manifest.tasks:
        return "other commits, another script or other scenes"
    return None


def _done(out: Path, task: Task) -> Row | None:
    if not (out / task.file).is_file():
        return None
    try:
        return msgspec.json.decode((out / _row_file(task)).read_bytes(), type=Row)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _keep(out: Path, task: Task, lived: Lived) -> None:
    write_whole(out / _row_file(task), msgspec.json.encode(lived.row) + b"\n")
    write_whole(out / task.file, lived.session)


def _row_file(task: Task) -> str:
    return task.file.removesuffix(".jsonl") + _ROW
