"""Record by command, and make a scenario of the last minutes: of all, or of a fault in them.

What is kept in RAM is written down, and `sessions capture` makes the scenario of it in a process of
its own, so that the engines here go on.
"""

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct
from pygls.exceptions import JsonRpcInvalidParams, JsonRpcRequestCancelled

from proactive_lsp.needs import KINDS

if TYPE_CHECKING:
    from proactive_lsp.server.folder_engine import FolderEngine
    from proactive_lsp.server.server import ProactiveServer

# A suggestion that is missed now may have been owed for so many seconds.
OWED_SECONDS = 30.0
# A card is told at the moment of its boundary, give or take the settling of what was typed.
AROUND_SECONDS = 2.0
EXPECTED = (
    '{"what": "recent" | "missing" | "unwanted", "output": an absolute path, '
    '"folder"?, "id"?, "need"?, "uri"?, "line"?}'
)
DOES_NOT_FAIL = 1


class Wish(Struct, frozen=True, forbid_unknown_fields=True):
    """What a client wants captured, and into which new folder.

    `missing` wants the `need` and `uri` where it should have been, and a `line` counted from 0;
    `unwanted` the `id` of a card.
    """

    what: str
    output: str
    folder: str | None = None
    id: str | None = None
    need: str | None = None
    uri: str | None = None
    line: int | None = None


async def record(server: "ProactiveServer", arguments: Sequence[object]) -> dict[str, Any]:
    """`[on or null, folder?]`: record from now on, or stop; null does what is not done now.

    The answer is `{"recording", "files"}`: how it is recorded now, and to which files; once it has
    stopped, to which it was.
    """
    on, folder = [*arguments, None, None][:2]
    if on is not None and not isinstance(on, bool):
        raise JsonRpcInvalidParams(f"argument 1 must be true, false or null, not {on!r}")
    if folder is not None and not isinstance(folder, str):
        raise JsonRpcInvalidParams(f"argument 2 must be the URI of a folder, not {folder!r}")
    now = server.clock.now()
    mode, files = await server.host.ask(lambda engines: _record(engines.of(folder), on, now))
    return {"recording": mode, "files": [str(file) for file in files]}


async def capture(server: "ProactiveServer", arguments: Sequence[object]) -> dict[str, Any]:
    """`[wish]`, see `Wish`: make a scenario of the last minutes.

    The answer is `{"folder", "text", "fails"}`: where it is, what became of it in lines for a
    person, and whether its replay shows the fault; a scenario without a label never does.
    """
    try:
        wish = msgspec.convert(arguments[0] if arguments else None, Wish)
    except msgspec.ValidationError as error:
        raise JsonRpcInvalidParams(f"argument 1 must be {EXPECTED}: {error}") from error
    output = Path(wish.output)
    if not output.is_absolute():
        raise JsonRpcInvalidParams(f"the output must be an absolute path, not {wish.output!r}")
    folder, path = _where(server, wish)
    with tempfile.TemporaryDirectory(prefix="proactive-capture-") as place:
        session = Path(place) / f"{output.name}.jsonl"
        try:
            start = await server.host.ask(lambda engines: _save_recent(engines.of(folder), session))
        except (OSError, ValueError) as error:
            raise JsonRpcInvalidParams(str(error)) from error
        options = _options(server, wish, path, start)
        return await _run(session, output, options)


def _where(server: "ProactiveServer", wish: Wish) -> tuple[str | None, str | None]:
    """The folder that is meant, by its URI, and the path in it."""
    if wish.what != "missing":
        found = server.board.find(wish.id, wish.folder) if wish.id is not None else None
        return (found[0].uri if found is not None else wish.folder), None
    if wish.need not in KINDS or wish.uri is None:
        raise JsonRpcInvalidParams("a missing suggestion wants its need, one of the kinds, and uri")
    located = server.folders.locate(wish.uri)
    if located is None:
        raise JsonRpcInvalidParams(f"{wish.uri!r} is in no open folder")
    return located[0].uri, located[1]


def _options(server: "ProactiveServer", wish: Wish, path: str | None, start: float) -> list[str]:
    """What the command is told, with times counted from the first event that is kept."""
    end = server.clock.now()
    match wish.what:
        case "recent":
            return []
        case "missing":
            since = max(0.0, end - start - OWED_SECONDS)
            options = ["--expect", str(wish.need), "--path", str(path), "--at", f"{since:.3f}"]
            options += ["--within", f"{end - start - since + AROUND_SECONDS:.3f}"]
            return options if wish.line is None else [*options, "--line", str(wish.line + 1)]
        case "unwanted":
            found = server.board.find(wish.id, wish.folder) if wish.id is not None else None
            if found is None:
                raise JsonRpcInvalidParams("this suggestion is no longer offered")
            at = found[1].t - start
            if at < 0:
                raise JsonRpcInvalidParams("it was offered before the minutes that are kept")
            since = max(0.0, at - AROUND_SECONDS)
            within = f"{at - since + AROUND_SECONDS:.3f}"
            return ["--quiet", "--at", f"{since:.3f}", "--within", within]
        case _:
            raise JsonRpcInvalidParams(f"argument 1 must be {EXPECTED}")


def _record(
    engines: "Sequence[FolderEngine]", on: bool | None, now: float
) -> tuple[str, tuple[Path, ...]]:
    if on is None:
        on = not any(each.recording_mode for each in engines)
    files: list[Path] = []
    for each in engines:
        recording, scheduler = each.recording, each.scheduler
        if recording is None or scheduler is None:
            continue
        before = recording.path
        if on and before is None:
            recording.begin(now, scheduler.engine)
        elif not on:
            scheduler.engine.settle()
            recording.end()
        files += [path for path in (recording.path or before,) if path is not None]
    return next((mode for each in engines if (mode := each.recording_mode)), ""), tuple(files)


def _save_recent(engines: "Sequence[FolderEngine]", file: Path) -> float:
    """Write the last minutes of the first folder that has some; the time at which they begin."""
    for each in engines:
        if each.recording is None or each.scheduler is None:
            continue
        each.scheduler.engine.settle()
        recent = each.recording.recent
        if recent is not None and recent.size:
            return each.recording.save_recent(file)
    raise ValueError("nothing is kept of the last minutes; see the setting recording.lastMinutes")


async def _run(session: Path, output: Path, options: Sequence[str]) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        # Whatever lies in the folder is no module of ours.
        "-P",
        *("-m", "proactive_lsp", "sessions", "capture", str(session), "--output", str(output)),
        *options,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=session.parent,
    )
    try:
        out, errors = await process.communicate()
    except asyncio.CancelledError as error:
        process.kill()
        raise JsonRpcRequestCancelled("the capture was cancelled") from error
    if process.returncode not in (0, DOES_NOT_FAIL):
        said = errors.decode("utf-8", "replace").strip().splitlines()
        raise JsonRpcInvalidParams(said[-1] if said else "the capture failed")
    fails = process.returncode == 0 and bool(options)
    return {"folder": str(output), "text": out.decode("utf-8", "replace").strip(), "fails": fails}
