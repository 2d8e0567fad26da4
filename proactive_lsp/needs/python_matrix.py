"""Notice where a Python version that a project added or dropped is still missing or named.

"Programming Language :: Python :: 3.14"  is new     →  tox, CI and other lists that end with 3.13
requires-python = ">=3.10"  instead of 3.9           →  what still names 3.9
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from posixpath import basename

from msgspec import Struct

from proactive_lsp.events import span
from proactive_lsp.needs.pointing import at_text, named, where
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.changes import LineHunk

MOST_PLACES = 16
_FILES = re.compile(
    r"(^|/)(pyproject\.toml|setup\.(py|cfg)|tox\.ini|noxfile\.py|mypy\.ini|\.python-version"
    r"|\.pre-commit-config\.yaml|\.readthedocs\.ya?ml|readthedocs\.ya?ml|Dockerfile|\.travis\.yml"
    r"|appveyor\.yml|azure-pipelines\.yml|\.ruff\.toml|ruff\.toml|README\.(md|rst)"
    r"|\.github/workflows/[^/]+\.ya?ml)\Z"
)
_REQUIRES = re.compile(
    r"(?i)(requires[_-]python|python[_-]requires|\bpython\b)[\"']?\s*[=:]\s*[\"']?[>^~=]"
)
_OF_PROJECT = re.compile(_REQUIRES.pattern + "|Python :: 3")
# 3.9 after a word for Python or in quotes, and py39.
_SPELLED = re.compile(
    r"(?:(?<=Python :: )|(?<=[\"'])|(?<=>=)|(?<=python)|(?<=python-)|(?<=- ))"
    r"3\.(?P<dotted>\d{1,2})(?![\d.]*\d)"
    r"|\b(?P<short>py)3(?P<tight>\d{1,2})\b"
)


class _Turn(Struct, frozen=True):
    """A minor version of Python 3 that came or went."""

    minor: int
    added: bool


def python_needs(situation: Situation, kind: str) -> Iterator[Need]:
    """One need per version of Python that recent edits added or dropped, while copies are left."""
    told: set[_Turn] = set()
    for hunk in situation.recent:
        if not _FILES.search(hunk.path):
            continue
        for turn in _turns(hunk, situation.lines(hunk.path)):
            if turn in told or len(told) == 2:
                continue
            told.add(turn)
            places = tuple(islice(_places(situation, turn), MOST_PLACES))
            if places:
                at = where(hunk)
                done = "new" if turn.added else "no longer supported"
                files = named({place.path for place in places})
                verb = "Add" if turn.added else "Drop"
                yield Need(
                    kind=kind,
                    path=hunk.path,
                    range=at,
                    anchor=f"3.{turn.minor}",
                    title=f"{verb} Python 3.{turn.minor} in {files}",
                    facts=(Fact(f"Python 3.{turn.minor} is {done}", hunk.path, at.start.line),),
                    places=places,
                    features={"python": 1.0, "python-added": float(turn.added)},
                )


def _turns(hunk: LineHunk, lines: Sequence[str]) -> Iterator[_Turn]:
    """What the hunk did to the lowest or the highest version of its file."""
    before, after = _minors(hunk.before), _minors(hunk.after)
    if before == after:
        return
    end = hunk.after_start + len(hunk.after)
    rest = _minors((*lines[: hunk.after_start], *lines[end:]))
    required = any(_REQUIRES.search(line) for line in hunk.after)
    for minor in sorted(before - after):
        # In the place of a single one, as for a tool, another version means nothing.
        if minor < min(after | rest - {minor}, default=0):
            yield _Turn(minor, added=False)
    for minor in sorted(after - before, reverse=True):
        # `>=3.10` in the place of `>=3.9` adds nothing.
        if not required and minor > max(before | rest - {minor}, default=99):
            yield _Turn(minor, added=True)


def _minors(lines: Sequence[str]) -> frozenset[int]:
    # Most lines speak of no version at all, and the pattern is a slow one.
    told = (line for line in lines if "3." in line or "py3" in line)
    return frozenset(
        int(match["dotted"] or match["tight"]) for line in told for match in _SPELLED.finditer(line)
    )


def _places(situation: Situation, turn: _Turn) -> Iterator[Place]:
    wanted = turn.minor - 1 if turn.added else turn.minor
    for path in situation.tree.paths():
        if not _FILES.search(path):
            continue
        lines = situation.lines(path)
        minors = _minors(lines)
        single = len(minors) < 2 and not any(map(_OF_PROJECT.search, lines))
        if single or wanted not in minors or (turn.added and turn.minor in minors):
            continue
        for row, line in enumerate(lines):
            if situation.edited(path, row):
                continue
            for match in _SPELLED.finditer(line):
                if int(match["dotted"] or match["tight"]) == wanted:
                    yield _place(situation, turn, path, row, match)
                    break


def _place(situation: Situation, turn: _Turn, path: str, row: int, match: re.Match[str]) -> Place:
    """A line that is about one version alone is written or taken out; others are pointed at."""
    lines = situation.lines(path)
    line = lines[row]
    features = {
        "python": 1.0,
        "classifier": float("Python :: 3." in line),
        "ci": float(path.startswith(".github/")),
        "lowest-required": float(_REQUIRES.search(line) is not None),
        "readme": float(basename(path).startswith("README")),
    }
    if "Python :: 3." not in line or row + 1 >= len(lines):
        return at_text(path, row, line, match.start(), match.end(), features)
    text = situation.tree.read(path) or ""
    eol = "\r\n" if "\r\n" in text else "\n"
    if turn.added:
        copy = line.replace(f"3.{turn.minor - 1}", f"3.{turn.minor}") + eol
        below = span(row + 1, 0, row + 1, 0)
        return Place(path, below, "", copy, certain=False, features=features)
    whole = span(row, 0, row + 1, 0)
    return Place(path, whole, line + eol, "", certain=False, features=features)
