"""Which workspace folder a file belongs to, and what it is called there."""

import os
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct
from pygls.uris import to_fs_path

from proactive_lsp.events import BadPath, check_path

# A cache is emptied when it has so many entries; asking again costs microseconds.
MOST_CACHED = 10_000


class Folder(Struct, frozen=True):
    """A workspace folder; the one without a root serves loose files when no folder is open."""

    uri: str = ""
    root: Path | None = None


ROOTLESS = Folder()


class Folders:
    """The open folders. A file belongs to the deepest one that holds it."""

    def __init__(self, uris: Iterable[str] = ()) -> None:
        self._folders: dict[str, Folder] = {}
        self._known: dict[str, tuple[Folder, str] | None] = {}
        self._uris: dict[tuple[Folder, str], str] = {}
        for uri in uris:
            self.add(uri)

    def all(self) -> tuple[Folder, ...]:
        """Every folder in the order of opening; the rootless one when none is open."""
        return tuple(self._folders.values()) or (ROOTLESS,)

    def named(self, uri: str) -> Folder:
        """The folder with this URI; one that was closed belongs to no engine."""
        return self._folders.get(uri, ROOTLESS)

    def add(self, uri: str) -> None:
        """A folder was opened; one that is not on disk is ignored."""
        path = to_fs_path(uri)
        if path:
            self._folders.setdefault(uri, Folder(uri, Path(path)))
            self._forget()

    def remove(self, uri: str) -> None:
        """A folder was closed."""
        self._folders.pop(uri, None)
        self._forget()

    def locate(self, uri: str) -> tuple[Folder, str] | None:
        """The folder and the path in it; None for a file outside, of git itself, or no file."""
        if uri not in self._known:
            if len(self._known) >= MOST_CACHED:
                self._forget()
            found = self._known[uri] = self._find(uri)
            if found is not None:
                self._uris.setdefault(found, uri)
        return self._known[uri]

    def uri(self, folder: Folder, path: str) -> str:
        """The URI of a file, spelled as the client spelled it if it ever did."""
        return self._uris.get((folder, path)) or f"{folder.uri.rstrip('/')}/{quote(path)}"

    def _forget(self) -> None:
        self._known.clear()
        # A loose file has no other way back to its URI than the one it came with.
        self._uris = {found: uri for found, uri in self._uris.items() if found[0] is ROOTLESS}

    def _find(self, uri: str) -> tuple[Folder, str] | None:
        name = to_fs_path(uri)
        if not name:
            return None
        if not self._folders:
            return (ROOTLESS, self._loose(Path(name).name, uri))
        for folder in sorted(self._folders.values(), key=_depth, reverse=True):
            path = _inside(folder, name)
            if path is not None:
                return (folder, path)
        return None

    def _loose(self, name: str, uri: str) -> str:
        """A name that no other loose file has: `a.py`, then `2/a.py`."""
        path, number = name, 1
        while self._uris.get((ROOTLESS, path), uri) != uri:
            number += 1
            path = f"{number}/{name}"
        return path


def _depth(folder: Folder) -> int:
    return len(folder.root.parts) if folder.root is not None else 0


def _inside(folder: Folder, name: str) -> str | None:
    prefix = os.path.join(str(folder.root), "")  # noqa: PTH118 - keeps the separator at the end
    if not os.path.normcase(name).startswith(os.path.normcase(prefix)):
        return None
    path = name[len(prefix) :].replace(os.sep, "/")
    try:
        check_path(path)
    except BadPath:
        return None
    # Where case does not matter, `.GIT` is git's own folder.
    return None if ".git" in path.casefold().split("/") else path
