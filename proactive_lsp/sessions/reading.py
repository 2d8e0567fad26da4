"""Read a session as far as it is whole: a recording may end in the middle of a line."""

from collections.abc import Callable, Iterator
from pathlib import Path

from proactive_lsp.events import Event
from proactive_lsp.replay.session import (
    CutOffError,
    Expect,
    Item,
    Quiet,
    SessionError,
    Unknown,
    examine,
)


def whole_items(path: Path, warn: Callable[[str], None] = lambda text: None) -> Iterator[Item]:
    """Each event and label in order, up to a last line that a crash cut off, which is said.

    Raises `SessionError` on any other bad line.
    """
    for _, item in examine(path):
        if isinstance(item, CutOffError):
            warn(str(item))
            return
        if isinstance(item, SessionError):
            raise item
        yield item


def events_of(path: Path, warn: Callable[[str], None] = lambda text: None) -> Iterator[Event]:
    """The events alone, without labels and lines of a newer version."""
    for item in whole_items(path, warn):
        if not isinstance(item, Expect | Quiet | Unknown):
            yield item
