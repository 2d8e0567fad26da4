"""Notice that a moved or deleted file is still called by its old path elsewhere.

    git mv app/util.py app/tools.py

offers `app.tools` for `from app.util import f`, and `app/tools.py` where a script names the file.
"""

import re
from collections.abc import Iterator
from itertools import islice
from posixpath import basename, dirname, normpath, splitext

from proactive_lsp.events import FileOperation, span
from proactive_lsp.needs.sightings import (
    Sighting,
    across,
    as_features,
    counted,
    nearest_first,
    quoted,
    reads_like_code,
    role,
    share,
    untouched,
)
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need, Place

KIND = "moved-path"
MOST_NEEDS = 6
MOST_PLACES = 20
MOST_FILES = 30
ECMASCRIPT = frozenset({".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".vue"})
PYTHON = frozenset({".py", ".pyi"})
# Names of files that every project has many of.
COMMON = re.compile(r"(__init__|__main__|index|main|mod|lib|conftest|README|setup|test)\Z", re.I)
# What stands to the left of a module's name where it is imported.
IMPORTED = re.compile(
    r"\s*(from\s+(?P<dots>\.*)(?P<source>[\w.]*)\s+import\b.*|"
    r"from\s+(?P<level>\.+)(?P<behind>([\w.]*\.)?)|import\s+)\Z"
)
SPECIFIER = re.compile(r"""["'](?P<path>\.{1,2}/[^"'\s]*)["']""")


def detect(situation: Situation) -> Iterator[Need]:
    """One need per moved or deleted file that is still mentioned, the latest first."""
    seen: set[str] = set()
    needs = (_mentions(situation, each) for each in _gone(situation, seen))
    yield from islice((need for need in needs if need is not None), MOST_NEEDS)


def _gone(situation: Situation, seen: set[str]) -> Iterator[FileOperation]:
    """The moves and deletions that still hold, each old path once."""
    present = {each.to or each.path for each in situation.moved if each.op != "deleted"}
    for each in reversed(situation.moved):
        if each.op == "created" or each.path in seen or each.path in present:
            continue
        seen.add(each.path)
        if situation.tree.stamp(each.path) is None:
            yield each


def _mentions(situation: Situation, move: FileOperation) -> Need | None:
    places: dict[tuple[str, int], Place] = {}
    for each, new, sure, how in _found(situation, move):
        if (each.path, each.line) in places or each.said == new:
            continue
        stands = role(situation, each)
        places[each.path, each.line] = each.place(
            new,
            certain=new is not None and sure and stands in ("code", "string"),
            note=how,
            features={**as_features(each, stands), f"by-{how.replace(' ', '-')}": 1.0},
        )
    if not places:
        return None
    listed = tuple(places.values())[:MOST_PLACES]
    return Need(
        kind=KIND,
        path=move.to or move.path,
        range=span(0, 0, 0, 0),
        anchor=move.path,
        title=_title(listed, move),
        facts=(
            Fact(f"`{move.path}` is now `{move.to}`")
            if move.to
            else Fact(f"`{move.path}` was deleted"),
            Fact("its old path is still mentioned", listed[0].path, listed[0].range.start.line),
        ),
        places=listed,
        features={
            "deleted": float(move.to is None),
            "same-name": float(move.to is not None and basename(move.to) == basename(move.path)),
            "occurrences": share(len(places)),
        },
    )


def _found(
    situation: Situation, move: FileOperation
) -> Iterator[tuple[Sighting, str | None, bool, str]]:
    """Each mention with the new text, whether that is sure, and how it says the path."""
    old, new = move.path, move.to
    stem, suffix = splitext(old)
    if suffix in PYTHON:
        yield from _dotted(situation, old, new)
    yield from ((each, new, True, "path") for each in _look(situation, old, old))
    if suffix in ECMASCRIPT:
        yield from _specifiers(situation, old, new)
    name = basename(stem)
    if COMMON.match(name) or not (reads_like_code(name) or len(name) >= 6):
        return
    for each in _look(situation, basename(old), old):
        at = each.text.rfind(old, 0, each.end)
        folder = each.text[: each.start].endswith("/") and at < 0
        yield each, basename(new) if new and not folder else None, False, "name"
    if "/" in stem and suffix not in ECMASCRIPT:
        bare = splitext(new)[0] if new else None
        yield from ((each, bare, False, "path") for each in _look(situation, stem, old))


def _look(situation: Situation, text: str, own: str) -> Iterator[Sighting]:
    if situation.finder.interested(text):
        for path in nearest_first(situation, situation.files(text), own)[:MOST_FILES]:
            for each in untouched(situation, path, text):
                left, right = each.text[: each.start], each.text[each.end :]
                longer = left.endswith(("/", "-")) if "/" in text else left.endswith("-")
                if not longer and not re.match(r"-\w|/\w", right):
                    yield each


def _dotted(
    situation: Situation, old: str, new: str | None
) -> Iterator[tuple[Sighting, str | None, bool, str]]:
    """`a.b` and `from a import b`, also where the package stands below a folder like `src`."""
    parts = _module(old)
    wanted = _module(new) if new else None
    files: dict[str, None] = {}
    for text in dict.fromkeys((splitext(old)[0].replace("/", "."), basename(splitext(old)[0]))):
        if situation.finder.interested(text):
            files |= dict.fromkeys(situation.files(text))
    # A common name needs the whole of it; a module at the top has no more.
    for skipped in range(min(len(parts), 3)):
        rest = parts[skipped:]
        if len(rest) < 2 and skipped:
            break
        dotted = ".".join(rest)
        now = ".".join(wanted[skipped:]) if wanted and parts[:skipped] == wanted[:skipped] else None
        for path in nearest_first(situation, files, old)[:MOST_FILES]:
            if len(rest) > 1:
                for each in untouched(situation, path, dotted):
                    if not each.text[: each.start].endswith("."):
                        yield each, now, True, "module"
            yield from _imported(situation, path, rest, now)


def _imported(
    situation: Situation, path: str, parts: list[str], now: str | None
) -> Iterator[tuple[Sighting, str | None, bool, str]]:
    """Imports of the module from its package, or by dots from a package around it."""
    package, name = parts[:-1], parts[-1]
    moved = now.rpartition(".")[2] if now and now.split(".")[:-1] == package else None
    here = dirname(path).split("/") if dirname(path) else []
    for each in untouched(situation, path, name):
        match = IMPORTED.match(each.text[: each.start])
        if match is None:
            continue
        dots, middle = (
            len(match["dots"] or match["level"] or ""),
            match["source"] or match["behind"] or "",
        )
        source = [part for part in middle.split(".") if part]
        if dots:
            source = [*here[: len(here) - dots + 1], *source]
        ends = source[-len(package) :] == package if package else not source
        if ends and (dots or not package or source == package or match["source"]):
            yield each, moved, True, "module"


def _module(path: str) -> list[str]:
    parts = splitext(path)[0].split("/")
    return parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts


def _specifiers(
    situation: Situation, old: str, new: str | None
) -> Iterator[tuple[Sighting, str | None, bool, str]]:
    """`"./a/b"` in modules of JavaScript and TypeScript, with an ending or without."""
    stem = splitext(old)[0]
    name = basename(dirname(old)) if basename(stem) == "index" else basename(stem)
    if not situation.finder.interested(basename(stem)):
        return
    for path in nearest_first(situation, situation.files(name), old)[:MOST_FILES]:
        if splitext(path)[1] not in ECMASCRIPT:
            continue
        for number, line in enumerate(situation.lines(path)):
            if name not in line or situation.edited(path, number):
                continue
            for match in SPECIFIER.finditer(line):
                said = match["path"]
                meant = normpath(f"{dirname(path)}/{said}") if dirname(path) else normpath(said)
                bare = splitext(meant)[0] if splitext(meant)[1] in ECMASCRIPT else meant
                if bare not in (stem, stem.removesuffix("/index")):
                    continue
                now = _relative(path, said, new, index=bare != stem) if new else None
                each = Sighting(path, number, match.start("path"), match.end("path"), line)
                yield each, now, True, "specifier"


def _relative(path: str, said: str, new: str, *, index: bool) -> str:
    stem = splitext(new)[0]
    if index or basename(stem) == "index":
        stem = stem.removesuffix("/index")
    text = _way(dirname(path), stem)
    ending = splitext(said)[1] if splitext(said)[1] in ECMASCRIPT else ""
    return (text if text.startswith(".") else f"./{text}") + ending


def _way(folder: str, path: str) -> str:
    """The path as seen from a folder."""
    ours, theirs = folder.split("/") if folder else [], path.split("/")
    while ours and theirs and ours[0] == theirs[0]:
        ours, theirs = ours[1:], theirs[1:]
    return "/".join((*[".."] * len(ours), *theirs)) or "."


def _title(places: tuple[Place, ...], move: FileOperation) -> str:
    mentions = f"{counted(len(places), 'mention')} of `{quoted(basename(move.path), 24)}`"
    if move.to is None:
        return f"Look at {mentions}{across(places)}"
    return f"Change {mentions} to its new path{across(places)}"
