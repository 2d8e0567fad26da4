"""Notice what a release, a changed dependency or another Python version still asks for.

__version__ = "1.2.3"  →  "1.3.0"     the other copies of 1.2.3, the changelog's heading
"httpx>=0.27"          →  ">=0.28"    the lock file
requires-python = ">=3.9"  →  ">=3.10"    classifiers, tox and CI that still name 3.9
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from posixpath import basename, dirname

from msgspec import Struct

from proactive_lsp.events import span
from proactive_lsp.needs.changelog_style import (
    headings,
    is_changelog,
    is_dated,
    main_changelog,
)
from proactive_lsp.needs.pointing import at_text, between, named, where, whole_file
from proactive_lsp.needs.python_matrix import python_needs
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.changes import LineHunk
from proactive_lsp.workspace.documents import utf16_length

KIND = "release"
MOST_NEEDS = 6
MOST_COPIES = 20
_VERSION_LINE = re.compile(
    r"""\s*["']?(?:const |let |export |pub |final |static )*"""
    r"""(?P<key>__version__|version|release|current_version|image|tag|rev)["']?\s*[:=]\s*"""
    r"""["']?v?(?P<version>\d+\.\d+[\w.+-]*)["']?[,;]?\s*(?:[#/].*)?\Z""",
    re.IGNORECASE,
)
_HISTORY = re.compile(r"(?i)(^|/)(change|history|news|release|what.?s.?new|upgrad)[^/]*(/|$)")
_LOCKS = {
    "pyproject.toml": ("uv.lock", "poetry.lock", "pdm.lock", "pixi.lock"),
    "package.json": ("package-lock.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb"),
    "Cargo.toml": ("Cargo.lock",),
    "Gemfile": ("Gemfile.lock",),
    "go.mod": ("go.sum",),
    "Pipfile": ("Pipfile.lock",),
}
_EVERY_LOCK = frozenset(chain.from_iterable(_LOCKS.values()))
_DEPENDENCY = re.compile(
    r"""\s*["'][\w@/.-]+(\[[\w,-]+\])?\s*([<>=~!^]=?.*)?["'],?\s*(#.*)?\Z"""
    r"""|\s*["']?[\w@/.-]+["']?\s*[:=]\s*(["'][\^~<>=*]*\s*v?\d|["'](workspace|\*)|\{)"""
    r"""|\s*[\w./-]+ v\d"""
)
_TABLE = re.compile(r"\[\[?([^\]]+)\]")
_OPENING = re.compile(r"""\s*["']?([\w.-]+)["']?\s*[=:]\s*[\[{]""")
_OF_DEPENDENCIES = re.compile(r"(?i)depend|overrides|resolutions|^(dev-)?packages$|constraint")


class _Bump(Struct, frozen=True):
    """A version line that changed."""

    hunk: LineHunk
    row: int
    key: str
    old: str
    new: str

    @property
    def of_project(self) -> bool:
        """Whether it is the project's own version, and not that of a tool it uses."""
        name = basename(self.hunk.path)
        if self.key == "__version__":
            return True
        own = name in _LOCKS or name.startswith(("setup.", "CITATION", "_version", "version"))
        return own and self.key in ("version", "current_version")


def detect(situation: Situation) -> Iterator[Need]:
    """Needs of changed versions, dependencies and Python versions, the latest edits first."""
    found = chain(_version_needs(situation), _lock_needs(situation), python_needs(situation, KIND))
    yield from islice(found, MOST_NEEDS)


def _version_needs(situation: Situation) -> Iterator[Need]:
    told: set[tuple[str, str]] = set()
    for bump in chain.from_iterable(map(_bumps, situation.recent)):
        if (bump.old, bump.new) in told:
            continue
        told.add((bump.old, bump.new))
        copies = tuple(islice(_copies(situation, bump), MOST_COPIES))
        places = (*copies, *(_heading(situation, bump) if bump.of_project else ()))
        if not places:
            continue
        path = bump.hunk.path
        yield Need(
            kind=KIND,
            path=path,
            range=span(bump.row, 0, bump.row, 0),
            anchor=bump.new,
            title=f"Write {bump.new} in {named({place.path for place in places})}",
            facts=(
                Fact(f"version {bump.old} became {bump.new}", path, bump.row),
                Fact("the old one still stands", places[0].path, places[0].range.start.line)
                if copies
                else Fact("the changelog does not name it", places[0].path),
            ),
            places=places,
            features={
                "version-parts": min(len(bump.old.split(".")), 4) / 4,
                "own-version": float(bump.of_project),
                "copies": min(len(copies), 10) / 10,
            },
        )


def _bumps(hunk: LineHunk) -> Iterator[_Bump]:
    if is_changelog(hunk.path) or basename(hunk.path) in _EVERY_LOCK:
        return
    before: dict[str, list[str]] = {}
    for line in hunk.before:
        if match := _VERSION_LINE.match(line):
            before.setdefault(match["key"], []).append(match["version"])
    for offset, line in enumerate(hunk.after) if before else ():
        match = _VERSION_LINE.match(line)
        if match and (olds := before.get(match["key"])):
            old = olds.pop(0)
            if old != match["version"]:
                row = hunk.after_start + offset
                yield _Bump(hunk, row, match["key"].lower(), old, match["version"])


def _copies(situation: Situation, bump: _Bump) -> Iterator[Place]:
    """Where the old version still stands by itself; lock files are their tools' to write."""
    if not situation.finder.interested(bump.old):
        return
    pattern = re.compile(rf"(?<![\w.])v?({re.escape(bump.old)})(?!\w|[.-]\w)")
    for path in situation.files(bump.old):
        if is_changelog(path) or _HISTORY.search(path):
            continue
        lines = situation.lines(path)
        is_lock = basename(path) in _EVERY_LOCK
        rows = [
            (row, hit)
            for row, line in enumerate(lines)
            if bump.old in line
            for hit in pattern.finditer(line)
        ]
        for row, hit in rows:
            if situation.edited(path, row):
                continue
            line = lines[row]
            features = {
                "version-line": float(_VERSION_LINE.match(line) is not None),
                "alone": 1 / len(rows),
                "lock": float(is_lock),
            }
            place = at_text(path, row, line, hit.start(1), hit.end(1), features)
            if is_lock:
                yield place
            else:
                yield Place(path, place.range, bump.old, bump.new, certain=False, features=features)


def _heading(situation: Situation, bump: _Bump) -> Iterator[Place]:
    """The changelog's newest heading, where it does not name the new version."""
    path = main_changelog(situation.tree.paths())
    if path is None:
        return
    lines = situation.lines(path)
    found = [each for each in headings(lines) if each.is_release]
    if not found or situation.edited(path, found[0].row):
        return
    newest = found[0]
    line = lines[newest.row]
    features = {"heading": 1.0, "open-section": float(newest.is_open)}
    open_title = re.search(r"(?i)\[?unreleased\]?", line)
    if open_title is not None:
        start, end = open_title.span()
        place = at_text(path, newest.row, line, start, end, features)
        # The day of the release is known to nobody here.
        dated = any(is_dated(each, lines) for each in found[1:])
        title = f"[{bump.new}]" if place.before.startswith("[") else bump.new
        yield Place(
            path, place.range, place.before, None if dated else title, False, features=features
        )
    elif re.search(rf"(?<![\w.]){re.escape(bump.new)}(?!\w|[.-]\w)", newest.title):
        row = next(
            (
                row
                for row in range(newest.below, min(newest.below + 4, len(lines)))
                if lines[row].strip().lower() == "unreleased"
            ),
            None,
        )
        if row is not None and not situation.edited(path, row):
            yield at_text(path, row, lines[row], 0, utf16_length(lines[row]), features)
    elif not re.search(r"dev|\.post", bump.new):
        yield between(path, newest.row, features)


def _lock_needs(situation: Situation) -> Iterator[Need]:
    known: frozenset[str] | None = None
    told: set[str] = set()
    for hunk in situation.recent:
        locks = _LOCKS.get(basename(hunk.path))
        if locks is None or hunk.path in told:
            continue
        line = _dependency(hunk, situation.lines(hunk.path))
        if line is None:
            continue
        known = known if known is not None else frozenset(situation.tree.paths())
        lock = next((path for path in _candidates(hunk.path, locks) if path in known), None)
        if lock is None or lock in situation.touched:
            continue
        told.add(hunk.path)
        at = where(hunk)
        yield Need(
            kind=KIND,
            path=hunk.path,
            range=at,
            anchor=line,
            title=f"Bring {basename(lock)} up to date",
            facts=(Fact(f"`{line[:60]}` changed", hunk.path, at.start.line),),
            places=(whole_file(lock, features={"lock": 1.0}),),
            features={"dependency": 1.0},
        )


def _dependency(hunk: LineHunk, lines: Sequence[str]) -> str | None:
    """The first line of the hunk, new or gone, that names a dependency or the own version."""
    if basename(hunk.path) not in ("go.mod", "Gemfile") and not _lists_dependencies(
        lines, hunk.after_start
    ):
        own = (line for line in hunk.after if _VERSION_LINE.match(line) and hunk.before)
        return next((line.strip() for line in own if line[:1].strip() or '"version"' in line), None)
    for written, others in ((hunk.after, hunk.before), (hunk.before, hunk.after)):
        for line in written:
            if line not in others and _DEPENDENCY.match(line):
                return line.strip()
    return None


def _lists_dependencies(lines: Sequence[str], row: int) -> bool:
    """Whether the list or table that a line of a manifest stands in is one of dependencies."""
    for line in reversed(lines[: row + 1]):
        table = _TABLE.match(line)
        if table is not None:
            return _OF_DEPENDENCIES.search(table[1]) is not None
        opening = _OPENING.match(line)
        if opening is not None and _OF_DEPENDENCIES.search(opening[1]):
            return True
        if opening is not None and line.rstrip().endswith("{"):
            return False
    return False


def _candidates(path: str, locks: Sequence[str]) -> Iterator[str]:
    """The lock files beside a manifest and above it, nearest first."""
    folder = dirname(path)
    while True:
        for lock in locks:
            yield f"{folder}/{lock}" if folder else lock
        if not folder:
            return
        folder = dirname(folder)
