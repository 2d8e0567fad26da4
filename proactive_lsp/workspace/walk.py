"""List the files below a folder that no repository tells about."""

import os
from collections.abc import Iterator

_SKIPPED_FOLDERS = frozenset(
    {
        *(".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv", "venv", ".tox", ".nox"),
        *(".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".idea", ".eggs"),
    }
)


def walk(root: str) -> Iterator[str]:
    """Files below a folder in a fixed order, past links and past the folders of tools."""
    folders = [""]
    while folders:
        prefix = folders.pop()
        try:
            with os.scandir(f"{root}/{prefix}") as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError:
            continue
        inner: list[str] = []
        for entry in entries:
            try:
                if entry.is_file(follow_symlinks=False):
                    yield prefix + entry.name
                elif entry.is_dir(follow_symlinks=False) and entry.name not in _SKIPPED_FOLDERS:
                    inner.append(f"{prefix}{entry.name}/")
            except OSError:
                continue
        folders.extend(reversed(inner))
