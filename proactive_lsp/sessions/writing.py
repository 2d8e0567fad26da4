"""Write a session into a new file, line by line; what is there is never overwritten."""

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from proactive_lsp.replay.recorder import event_line
from proactive_lsp.replay.session import (
    MAX_LINE,
    Expect,
    Header,
    Item,
    Quiet,
    SessionError,
    Unknown,
    encode_header,
)

_BUFFER = 1 << 20


def check_new(option: str, target: Path) -> None:
    """Refuse a file that is there, or that nobody can write; raises `SessionError`."""
    if os.path.lexists(target):
        raise SessionError(f"{option} {target}: it is there already; name a new file")
    if not target.parent.is_dir():
        raise SessionError(f"{option} {target}: there is no folder {target.parent}; create it")
    if not os.access(target.parent, os.W_OK):
        raise SessionError(f"{option} {target}: you may not write there; name another file")


def write_session(target: Path, header: Header, items: Iterable[Item]) -> int:
    """Write the whole session; how many events and labels it has.

    Only the user may read the file. Whatever goes wrong on the way, no half of it is left behind.
    """
    first = encode_header(header)
    if len(first) > MAX_LINE:
        size = len(first) >> 20
        raise SessionError(
            f"{target}: its workspace has {size} MiB of text, more than a session may"
        )
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    count = 0
    try:
        with os.fdopen(descriptor, "wb", _BUFFER) as file:
            file.write(first + b"\n")
            for item in items:
                file.write(item_line(item))
                count += 1
    except BaseException:
        target.unlink()
        raise
    return count


def item_line(item: Item) -> bytes:
    """A line of a session, with its end."""
    match item:
        case Unknown():
            return item.raw + b"\n"
        case Expect() | Quiet():
            return msgspec.json.encode(item) + b"\n"
        case _:
            return event_line(item)
