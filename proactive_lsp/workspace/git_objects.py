"""Read commits and files straight from the object database, by `cat-file --batch`.

No filter, no textconv and no configuration takes part: what is read is what was committed.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from threading import Thread, Timer
from typing import IO, TYPE_CHECKING

from msgspec import Struct

from proactive_lsp.workspace import git_command
from proactive_lsp.workspace.git_command import GitCommand

if TYPE_CHECKING:
    from subprocess import Popen

MAX_BLOB = 8_000_000  # bytes; a larger object reads as missing
_SANE_DIGITS = 20  # of a time; Python refuses to convert thousands of them
_HEADER = re.compile(rb"([0-9a-f]{40}(?:[0-9a-f]{24})?) (commit|tree|blob|tag) (\d+)\n")
_ENTRY = re.compile(rb"(100[0-7]{3}) blob ([0-9a-f]+)\t(.+)", re.DOTALL)


class GitObject(Struct, frozen=True):
    """One object of the database."""

    id: str
    kind: str
    content: bytes


class CommitFacts(Struct, frozen=True):
    """What a commit says of itself; `time` is the committer's, in seconds since 1970."""

    id: str
    parents: tuple[str, ...]
    subject: str
    message: str
    time: int


class ObjectReader:
    """One `cat-file --batch` process, started by the first read and ended by `close`.

    Whatever goes wrong (no such object, a broken one, too large, no answer in time) reads as
    None, and the next read starts a new process.
    """

    def __init__(self, command: GitCommand) -> None:
        self._command = command
        self._process: Popen[bytes] | None = None

    def read(self, name: str) -> GitObject | None:
        """The object of this name (`<id>`, `<rev>^{commit}`, `<commit>:<path>`)."""
        from git import GitError  # loaded by then

        # Each line is a request of its own, so such a name would shift all later answers.
        if "\n" in name:
            return None
        try:
            return self._ask(name.encode() + b"\n")
        except (GitError, OSError, UnicodeEncodeError):
            self.close()
            return None

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()

    def _ask(self, request: bytes) -> GitObject | None:
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        watchdog = Timer(git_command.TIMEOUT, self._command.give_up, (process,))
        watchdog.daemon = True
        watchdog.start()
        try:
            process.stdin.write(request)
            process.stdin.flush()
            answer = process.stdout.readline()
            header = _HEADER.fullmatch(answer)
            if header is None:
                if not answer.endswith((b" missing\n", b" ambiguous\n")):
                    self.close()
                return None
            size = int(header[3])
            if size > MAX_BLOB:
                self.close()  # cheaper than to swallow it
                return None
            content = process.stdout.read(size + 1)
        finally:
            watchdog.cancel()
        if len(content) <= size:
            self.close()
            return None
        return GitObject(header[1].decode(), header[2].decode(), content[:size])

    def _start(self) -> "Popen[bytes]":
        process = self._command.start("cat-file", "--batch")
        assert process.stderr is not None
        # A broken repository can complain without end, and a full pipe would stop the answers.
        Thread(target=_swallow, args=(process.stderr,), daemon=True).start()
        self._process = process
        return process


def _swallow(stream: IO[bytes]) -> None:
    with stream:
        for _ in stream:
            pass


class CommitTree:
    """The regular files of one commit, below the workspace folder; for `GitTree`."""

    def __init__(self, reader: ObjectReader, blobs: dict[str, str]) -> None:
        self._reader = reader
        self._blobs = blobs

    def paths(self) -> Sequence[str]:
        """Their paths, sorted."""
        return tuple(self._blobs)

    def read(self, path: str) -> bytes | None:
        """The committed bytes; None for no such file, or one that is missing or too large."""
        blob = self._blobs.get(path)
        found = self._reader.read(blob) if blob is not None else None
        return found.content if found is not None else None


def parse_commit(found: GitObject) -> CommitFacts:
    """A commit object's text as facts; what cannot be decoded is replaced."""
    head, _, body = found.content.partition(b"\n\n")
    parents: list[str] = []
    time = 0
    for line in head.split(b"\n"):
        if line.startswith(b"parent "):
            parents.append(line[7:].decode("ascii", "replace"))
        elif line.startswith(b"committer "):
            seconds = line.rsplit(b" ", 2)[-2]
            time = int(seconds) if seconds.isdigit() and len(seconds) < _SANE_DIGITS else 0
    message = body.decode("utf-8", "replace").strip()
    return CommitFacts(found.id, tuple(parents), message.partition("\n")[0], message, time)


def parse_tree(listing: bytes) -> dict[str, str]:
    """Path → blob of the regular files in `ls-tree -r -z` output, sorted by path."""
    blobs: dict[str, str] = {}
    for entry in listing.split(b"\0"):
        found = _ENTRY.fullmatch(entry)
        path = path_of(found[3]) if found else None
        if found and path is not None:
            blobs[path] = found[2].decode()
    return dict(sorted(blobs.items()))


def path_of(raw: bytes) -> str | None:
    """A path from git as events carry it; None when it is not UTF-8 or no event could."""
    try:
        path = raw.decode()
    except UnicodeDecodeError:
        return None
    if not path or "\\" in path or path[1:2] == ":":
        return None
    # Git has checked the rest, but for a nested repository ("x/") and a file outside ("../x").
    return None if path.endswith("/") or path.startswith("../") else path
