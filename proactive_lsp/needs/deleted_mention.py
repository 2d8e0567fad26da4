"""Notice that a definition was deleted and that its name still stands elsewhere.

    def read_config(path): …   is gone

points at the calls that are left, and takes `read_config` out of the imports.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from proactive_lsp.events import span
from proactive_lsp.needs.sightings import (
    DEFINES,
    Sighting,
    across,
    as_features,
    counted,
    nearest_first,
    reads_like_code,
    role,
    share,
    untouched,
)
from proactive_lsp.needs.spots import lines_place
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.changes import SemanticChange
from proactive_lsp.workspace.syntax import Definition, Module, parse
from proactive_lsp.workspace.tree import language_of

KIND = "deleted-mention"
MOST_NEEDS = 6
MOST_PLACES = 20
MOST_FILES = 20
# A shorter word that could stand in a sentence is found everywhere.
SHORTEST = 4
HISTORY = re.compile(r"(?i)(^|/)(change|history|news|release|what.?s.?new|upgrad)[^/]*(/|$)")


def detect(situation: Situation) -> Iterator[Need]:
    """One need per definition that is gone everywhere and still mentioned, the latest first."""
    needs = (
        _mentions(situation, change, change.before)
        for change in reversed(situation.changes)
        if change.kind == "removed" and change.before is not None
    )
    yield from islice((need for need in needs if need is not None), MOST_NEEDS)


def _mentions(situation: Situation, change: SemanticChange, gone: Definition) -> Need | None:
    name = gone.name
    if (name.startswith("__") and name.endswith("__")) or len(name) < SHORTEST:
        return None
    if "." in gone.qualname and gone.kind != "method":
        return None
    language = language_of(change.path)
    near = nearest_first(situation, situation.files(name), change.path)[:MOST_FILES]
    modules = {path: _module(situation, path) for path in near if language_of(path) == language}
    if any(_defines(module, name) for module in modules.values()):
        return None
    seen = {path: untouched(situation, path, name) for path in near}
    # The text may define it where the syntax tree, broken for the moment, does not.
    if any(DEFINES.search(each.text[: each.start]) for found in seen.values() for each in found):
        return None
    telling = reads_like_code(name) or (name[:1].isupper() and not name.istitle())
    places: list[Place] = []
    for path in near:
        if HISTORY.search(path):
            continue
        module = modules.get(path)
        bound = path == change.path or _imports(module, name, change.path)
        for each in seen[path]:
            stands = role(situation, each)
            attribute = each.text[: each.start].endswith(".")
            surely = bound and not attribute and stands == "code" and gone.kind != "method"
            if surely or telling or (stands == "code" and each.text[each.end :].startswith("(")):
                places.append(_place(situation, each, stands, module, surely=surely))
    if not places:
        return None
    line = min(gone.name_range.start.line, max(len(situation.lines(change.path)) - 1, 0))
    total = len(places)
    own = modules.get(change.path) or _module(situation, change.path)
    imports = sum(place.after is not None for place in places)
    return Need(
        kind=KIND,
        path=change.path,
        range=span(line, 0, line, 0),
        anchor=gone.header,
        title=_title(places[:MOST_PLACES], name),
        facts=(
            Fact(f"{gone.kind} `{name}` was deleted", change.path, line),
            Fact(f"`{name}` still stands elsewhere", places[0].path, places[0].range.start.line),
        ),
        places=tuple(places[:MOST_PLACES]),
        features={
            "reads-like-code": float(reads_like_code(name)),
            "method": float(gone.kind == "method"),
            "class": float(gone.kind == "class"),
            "private": float(name.startswith("_")),
            "own-file-broken": float(own is not None and own.broken),
            "occurrences": share(total),
            "imported": float(imports > 0),
        },
    )


def _module(situation: Situation, path: str) -> Module | None:
    language, text = language_of(path), situation.tree.read(path)
    return parse(language, text) if language is not None and text is not None else None


def _defines(module: Module | None, name: str) -> bool:
    return module is not None and any(each.name == name for each in module.definitions)


def _imports(module: Module | None, name: str, path: str) -> bool:
    return module is not None and any(
        each.name == name and _may_be(each.module, path) for each in module.imports
    )


def _may_be(module: str, path: str) -> bool:
    """Whether a module as an import names it can be the file, or a package around it."""
    named = re.findall(r"[\w-]+", module)
    return not named or named[-1] in re.split(r"[/.]", path)


def _place(
    situation: Situation, each: Sighting, stands: str, module: Module | None, *, surely: bool
) -> Place:
    features = {**as_features(each, stands), "resolves": float(surely)}
    imported = module is not None and any(
        one.name_range == each.range and one.alias is None for one in module.imports
    )
    if imported and surely:
        cut = _without(situation, each, features)
        if cut is not None:
            return cut
    note = "" if stands == "code" else f"in {_KINDS[stands]}"
    return each.place(None, certain=surely, note=note, features=features)


_KINDS = {"string": "a string", "comment": "a comment", "prose": "prose"}


def _without(situation: Situation, each: Sighting, features: Mapping[str, float]) -> Place | None:
    """What to take out of an import on one line."""
    line = each.text
    number = each.line
    lines = situation.lines(each.path)
    only = re.fullmatch(r"\s*from\s+[\w.]+\s+import\s+\(?\s*\w+\s*\)?\s*(#.*)?", line)
    alone = re.fullmatch(r"\s*\w+\s*,?\s*(#.*)?", line)
    if only or alone:
        # An indented import may be all there is in its block.
        if number + 1 >= len(lines) or (only and line[:1].isspace()):
            return None
        return lines_place(situation, each.path, number, number, (), features)
    left, right = line[: each.start], line[each.end :]
    if re.match(r"\s*,\s*\w", right):
        gap = re.match(r"\s*,\s*", right)
        start, end = each.start, each.end + (gap.end() if gap else 0)
    elif left.rstrip().endswith(","):
        start, end = len(left.rstrip()) - 1, each.end
    else:
        return None
    cut = Sighting(each.path, number, start, end, line)
    return Place(each.path, cut.range, cut.said, "", features=features)


def _title(places: list[Place], name: str) -> str:
    removed = sum(place.after is not None for place in places)
    left = len(places) - removed
    if not removed or not left:
        mentions = counted(len(places), "mention")
        verb = "Remove" if removed else "Look at"
        return f"{verb} {mentions} of the deleted `{name}`{across(places)}"
    imports, mentions = counted(removed, "import"), counted(left, "mention")
    return f"Remove {imports} of the deleted `{name}`, look at {mentions}"
