"""Write a session file while it happens, so that a crash costs at most what was not flushed."""

import json
import os
from contextlib import suppress
from pathlib import Path

import msgspec

from proactive_lsp.events import BadPath, Event, check_path, encode_event, paths_of
from proactive_lsp.replay.session import Header, encode_header

try:
    import fcntl
except ImportError:  # Windows, where a file that is open cannot be removed anyway
    fcntl = None


class Recorder:
    """Appends events, which are settled and redacted already, to a file of its own (mode 0600).

    An earlier recording is never overwritten: with `run.jsonl` there, `run-2.jsonl` is written;
    `path` says which one it is. When the disk fails, the file ends after its last whole line,
    `problem` says why, and later events are dropped. Raises `OSError` when it cannot be created.

    While it is open the file is locked, so that whoever tidies up can see that it is written to.
    """

    def __init__(self, file: Path, header: Header) -> None:
        self.path, self._descriptor = _create(file)
        self.problem: str | None = None
        self._pending: list[bytes] = [_whole(encode_header(header))]
        self._written = 0
        self._last = 0.0
        self.flush()

    @property
    def size(self) -> int:
        """How many bytes of it are in the file."""
        return self._written

    def append(self, event: Event) -> None:
        """Keep the event for the next flush; one with a path outside the workspace is left out."""
        if self._descriptor is None:
            return
        try:
            for path in paths_of(event):
                check_path(path)
        except BadPath:
            return
        # Two documents settled together end in another order than they began, and a session's
        # time never goes back.
        if event.t < self._last:
            event = msgspec.structs.replace(event, t=self._last)
        self._last = event.t
        self._pending.append(event_line(event))

    def flush(self) -> None:
        """Hand everything appended so far to the operating system in one piece."""
        batch, self._pending = b"".join(self._pending), []
        if self._descriptor is None or not batch:
            return
        try:
            _write_all(self._descriptor, batch)
        except OSError as error:
            os.ftruncate(self._descriptor, self._written)
            self.problem = f"recording to {self.path} stopped: {error.strerror}"
            self._release()
        else:
            self._written += len(batch)

    def close(self) -> None:
        """Flush and let go of the file; closing twice is fine."""
        self.flush()
        self._release()

    def _release(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def is_recorded_to(descriptor: int) -> bool:
    """Whether a recorder, of whatever process, still writes to this open file."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        # A file system without locks: nobody can tell.
        return False
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    return False


def _create(file: Path) -> tuple[Path, int | None]:
    number, path = 1, file
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    while True:
        try:
            descriptor = os.open(path, flags, 0o600)
        except FileExistsError:
            number += 1
            path = file.with_name(f"{file.stem}-{number}{file.suffix}")
        else:
            if fcntl is not None:
                with suppress(OSError):
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return path, descriptor


def event_line(event: Event) -> bytes:
    """A line of a session, with its end."""
    try:
        return _whole(encode_event(event))
    except UnicodeEncodeError:
        # Half of a surrogate pair cannot be written as UTF-8; "?" has the same UTF-16 length.
        text = json.dumps(msgspec.to_builtins(event), ensure_ascii=False)
        return _whole(text.encode("utf-8", "replace"))


def _whole(line: bytes) -> bytes:
    return line + b"\n"


def _write_all(descriptor: int, batch: bytes) -> None:
    view = memoryview(batch)
    while view:
        view = view[os.write(descriptor, view) :]
