"""Notice that a new file is missing where its neighbours are listed.

    checks/spelling.py   is new

offers `from checks.spelling import *` below the lines of `checks/__init__.py` that import two of
its neighbours. The entry is the last neighbour's line with the name of the new file.
"""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from posixpath import basename, dirname, splitext

from proactive_lsp.events import span
from proactive_lsp.needs.sightings import pattern_of, quoted, share
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.cache import TextCache
from proactive_lsp.workspace.texts import bare_lines

KIND = "index-entry"
MOST_NEEDS = 4
MOST_PLACES = 6
# A folder of more files has no list of them that a person writes.
MOST_SIBLINGS = 80
# Neighbours in a list stand so close together.
NEAR = 2
# Files that list others, by the name without its ending.
INDEX = re.compile(
    r"(__init__|index|mod|lib|main|mkdocs|summary|readme|manifest|_?toc|contents?|api|reference"
    r"|registry|urls|routes|all|exports|conftest|sidebars?|package|pyproject|setup|cargo|tox"
    r"|noxfile|makefile|cmakelists|build|meson)\Z",
    re.I,
)
NAMELESS = frozenset({"__init__", "__main__", "index", "mod", "conftest", "README"})


def detect(situation: Situation) -> Iterator[Need]:
    """One need per list of neighbours without the new file, the latest file first."""
    created = [each.path for each in situation.moved if each.op == "created"]
    paths = situation.tree.paths() if created else ()
    needs = (
        need
        for path in dict.fromkeys(reversed(created))
        if splitext(basename(path))[0] not in NAMELESS
        for need in _missing(situation, path, paths)
    )
    yield from islice(needs, MOST_NEEDS)


def _missing(situation: Situation, path: str, paths: Sequence[str]) -> Iterator[Need]:
    folder, (stem, suffix) = dirname(path), splitext(basename(path))
    around = [each for each in paths if dirname(each) == folder and splitext(each)[1] == suffix]
    names = {splitext(basename(each))[0] for each in around} - NAMELESS - {stem}
    siblings = tuple(sorted((each for each in names if len(each) > 1), key=lambda n: (-len(n), n)))
    if not 2 <= len(siblings) <= MOST_SIBLINGS:
        return
    for index in _indexes(situation, path, paths):
        text = situation.tree.read(index)
        if text is None:
            continue
        named = _rows.get(siblings, text, partial(_listed, siblings, text))
        lines = bare_lines(text)
        rows = [row for row in named if _is_entry(lines[row[0]], row[1], path, index)]
        if len(rows) < 2 or any(any(pattern_of(stem)(line)) for line in _with(text, stem)):
            continue
        places = tuple(islice(_places(situation, index, rows, stem), MOST_PLACES))
        if places:
            yield Need(
                kind=KIND,
                path=path,
                range=span(0, 0, 0, 0),
                anchor=f"{path} in {index}",
                title=f"List `{quoted(basename(path), 24)}` in {quoted(basename(index), 24)}",
                facts=(
                    Fact(f"`{path}` is new", path, 0),
                    Fact("its neighbours are listed here", index, places[0].range.start.line),
                ),
                places=places,
                features={
                    "listed": len({name for _, name in rows}) / len(siblings),
                    "siblings-there": share(len(siblings)),
                    "lists": share(len(places)),
                    "index-name": float(INDEX.match(splitext(basename(index))[0]) is not None),
                },
            )


def _indexes(situation: Situation, path: str, paths: Sequence[str]) -> list[str]:
    """Files that may list the new one: by their name, in its folder and in those above."""
    folder = dirname(path)
    parts = folder.split("/") if folder else []
    above = {"/".join(parts[:depth]) for depth in range(len(parts) + 1)}
    return [
        each
        for each in paths
        if each != path and dirname(each) in above and INDEX.match(splitext(basename(each))[0])
    ]


_Row = tuple[int, str]
_rows: TextCache[tuple[_Row, ...]] = TextCache(500_000)


def _listed(siblings: Sequence[str], text: str) -> tuple[_Row, ...]:
    """The lines that name a sibling, with the first one they name."""
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, siblings))})(?![\w-])")
    found = ((number, pattern.search(line)) for number, line in enumerate(bare_lines(text)))
    return tuple((number, match.group()) for number, match in found if match is not None)


def _is_entry(line: str, name: str, path: str, index: str) -> bool:
    """Whether a line names the sibling as a file, not as a word: as a path, or by itself.

    From outside of the folder it has the folder or the ending with it.
    """
    shape = _blank(line, name)
    if dirname(index) == dirname(path):
        return _AS_PATH.search(shape) is not None or _ALONE.match(shape) is not None
    folder, suffix = basename(dirname(path)), splitext(path)[1]
    return (
        f"{_HOLE}{suffix}" in shape or re.search(rf"{re.escape(folder)}[./]\0", shape) is not None
    )


def _with(text: str, stem: str) -> Iterator[str]:
    if stem in text:
        yield from (line for line in bare_lines(text) if stem in line)


def _places(situation: Situation, index: str, rows: Sequence[_Row], stem: str) -> Iterator[Place]:
    """One in each group of neighbouring lines that name at least two siblings."""
    lines = situation.lines(index)
    groups: list[list[_Row]] = []
    for row in rows:
        if groups and row[0] - groups[-1][-1][0] <= NEAR:
            groups[-1].append(row)
        else:
            groups.append([row])
    for group in groups:
        names = [name for _, name in group]
        if len(set(names)) < 2 or any(situation.edited(index, number) for number, _ in group):
            continue
        # In a sorted list the entry has its place, elsewhere it comes last.
        smaller = [row for row in group if row[1] < stem] if names == sorted(names) else group
        number, name = (smaller or group)[-1 if smaller else 0]
        shapes = [_blank(lines[at], other) for at, other in group]
        shape = _blank(lines[number], name)
        alone = number + 1 >= len(lines)
        draft = shape.replace(_HOLE, stem) if shapes.count(shape) > 1 and not alone else None
        at = number if draft is None else number + bool(smaller)
        end = _line_end(situation.tree.read(index) or "")
        yield Place(
            index,
            span(at, 0, at, 0),
            "",
            f"{draft}{end}" if draft is not None else None,
            certain=False,
            features={
                "siblings": min(1.0, len(set(names)) / 10),
                "same-shape": shapes.count(shape) / len(shapes),
                "sorted": float(names == sorted(names)),
                "as-path": float(_AS_PATH.search(shape) is not None),
            },
        )


_HOLE = "\0"
_ALONE = re.compile(r"[\s*-]*\0\s*\Z")
_AS_PATH = re.compile(r"[./'\"]\0|\0[./'\"]|import\b")


def _blank(line: str, name: str) -> str:
    return re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", _HOLE, line)


def _line_end(text: str) -> str:
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"
