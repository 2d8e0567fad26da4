"""What a file is for, by its name: source, tests, docs, config or changelog."""

import re
from functools import lru_cache
from posixpath import splitext
from typing import Literal

FileKind = Literal["source", "tests", "docs", "config", "changelog"]
# The canonical order: as a careful developer would go about it.
ORDER: tuple[FileKind, ...] = ("source", "tests", "docs", "config", "changelog")

_CHANGELOG = re.compile(r"(changes|changelog|history|news|releases?|release[-_]notes)\Z", re.I)
_FRAGMENTS = frozenset({"changelog.d", "newsfragments", "changes.d", ".changeset"})
_TEST_FOLDERS = frozenset({"test", "tests", "testing", "__tests__", "spec", "specs"})
_TEST_NAME = re.compile(r"(test_.*|.*_test|.*[.](test|spec)|tests?|conftest)\Z")
_PROSE = frozenset({".md", ".rst", ".txt", ".adoc", ".mdx", ""})
_DOC_FOLDERS = frozenset({"doc", "docs"})
_CONFIG = frozenset({".toml", ".cfg", ".ini", ".yml", ".yaml", ".json", ".conf", ".lock", ".in"})
_CONFIG_NAMES = frozenset({"Makefile", "Dockerfile", "Justfile", "setup.py", "noxfile.py"})


@lru_cache(maxsize=8_192)
def file_kind(path: str) -> FileKind:
    """What a file is for."""
    *folders, name = path.split("/")
    stem, suffix = splitext(name)
    if not _FRAGMENTS.isdisjoint(folders) or (suffix in _PROSE and _CHANGELOG.match(stem)):
        return "changelog"
    if not _TEST_FOLDERS.isdisjoint(folders) or _TEST_NAME.match(stem):
        return "tests"
    if name in _CONFIG_NAMES or suffix in _CONFIG or path.startswith("."):
        return "config"
    if suffix in _PROSE or not _DOC_FOLDERS.isdisjoint(folders):
        return "docs"
    return "source"
