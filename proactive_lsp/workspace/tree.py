"""Read the workspace's files: from disk, from memory, from a commit, open buffers over any.

Whatever is wrong with a file (missing, binary, no UTF-8, too large, a link out of the workspace,
a pipe), reading it gives None and never waits.
"""

import os
import stat
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Protocol

from proactive_lsp.events import BadPath, check_path
from proactive_lsp.workspace.cache import StampedTexts
from proactive_lsp.workspace.contents import decode, encode, stamp_of, textual
from proactive_lsp.workspace.documents import Documents
from proactive_lsp.workspace.languages import language_of as language_of
from proactive_lsp.workspace.walk import walk

_MOST_KEPT = 1_500_000  # characters of files that were read last
# Without O_NONBLOCK, opening a pipe would wait for its writer. Windows lacks some of these.
_OPEN_FLAGS = sum(
    getattr(os, name, 0)
    for name in ("O_RDONLY", "O_BINARY", "O_CLOEXEC", "O_NOCTTY", "O_NOFOLLOW", "O_NONBLOCK")
)


class Tree(Protocol):
    """The files of a workspace by relative path with `/`; no method raises for a bad file."""

    @property
    def truncated(self) -> bool:
        """Whether `paths` last left files out because there were too many."""
        ...

    def paths(self) -> Sequence[str]:
        """The files that belong to the workspace, sorted; not all of them need be readable."""
        ...

    def read(self, path: str) -> str | None:
        """The text without a byte order mark; None when `read_bytes` is, or it is not UTF-8."""
        ...

    def read_bytes(self, path: str) -> bytes | None:
        """The content; None when missing, binary, too large, no regular file, or outside."""
        ...

    def stamp(self, path: str) -> Hashable | None:
        """A cache key: equal stamps mean equal content. None when there is no such file."""
        ...

    def stamps(self, paths: Sequence[str]) -> dict[str, Hashable | None]:
        """`stamp` of each, for less than they cost one by one."""
        ...

    def linked(self, path: str) -> bool:
        """Whether a link is on the way, or nobody can tell, so that nothing may be written there.

        What a link leads to may lie outside, or be a hook of git, and has a name of its own.
        """
        ...


class DiskTree:
    """Files below a folder.

    `tracked` names them, for example `Repository.tracked`, and may name some that are not there;
    the same object again means the same names. Without it each `paths` walks the folder, past
    links and past folders of tools.
    """

    def __init__(
        self,
        root: Path,
        tracked: Callable[[], Sequence[str]] | None = None,
        max_bytes: int = 1_000_000,
        max_files: int = 100_000,
    ) -> None:
        self._root = os.path.realpath(root)
        self._tracked = tracked
        self._max_bytes = max_bytes
        self._max_files = max_files
        self._named: Sequence[str] | None = None
        self._paths: tuple[str, ...] = ()
        self.truncated = False

    def paths(self) -> Sequence[str]:
        """See `Tree.paths`."""
        if self._tracked is None:
            return self._keep(walk(self._root))
        named = self._tracked()
        if named is not self._named:
            self._paths, self._named = self._keep(iter(named)), named
        return self._paths

    def read(self, path: str) -> str | None:
        """See `Tree.read`."""
        return decode(self.read_bytes(path))

    def read_bytes(self, path: str) -> bytes | None:
        """See `Tree.read_bytes`."""
        try:
            file = os.open(self._locate(path), _OPEN_FLAGS)
        except (OSError, ValueError):
            return None
        try:
            status = os.fstat(file)
            if not stat.S_ISREG(status.st_mode) or status.st_size > self._max_bytes:
                return None
            return textual(os.read(file, status.st_size))
        except OSError:
            return None
        finally:
            os.close(file)

    def stamp(self, path: str) -> Hashable | None:
        """See `Tree.stamp`; as exact as the file system's clock."""
        try:
            return stamp_of(os.lstat(self._locate(path)))
        except (OSError, ValueError):
            return None

    def stamps(self, paths: Sequence[str]) -> dict[str, Hashable | None]:
        """See `Tree.stamps`; each folder is looked at once for links on the way."""
        linked: dict[str, bool] = {"": False}
        found: dict[str, Hashable | None] = {}
        for path in paths:
            folder = path.rpartition("/")[0]
            if folder not in linked:
                linked[folder] = self.linked(folder)
            try:
                status = os.lstat(f"{self._root}/{path}")
                direct = not linked[folder] and not stat.S_ISLNK(status.st_mode)
                found[path] = stamp_of(status) if direct else self.stamp(path)
            except (OSError, ValueError):
                found[path] = None
        return found

    def linked(self, path: str) -> bool:
        """See `Tree.linked`; a file that is not there yet is none."""
        name = self._root
        try:
            for part in check_path(path).split("/"):
                name = f"{name}/{part}"
                if stat.S_ISLNK(os.lstat(name).st_mode):
                    return True
        except FileNotFoundError:
            return False
        except (OSError, ValueError):
            return True
        return False

    def _keep(self, paths: Iterator[str]) -> tuple[str, ...]:
        kept = tuple(islice(filter(_usable, paths), self._max_files))
        self.truncated = next(filter(_usable, paths), None) is not None
        return tuple(sorted(kept))

    def _locate(self, path: str) -> str:
        """The file's name on disk, free of links; raises OSError or `BadPath` when outside."""
        parts = check_path(path).split("/")
        name = self._root
        for part in parts:
            name = f"{name}/{part}"
            if stat.S_ISLNK(os.lstat(name).st_mode):
                return self._follow(f"{self._root}/{path}")
        return name

    def _follow(self, name: str) -> str:
        real = os.path.realpath(name, strict=True)
        if os.path.commonpath((self._root, real)) != self._root:
            raise BadPath(f"{name} leads out of the workspace")
        return real


class FilesTree:
    """Files given as texts, as in a session that carries its workspace."""

    truncated = False

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = dict(sorted(files.items()))
        self._paths = tuple(self._files)

    def paths(self) -> Sequence[str]:
        """See `Tree.paths`."""
        return self._paths

    def read(self, path: str) -> str | None:
        """See `Tree.read`."""
        return self._files.get(path)

    def read_bytes(self, path: str) -> bytes | None:
        """See `Tree.read_bytes`."""
        return encode(self.read(path))

    def stamp(self, path: str) -> Hashable | None:
        """See `Tree.stamp`."""
        return self._files.get(path)

    def stamps(self, paths: Sequence[str]) -> dict[str, Hashable | None]:
        """See `Tree.stamps`."""
        return {path: self.stamp(path) for path in paths}

    def linked(self, path: str) -> bool:
        """See `Tree.linked`; there are no links here."""
        return False


class Blobs(Protocol):
    """The files of one commit."""

    def paths(self) -> Sequence[str]:
        """All of them."""
        ...

    def read(self, path: str) -> bytes | None:
        """The content of one; None when the commit has no such file."""
        ...


class GitTree:
    """The files of one commit; being pinned, each is fetched once while `max_kept` bytes last."""

    truncated = False

    def __init__(
        self, blobs: Blobs, max_bytes: int = 1_000_000, max_kept: int = 32_000_000
    ) -> None:
        self._blobs = blobs
        self._max_bytes = max_bytes
        self._room = max_kept
        self._kept: dict[str, bytes | None] = {}
        self._paths = tuple(sorted(filter(_usable, blobs.paths())))
        self._known = frozenset(self._paths)

    def paths(self) -> Sequence[str]:
        """See `Tree.paths`."""
        return self._paths

    def read(self, path: str) -> str | None:
        """See `Tree.read`."""
        return decode(self.read_bytes(path))

    def read_bytes(self, path: str) -> bytes | None:
        """See `Tree.read_bytes`."""
        if path not in self._known:
            return None
        if path in self._kept:
            return self._kept[path]
        content = self._blobs.read(path)
        if content is not None:
            content = textual(content) if len(content) <= self._max_bytes else None
        if (size := len(content or b"")) <= self._room:
            self._room -= size
            self._kept[path] = content
        return content

    def stamp(self, path: str) -> Hashable | None:
        """See `Tree.stamp`."""
        return ("pinned", path) if path in self._known else None

    def stamps(self, paths: Sequence[str]) -> dict[str, Hashable | None]:
        """See `Tree.stamps`."""
        return {path: self.stamp(path) for path in paths}

    def linked(self, path: str) -> bool:
        """See `Tree.linked`; there are no links here."""
        return False


class OverlayTree:
    """Open documents over a tree: what the editor shows is what everybody reads.

    With `live` the tree below follows the editor by itself, since saves reach the disk. Without
    it, as in a replay, where nothing is written, saved and moved files are remembered here, so
    `wrote`, `removed` and `renamed` do something. An open document of more characters than
    `max_bytes` reads as None, as the file on disk does: it is neither searched nor parsed.
    """

    def __init__(
        self, base: Tree, documents: Documents, *, live: bool = True, max_bytes: int = 1_000_000
    ) -> None:
        self._base = base
        self._max_bytes = max_bytes
        self._documents = documents
        self._live = live
        self._stored: dict[str, str | None] = {}  # None: removed
        self._kept = StampedTexts(_MOST_KEPT)

    @property
    def truncated(self) -> bool:
        """See `Tree.truncated`."""
        return self._base.truncated

    def paths(self) -> Sequence[str]:
        """See `Tree.paths`; open documents included."""
        base = self._base.paths()
        stored = self._stored
        present = {path for path, text in stored.items() if text is not None}
        present.update(self._documents.paths())
        removed = stored.keys() - present
        added = [path for path in present if not _contains(base, path)]
        if not added and not removed:
            return base
        return sorted((*added, *(path for path in base if path not in removed)))

    def read(self, path: str) -> str | None:
        """See `Tree.read`; the same object again while the file is the same."""
        text, known = self._above(path)
        if known:
            return text
        return self._kept.get(path, self._base.stamp(path), partial(self._base.read, path))

    def read_bytes(self, path: str) -> bytes | None:
        """See `Tree.read_bytes`."""
        text, known = self._above(path)
        return encode(text) if known else self._base.read_bytes(path)

    def stamp(self, path: str) -> Hashable | None:
        """See `Tree.stamp`."""
        text, known = self._above(path)
        return text if known else self._base.stamp(path)

    def stamps(self, paths: Sequence[str]) -> dict[str, Hashable | None]:
        """See `Tree.stamps`."""
        above = {*self._documents.paths(), *self._stored}
        below = self._base.stamps([path for path in paths if path not in above])
        return {path: below[path] if path in below else self.stamp(path) for path in paths}

    def linked(self, path: str) -> bool:
        """See `Tree.linked`; an open document is where its file is."""
        return self._base.linked(path)

    def wrote(self, path: str, text: str) -> None:
        """A file has this text now, because it was saved, created or committed."""
        if not self._live:
            self._stored[path] = text

    def created(self, path: str) -> None:
        """A file is there (again); what is in it is told when it is opened."""
        if path in self._stored and self._stored[path] is None:
            del self._stored[path]

    def removed(self, path: str) -> None:
        """A file, or a folder with all its files, is gone."""
        if not self._live:
            self._stored.update(dict.fromkeys(self._below(path)))

    def renamed(self, path: str, to: str) -> None:
        """A file, or a folder with all its files, has another name."""
        if self._live:
            return
        texts = {old: self._saved(old) for old in self._below(path)}
        self._stored.update(dict.fromkeys(texts))
        for old, text in texts.items():
            if text is not None:
                self._stored[to + old.removeprefix(path)] = text

    def _above(self, path: str) -> tuple[str | None, bool]:
        """The text that hides the tree below, and whether one does."""
        document = self._documents.get(path)
        known = document is not None or path in self._stored
        text = document.text if document is not None else self._stored.get(path)
        return (text if text is not None and len(text) <= self._max_bytes else None), known

    def _saved(self, path: str) -> str | None:
        return self._stored[path] if path in self._stored else self._base.read(path)

    def _below(self, path: str) -> list[str]:
        known = {*self._base.paths(), *self._stored}
        return [path, *(other for other in known if other.startswith(f"{path}/"))]


def _usable(path: str) -> bool:
    """Whether a path can be told in an event: within the workspace, and UTF-8."""
    try:
        check_path(path).encode()
    except ValueError:
        return False
    return True


def _contains(sorted_paths: Sequence[str], path: str) -> bool:
    index = bisect_left(sorted_paths, path)
    return index < len(sorted_paths) and sorted_paths[index] == path
