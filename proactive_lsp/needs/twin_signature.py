"""Notice that a signature changed and its twin still has the old one.

    class Client:       def get(self, url, timeout): …   →   def get(self, url): …
    class AsyncClient:  async def get(self, url, timeout): …   offers   get(self, url)

Twins are overrides and what they override, overloads, stubs, the other of a sync and async pair,
and methods of the same name in other classes, where three quarters of the parameters agree.
"""

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from posixpath import dirname

from msgspec import Struct, structs

from proactive_lsp.needs.carry_signature import Signature, carried
from proactive_lsp.needs.import_statements import line_starts, range_between
from proactive_lsp.needs.parameter_text import Written, read
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.changes import LineHunk
from proactive_lsp.workspace.documents import utf16_index
from proactive_lsp.workspace.grammars import family_of
from proactive_lsp.workspace.signatures import parameter_changes
from proactive_lsp.workspace.syntax import Definition, parse
from proactive_lsp.workspace.texts import bare_lines
from proactive_lsp.workspace.tree import language_of

KIND = "twin-signature"
MOST_NEEDS = 6
MOST_PLACES = 12
# Each file beside its own costs a look at its syntax, which nobody else may have asked for.
MOST_FILES = 5
MOST_LISTS = 40
LEAST_ALIKE = 0.75
RECEIVERS = frozenset({"self", "cls", "mcs"})
_WORD = re.compile(r"\w+")


class _Change(Struct, frozen=True):
    """A definition before and after; before, only its header is sure."""

    path: str
    before: Definition
    after: Definition


class _Twin(Struct, frozen=True):
    path: str
    definition: Definition
    alike: float
    relation: str


def detect(situation: Situation) -> Iterator[Need]:
    """One need per changed signature with twins left, those told as changes first."""
    given = 0
    for change in _changes(situation):
        need = _need(situation, change)
        if need is not None:
            yield need
            given += 1
            if given >= MOST_NEEDS:
                return


def _changes(situation: Situation) -> Iterator[_Change]:
    """Changed parameters as told, and whatever else recent hunks did to a header."""
    told: set[tuple[str, str]] = set()
    for change in situation.changes:
        if change.kind == "signature" and change.before is not None and change.after is not None:
            told.add((change.path, change.after.qualname))
            yield _Change(change.path, change.before, change.after)
    for hunk in situation.recent:
        if hunk.before and language_of(hunk.path) == "python":
            for change in _retyped(situation, hunk):
                if (change.path, change.after.qualname) not in told:
                    told.add((change.path, change.after.qualname))
                    yield change


def _retyped(situation: Situation, hunk: LineHunk) -> Iterator[_Change]:
    """Definitions whose header the hunk changed, with what it was before, read by itself."""
    text = situation.tree.read(hunk.path)
    module = parse("python", text) if text is not None else None
    if text is None or module is None:
        return
    first, last = hunk.after_start, hunk.after_start + max(len(hunk.after) - 1, 0)
    for now in module.definitions:
        line = now.name_range.start.line
        if now.kind == "class" or now.broken or not line <= last or now.range.end.line < first:
            continue
        starts, lines = line_starts(text), situation.lines(hunk.path)
        written = read(text, starts[line])
        if written is None or text.count("\n", starts[line], written.end) + line < first:
            continue
        end = line + text.count("\n", starts[line], written.end)
        was = _header_before(situation, hunk.path, lines, line, end, now)
        if was is not None and was.header != now.header:
            yield _Change(hunk.path, was, now)


def _header_before(
    situation: Situation, path: str, lines: Sequence[str], first: int, last: int, now: Definition
) -> Definition | None:
    old: list[str] = []
    line = first
    hunks = sorted(
        (each for each in situation.hunks if each.path == path), key=lambda each: each.after_start
    )
    for each in hunks:
        end = each.after_start + len(each.after)
        if end <= line or each.after_start > last:
            continue
        old += [*lines[line : max(line, each.after_start)], *each.before]
        line = end
    old += lines[line : last + 1]
    module = parse("python", textwrap.dedent("\n".join(old)) + "\n    pass\n")
    found = [each for each in module.definitions if each.name == now.name] if module else []
    if len(found) != 1 or found[0].kind == "class":
        return None
    parameters = found[0].parameters
    if now.kind == "method" and parameters and parameters[0].name in RECEIVERS:
        parameters = parameters[1:]
    return structs.replace(found[0], parameters=parameters)


def _need(situation: Situation, change: _Change) -> Need | None:
    text = situation.tree.read(change.path)
    written = _written(text, change.after) if text is not None else None
    if text is None or written is None:
        return None
    renamed = {
        each.old_name: each.name
        for each in parameter_changes(change.before, change.after)
        if each.kind == "renamed" and each.old_name is not None
    }
    signature = Signature(change.before, change.after, written, renamed)
    places = [
        place
        for twin in _twins(situation, change)
        if (place := _place(situation, signature, twin)) is not None
    ][:MOST_PLACES]
    if not places:
        return None
    name = change.after.name
    twins = f"{len(places)} twin{'' if len(places) == 1 else 's'}"
    return Need(
        kind=KIND,
        path=change.path,
        range=change.after.name_range,
        anchor=change.after.header,
        title=f"Change the signature of {twins} of `{name}` alike"[:60],
        facts=(
            Fact(
                f"the signature of `{change.after.qualname}` changed",
                change.path,
                change.after.name_range.start.line,
            ),
        ),
        places=tuple(places),
        features=_features(change, renamed),
    )


def _features(change: _Change, renamed: Mapping[str, str]) -> dict[str, float]:
    old = {each.name: each for each in change.before.parameters}
    new = {each.name: each for each in change.after.parameters}
    both = old.keys() & new.keys()
    return {
        "added": min(1.0, len(new.keys() - old.keys() - set(renamed.values())) / 3),
        "removed": min(1.0, len(old.keys() - new.keys() - renamed.keys()) / 3),
        "renamed": min(1.0, len(renamed) / 3),
        "retyped": float(any(old[name].annotation != new[name].annotation for name in both)),
        "defaults": float(any(old[name].default != new[name].default for name in both)),
        "parameters": min(1.0, len(old) / 8),
        "method": float(change.after.kind == "method"),
    }


def _twins(situation: Situation, change: _Change) -> Iterator[_Twin]:
    """Definitions with nearly the old parameters, in the own file first."""
    old = [each.name for each in change.before.parameters]
    names = twin_names(change.before.name)
    family = family_of(language_of(change.path))
    read_too = 0
    for path in _paths(situation, change, names):
        language, text = language_of(path), situation.tree.read(path)
        if language is None or text is None or family_of(language) != family:
            continue
        if path != change.path:
            if not _may_have(path, text, names, old):
                continue
            read_too += 1
            if read_too > MOST_FILES:
                return
        module = parse(language, text)
        for each in module.definitions if module is not None else ():
            if each.name not in names or each.kind == "class" or each.broken:
                continue
            if path == change.path and each.name_range == change.after.name_range:
                continue
            theirs = [parameter.name for parameter in each.parameters]
            relation = _relation(change, path, each)
            alike = _alike(old, theirs)
            # Of functions that merely share a name, one parameter says nothing.
            least = {"sibling": 1, "function": 2}.get(relation, 0)
            if relation == "function" and each.kind != change.after.kind:
                continue
            if alike >= LEAST_ALIKE and len(old) >= least:
                yield _Twin(path, each, alike, relation)


def _paths(situation: Situation, change: _Change, names: Sequence[str]) -> Sequence[str]:
    own = change.path
    likely = [own, f"{own}i", own.removesuffix("i") if own.endswith(".pyi") else own]
    for old, new in (("async", "sync"), ("sync", "async"), ("_async", ""), ("aio", "sync")):
        if old in own and not (old == "sync" and "async" in own):
            likely.append(own.replace(old, new, 1))
    found = {
        path
        for name in names
        if situation.finder.interested(name)
        for path in situation.files(name)
    }
    nearest = sorted(found, key=lambda path: (dirname(path) != dirname(own), path))
    return tuple(dict.fromkeys((*likely, *nearest)))


def twin_names(name: str) -> tuple[str, ...]:
    """The name, and what the other one of a sync and async pair is called."""
    names = [name, f"a{name}", f"async_{name}", f"{name}_async", f"{name}_sync"]
    names += [name.removeprefix(mark) for mark in ("async_", "sync_")]
    names += [name.removesuffix(mark) for mark in ("_async", "_sync", "Async", "Sync")]
    if name.startswith("a") and len(name) > 3:
        names.append(name[1:])
    return tuple(dict.fromkeys(names))


def _may_have(path: str, text: str, names: Sequence[str], old: Sequence[str]) -> bool:
    """Whether a file is worth reading: a list with most of the parameters stands behind a name."""
    if sum(each in text for each in old) < LEAST_ALIKE * len(old):
        return False
    one = "|".join(map(re.escape, names))
    python = language_of(path) == "python"
    shape = rf"\bdef[ \t]+(?:{one})[ \t]*\(" if python else rf"(?<![\w$.])(?:{one})\b[^(\n]*\("
    for found in islice(re.finditer(shape, text), MOST_LISTS):
        written = read(text, found.end() - 1)
        if written is not None:
            theirs = [each.name for each in written.pieces if each.name not in RECEIVERS]
            if _alike(old, [each for each in theirs if each.isidentifier()]) >= LEAST_ALIKE:
                return True
    return False


def _alike(old: Sequence[str], theirs: Sequence[str]) -> float:
    longest = max(len(old), len(theirs))
    return len(set(old) & set(theirs)) / longest if longest else 1.0


def _relation(change: _Change, path: str, twin: Definition) -> str:
    own = change.after
    if path == change.path and twin.qualname == own.qualname:
        return "overload"
    if f"{path}i" == change.path or f"{change.path}i" == path:
        return "stub"
    plain = [re.sub(r"(?i)async|sync|_", "", each) for each in (own.qualname, twin.qualname)]
    if twin.name != own.name or (plain[0] == plain[1] and twin.is_async != own.is_async):
        return "pair"
    return "sibling" if own.kind == twin.kind == "method" else "function"


def _written(text: str, definition: Definition) -> Written | None:
    lines, where = bare_lines(text), definition.name_range.end
    if where.line >= len(lines):
        return None
    return read(
        text, line_starts(text)[where.line] + utf16_index(lines[where.line], where.character)
    )


def _place(situation: Situation, signature: Signature, twin: _Twin) -> Place | None:
    text = situation.tree.read(twin.path)
    written = _written(text, twin.definition) if text is not None else None
    if text is None or written is None:
        return None
    features = {
        "alike": twin.alike,
        twin.relation: 1.0,
        "override": float(_is_override(situation, signature.after, twin)),
        "async-too": float(twin.definition.is_async == signature.after.is_async),
    }
    change = carried(signature, text, twin.definition, written)
    if change is None:
        return None
    if change.after is None:
        where, before = twin.definition.name_range, twin.definition.name
    else:
        where = range_between(text, change.start, change.end)
        before = text[change.start : change.end]
    first = twin.definition.name_range.start.line
    if any(situation.edited(twin.path, line) for line in range(first, where.end.line + 1)):
        return None
    note = f"in `{twin.definition.qualname}`"
    return Place(twin.path, where, before, change.after, note=note, features=features)


def _is_override(situation: Situation, own: Definition, twin: _Twin) -> bool:
    """Whether one of the two classes names the other among its bases, in the twin's file."""
    mine, theirs = (each.scope.rpartition(".")[2] for each in (own, twin.definition))
    text = situation.tree.read(twin.path)
    if not mine or not theirs or text is None:
        return False
    return any(
        base in _WORD.findall(found[1])
        for name, base in ((mine, theirs), (theirs, mine))
        if (found := re.search(rf"\bclass\s+{re.escape(name)}\b([^\n]*)", text))
    )
