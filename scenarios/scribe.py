"""Read what a server recorded, step by step, and give it the rhythm of a person.

A script works faster than anybody types. Each step of a story is given a plausible length that
depends on nothing but the step, so the same story always makes the same session file.
"""

from pathlib import Path

import msgspec
from msgspec.structs import replace

from proactive_lsp.events import Edit, Event, Range, SuggestionEvent, decode_event, encode_event
from proactive_lsp.replay.session import (
    Expect,
    FilesWorkspace,
    Header,
    Quiet,
    encode_header,
    read_header,
)

# Seconds of a person at a keyboard.
KEY = 0.12
DELETED_KEY = 0.04
BREATH = 0.5
MOMENT = 0.2


class Scribe:
    """Collects the events and labels of one session; `now` is its time so far."""

    def __init__(self, recording: Path) -> None:
        self.now = 1.0
        self.items: list[Event | Expect | Quiet] = []
        self._recording = recording
        self._taken = 1  # the header is ours to write

    def past(self) -> tuple[tuple[str, ...], ...]:
        """What the commits before the session touched; the one without a parent touched nothing."""
        workspace = read_header(self._recording).workspace
        assert isinstance(workspace, FilesWorkspace)
        return tuple(paths for paths in workspace.past if paths)

    def fresh(self) -> tuple[Event, ...]:
        """What was recorded and not stamped yet; whole lines only."""
        if not self._recording.exists():
            return ()
        lines = self._recording.read_bytes().split(b"\n")[:-1]
        return tuple(decode_event(line) for line in lines[self._taken :])

    def stamp(self, seconds: float) -> tuple[Event, ...]:
        """Put the fresh events at the end of a step of this length, typing all along it."""
        begin, self.now = self.now, round(self.now + seconds, 2)
        events = self.fresh()
        self._taken += len(events)
        since: float | None = begin
        for event in events:
            if isinstance(event, Edit):
                typed, since = (since, None) if event.origin is None else (None, since)
                self.items.append(replace(event, t=self.now, since=typed))
            else:
                self.items.append(replace(event, t=self.now))
        return events

    def rest(self, seconds: float) -> None:
        """Nothing happens for so long."""
        self.now = round(self.now + seconds, 2)

    def expect(
        self, need: str, path: str, range: Range, *, within: float, after: str | None
    ) -> None:
        """From now on a card is wanted."""
        self.items.append(
            Expect(t=self.now, need=need, path=path, range=range, within=within, after=after)
        )

    def begin_quiet(self) -> int:
        """Silence is wanted from now on; the number is for `end_quiet`."""
        self.items.append(Quiet(t=self.now, until=self.now))
        return len(self.items) - 1

    def end_quiet(self, number: int) -> None:
        """Silence was wanted until now."""
        quiet = self.items[number]
        assert isinstance(quiet, Quiet)
        self.items[number] = replace(quiet, until=self.now)

    def offered(self) -> list[str]:
        """The ids of the cards that the server offered, in order."""
        return [
            item.id
            for item in self.items
            if isinstance(item, SuggestionEvent) and item.op == "offered"
        ]

    def write(self, file: Path, header: Header) -> None:
        """The session file."""
        lines = [encode_header(header), *map(_encode, self.items)]
        file.write_bytes(b"".join(line + b"\n" for line in lines))


def _encode(item: Event | Expect | Quiet) -> bytes:
    if isinstance(item, (Expect, Quiet)):
        # `t` and `type` first, as in the lines of events.
        return msgspec.json.encode(
            {"t": item.t, "type": item.__struct_config__.tag, **msgspec.to_builtins(item)}
        )
    return encode_event(item)
