"""Read HEAD, refs and the reflog from git's own files, without a process.

Everything here is polled, so it costs a few file operations, is bounded, and takes any content:
what is not as git writes it reads as None.
"""

import os
import re
import stat
from pathlib import Path

from msgspec import Struct

from proactive_lsp.workspace.git_push import push_refs

_OBJECT_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REFLOG_LINE = re.compile(rb"([0-9a-f]{40,64}) ([0-9a-f]{40,64}) [^\t\n]*(?:\t([^\n]*))?\n")
_SMALL = 4_096  # bytes; a ref is far smaller
_MAX_CONFIG = 64_000  # bytes
_MAX_PACKED_REFS = 64_000_000
_MAX_REFLOG = 64_000  # bytes read at once, some 400 entries
_MAX_DEPTH = 5  # of symbolic refs, as in git

FileStamp = tuple[int, int, int]


class ReflogEntry(Struct, frozen=True):
    """HEAD moved from `old` (None before the first commit) to `new`; `message` tells why."""

    old: str | None
    new: str
    message: str


def stamp_of(path: Path) -> FileStamp | None:
    """Equal stamps mean an unchanged file; None when there is none. One stat call."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino)


def read_file(path: Path, limit: int, *, start: int = 0) -> bytes | None:
    """At most `limit` bytes of a regular file; None for anything else.

    A named pipe in the place of a file must not make us wait, so it is opened without blocking.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except (OSError, ValueError):
        return None
    with open(descriptor, "rb", buffering=0) as file:  # noqa: PTH123 - a descriptor, not a path
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        try:
            file.seek(start)
            return file.read(limit)
        except OSError:
            return None


class GitFiles:
    """The files of one repository; a linked worktree has a HEAD, index and reflog of its own."""

    def __init__(self, git_dir: Path, common_dir: Path) -> None:
        self.git_dir = git_dir
        self.common_dir = common_dir
        self.index = git_dir / "index"
        self.reflog = git_dir / "logs" / "HEAD"
        self._packed: tuple[FileStamp | None, bytes] = (None, b"")
        self._config: tuple[FileStamp | None, str] = (None, "")

    def head(self) -> tuple[str | None, str | None]:
        """The commit and the full name of the ref that HEAD stands on, each None without one."""
        target = self._content(self.git_dir / "HEAD")
        if not target.startswith("ref:"):
            return (target if _is_object_id(target) else None, None)
        name = target[4:].strip()
        return (self.ref(name), name)

    def ref(self, name: str) -> str | None:
        """The commit of a ref such as `refs/heads/main`, loose or packed."""
        for _ in range(_MAX_DEPTH):
            if not name.startswith("refs/") or ".." in name:
                return None
            content = self._content(self.common_dir / name)
            if not content.startswith("ref:"):
                return content if _is_object_id(content) else self._packed_ref(name)
            name = content[4:].strip()
        return None

    def push_ref(self, head_ref: str | None) -> str | None:
        """The ref that stands for a branch at its remote, there or still to come; None off one."""
        if head_ref is None:
            return None
        path = self.common_dir / "config"
        stamp = stamp_of(path)
        if stamp != self._config[0]:
            text = (read_file(path, _MAX_CONFIG) or b"").decode("utf-8", "replace")
            self._config = (stamp, text)
        refs = push_refs(self._config[1], head_ref.removeprefix("refs/heads/"))
        return next((ref for ref in refs if self.ref(ref) is not None), refs[0] if refs else None)

    def reasons(self, name: str) -> tuple[ReflogEntry, ...]:
        """What happened to a shared ref, oldest first; of very much only the newest."""
        path = self.common_dir / "logs" / name
        stamp = stamp_of(path)
        begin = max(stamp[1] - _MAX_REFLOG, 0) if stamp is not None else 0
        return _entries(read_file(path, _MAX_REFLOG, start=begin) or b"")

    def exists(self, *names: str) -> bool:
        """Whether the worktree's own git folder has one of these, such as `MERGE_HEAD`."""
        return any((self.git_dir / name).exists() for name in names)

    def reflog_size(self) -> int:
        """How far HEAD's reflog has grown, in bytes; 0 without one."""
        stamp = stamp_of(self.reflog)
        return stamp[1] if stamp is not None else 0

    def reflog_entries(self, start: int, end: int) -> tuple[ReflogEntry, ...]:
        """What happened to HEAD between two sizes of its reflog, oldest first.

        Of very many entries only the newest; nothing when the reflog shrank or is not ours to
        read.
        """
        begin = max(start, end - _MAX_REFLOG)
        lines = read_file(self.reflog, max(end - begin, 0), start=begin) or b""
        if begin > start:
            lines = lines.partition(b"\n")[2]
        return _entries(lines)

    def _content(self, path: Path) -> str:
        return (read_file(path, _SMALL) or b"").decode("utf-8", "replace").strip()

    def _packed_ref(self, name: str) -> str | None:
        path = self.common_dir / "packed-refs"
        stamp = stamp_of(path)
        if stamp is None:
            return None
        if stamp != self._packed[0]:
            self._packed = (stamp, read_file(path, _MAX_PACKED_REFS) or b"")
        line = re.search(
            rb"^(\S+) " + re.escape(name.encode()) + rb"$", self._packed[1], re.MULTILINE
        )
        found = line[1].decode("ascii", "replace") if line else ""
        return found if _is_object_id(found) else None


def _entries(lines: bytes) -> tuple[ReflogEntry, ...]:
    return tuple(
        ReflogEntry(
            None if not old.strip(b"0") else old.decode(),
            new.decode(),
            message.decode("utf-8", "replace"),
        )
        for old, new, message in _REFLOG_LINE.findall(lines)
        if new.strip(b"0")
    )


def _is_object_id(text: str) -> bool:
    return _OBJECT_ID.fullmatch(text) is not None
