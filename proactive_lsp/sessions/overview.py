"""What recordings there are: each in a line, without reading them through."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from proactive_lsp.replay.session import (
    FilesWorkspace,
    FolderWorkspace,
    Header,
    SessionError,
    read_header,
)
from proactive_lsp.replay.wording import counted

_CHUNK = 1 << 20
# The end of a session is looked for in so many bytes of its last lines.
_TAIL = 1 << 16


class Overview(Struct, frozen=True):
    """One recording: what its first line says, how large it is, when it ends.

    `problem` says why it is none; nothing else is known then but its size.
    """

    path: Path
    size: int
    name: str = ""
    created: str = ""
    workspace: str = ""
    lines: int = 0
    seconds: float | None = None
    problem: str = ""


class _Stamp(Struct):
    t: float


_stamp = msgspec.json.Decoder(_Stamp)


def overviews(paths: Iterator[Path]) -> Iterator[Overview]:
    """Each of them in order; lines are counted, only the first and the last are read."""
    for path in paths:
        size = path.stat().st_size
        try:
            header = read_header(path)
        except SessionError as error:
            yield Overview(path, size, problem=str(error))
            continue
        yield Overview(
            path=path,
            size=size,
            name=header.name,
            created=header.created.partition(".")[0].replace("T", " ").removesuffix("+00:00"),
            workspace=_workspace(header),
            lines=_lines(path) - 1,
            seconds=_end(path, size),
        )


def _workspace(header: Header) -> str:
    match header.workspace:
        case FilesWorkspace(files=files):
            return counted(len(files), "file")
        case FolderWorkspace(path=path):
            return path
        case workspace:
            return f"{workspace.repository} {workspace.commit[:12]}".strip()


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(_CHUNK), b""))


def _end(path: Path, size: int) -> float | None:
    """The time of the last line that is whole and short enough to be found from behind."""
    with path.open("rb") as file:
        file.seek(max(0, size - _TAIL))
        lines = file.read(_TAIL).split(b"\n")
    # The first is a part of one, unless it is the header, which has no time.
    for line in reversed(lines[1:]):
        try:
            return _stamp.decode(line).t
        except (msgspec.MsgspecError, UnicodeDecodeError):
            continue
    return None
