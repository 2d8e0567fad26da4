"""Which path of the workspace a URI of another machine means; nothing is looked up on this one."""

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from proactive_lsp.events import BadPath, check_path

MOST_KNOWN = 10_000
_DRIVE = re.compile(r"/?[A-Za-z]:")


class Places:
    """The folders of a session. Without any, files go by their names alone, told apart by numbers.

    With several, the first one is the workspace, and what lies in the others is outside of it.
    """

    def __init__(self, roots: Iterable[str] = ()) -> None:
        self.root = next((root for root in map(file_path, roots) if root is not None), None)
        self._known: dict[str, str | None] = {}
        self._loose: dict[str, str] = {}

    def path(self, uri: object) -> str | None:
        """The path in the workspace; None for what is outside, no file, or of git itself."""
        if not isinstance(uri, str):
            return None
        if uri not in self._known:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[uri] = self._find(uri)
        return self._known[uri]

    def _find(self, uri: str) -> str | None:
        full = file_path(uri)
        if full is None:
            return None
        if self.root is None:
            return _checked(self._named(full))
        root = self.root.rstrip("/") + "/"
        # Where there are drives, the case of letters does not matter.
        same = _DRIVE.match(root) is not None
        start = full[: len(root)]
        if (start.casefold() if same else start) != (root.casefold() if same else root):
            return None
        return _checked(full[len(root) :])

    def _named(self, full: str) -> str:
        name = full.rsplit("/", 1)[-1]
        path, number = name, 1
        while self._loose.get(path, full) != full:
            number += 1
            path = f"{number}/{name}"
        if len(self._loose) < MOST_KNOWN:
            self._loose[path] = full
        return path


def file_path(uri: str) -> str | None:
    """The absolute path of a `file:` URI with `/`, or of a path as such; None for anything else.

    >>> file_path("file:///c%3A/shop/a%20b.py"), file_path("/home/ada"), file_path("untitled:1")
    ('c:/shop/a b.py', '/home/ada', None)
    """
    if uri.startswith("/"):
        return uri
    if re.match(r"[A-Za-z]:[\\/]", uri):
        return uri.replace("\\", "/")
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme != "file":
        return None
    path = unquote(parts.path, errors="replace")
    if parts.netloc not in ("", "localhost"):
        return f"//{parts.netloc}{path}"
    return path[1:] if re.match(r"/[A-Za-z]:", path) else path


def _checked(path: str) -> str | None:
    try:
        check_path(path)
        path.encode()
    except (BadPath, UnicodeEncodeError):
        return None
    return None if ".git" in path.casefold().split("/") else path
