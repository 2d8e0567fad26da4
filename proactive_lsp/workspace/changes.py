"""From text to meaning: what two settled states of a file differ in.

A broken definition, half-typed or hidden by a syntax error, is never compared: it counts as
unchanged until it is whole again.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Literal

from msgspec import Struct, structs

from proactive_lsp.events import Range
from proactive_lsp.workspace.hunks import LineHunk, line_hunks
from proactive_lsp.workspace.matching import import_key, index, match, outermost, unseen
from proactive_lsp.workspace.signatures import ParameterChange, parameter_changes
from proactive_lsp.workspace.syntax import Definition, Import, Module

__all__ = [
    "LineHunk",
    "Origins",
    "ParameterChange",
    "SemanticChange",
    "begin",
    "carry",
    "compare",
    "compare_files",
    "line_hunks",
    "since",
]

ChangeKind = Literal[
    "added", "removed", "renamed", "moved", "signature", "import-added", "import-removed"
]
_Imports = dict[Hashable, Import]
_NOTHING = Module("", (), (), broken=False, error_lines=0)


class SemanticChange(Struct, frozen=True):
    """One thing that changed; `name` is its name now, for an import the one it binds.

    Of a class that was added, removed or moved only the class is told, not its members; a
    class's new constructor parameters are told as a change of the constructor. `from_path` is
    where a moved definition was.
    """

    kind: ChangeKind
    path: str
    name: str
    before: Definition | None
    after: Definition | None
    parameters: tuple[ParameterChange, ...]
    is_async_changed: bool = False
    imported: Import | None = None
    from_path: str | None = None


class Lost(Struct, frozen=True):
    """A definition that was there and is not: what it was at first and when last seen.

    `added` when it was not there when the stretch began, `hidden` when a syntax error may be
    all that hides it.
    """

    origin: Definition
    last: Definition
    added: bool
    hidden: bool


class Origins(Struct, frozen=True):
    """What the definitions of a file were when a stretch of work on it began.

    `now` maps the qualified name a definition has now to what it was then, or to how it first
    settled when it is among the `added`. `start` is the whole file then.
    """

    start: Module
    now: Mapping[str, Definition]
    added: frozenset[str] = frozenset()
    lost: tuple[Lost, ...] = ()


def compare(path: str, before: Module, after: Module) -> tuple[SemanticChange, ...]:
    """What changed in a file: definitions in the order they have now, removed ones, imports.

    A move within the file is no change.
    """
    matching = match(index(before).values(), index(after).values())
    hidden, unknown = unseen(before, after), unseen(after, before)
    new = [each for each in matching.new if each.qualname not in unknown]
    gone = [each for each in matching.gone if each.qualname not in hidden]
    found = [change for was, now in matching.pairs for change in _changed(path, was, now)]
    found += _added(path, new)
    found.sort(key=_place)
    return (*found, *_removed(path, gone), *_imports(path, before, after))


def compare_files(
    pairs: Mapping[str, tuple[Module | None, Module | None]],
) -> tuple[SemanticChange, ...]:
    """What changed in several files at once; None means that a file is not there.

    A definition removed in one file and added in another with the same name and body has moved.
    """
    found = [
        change
        for path, (before, after) in pairs.items()
        for change in compare(path, before or _NOTHING, after or _NOTHING)
    ]
    removed: dict[Hashable, list[SemanticChange]] = {}
    for change in found:
        if change.kind == "removed":
            removed.setdefault(_what(change.before), []).append(change)
    moved: list[SemanticChange] = []
    for place, change in enumerate(found):
        sources = removed.get(_what(change.after)) if change.kind == "added" else None
        if sources:
            source = sources.pop(0)
            moved.append(source)
            found[place] = structs.replace(
                change, kind="moved", before=source.before, from_path=source.path
            )
    gone = {id(change) for change in moved}
    return tuple(change for change in found if id(change) not in gone)


def begin(module: Module) -> Origins:
    """The origins at the start of a stretch of work: everything is what it is."""
    return Origins(start=module, now=index(module))


def carry(origins: Origins, before: Module, after: Module) -> Origins:
    """The origins one settled state later: renamed ones keep theirs under the new name.

    `before` is the state that the origins were last carried to. What was cut in an earlier
    step and comes back, under its name or another, has its origin back.
    """
    present = index(after)
    matching = match(index(before).values(), present.values())
    hidden, unknown = unseen(before, after), unseen(after, before)
    lost = [structs.replace(each, hidden=each.hidden and after.broken) for each in origins.lost]
    lost += [
        Lost(
            origin=origins.now.get(each.qualname, each),
            last=each,
            added=each.qualname in origins.added,
            hidden=each.qualname in hidden,
        )
        for each in matching.gone
    ]
    scopes = {was.qualname: now.qualname for was, now in matching.pairs}
    lost = [structs.replace(each, last=_along(each.last, scopes)) for each in lost]
    sources = {each.origin: each for each in lost} | {each.last: each for each in lost}
    by_name = {each.qualname: each for each in sources}
    returned = match(by_name.values(), matching.new, by_place=False)
    now = {each.qualname: each for each in matching.new}
    added = {name for name in now if name not in unknown}
    for was, each in matching.pairs:
        now[each.qualname] = _whole(origins.now.get(was.qualname, each), each)
        if was.qualname in origins.added:
            added.add(each.qualname)
    back: set[Lost] = set()
    for was, each in returned.pairs:
        source = sources[was]
        # What goes by its first and its last name alike can come back only once.
        if source not in back:
            back.add(source)
            now[each.qualname] = _whole(source.origin, each)
            if not source.added:
                added.discard(each.qualname)
    as_at_first = _as_at_first(origins.start, present)
    # What stands as it did has no other name, whatever was made of it on the way.
    for name, origin in list(now.items()):
        if origin.qualname != name and as_at_first.get(origin.qualname) is origin:
            now[name] = present[name]
            added.add(name)
    now |= as_at_first
    added -= as_at_first.keys()
    still_lost = tuple(
        each for each in lost if each not in back and each.origin.qualname not in as_at_first
    )
    return Origins(origins.start, now, frozenset(added), still_lost)


def _as_at_first(start: Module, present: Mapping[str, Definition]) -> dict[str, Definition]:
    """What stands under its first name with its first header and body, as it was then."""
    first = index(start)
    return {
        name: was
        for name, each in present.items()
        if (was := first.get(name)) is not None
        and (was.kind, was.header, was.body) == (each.kind, each.header, each.body)
    }


def since(path: str, origins: Origins, after: Module) -> tuple[SemanticChange, ...]:
    """What changed from the start of the stretch to the state the origins were carried to."""
    definitions = [each for name, each in index(after).items() if name in origins.now]
    found = list(_added(path, [each for each in definitions if each.qualname in origins.added]))
    for each in definitions:
        found += _changed(path, origins.now[each.qualname], each)
    found.sort(key=_place)
    # A syntax error may for a while show members as functions that never were there.
    names = index(origins.start).keys() - index(after).keys()
    certain = [each for each in origins.lost if not (each.added or each.hidden)]
    gone = [each.origin for each in certain if each.origin.qualname in names]
    return (*found, *_removed(path, gone), *_imports(path, origins.start, after))


def _along(lost: Definition, scopes: Mapping[str, str]) -> Definition:
    """A member that is not there, after what it stood in was renamed."""
    scope = scopes.get(lost.scope, lost.scope)
    return structs.replace(lost, qualname=f"{scope}.{lost.name}" if scope else lost.name)


def _whole(origin: Definition, now: Definition) -> Definition:
    """The origin, unless it was half-typed: then it settles only now."""
    return now if origin.broken else origin


def _changed(path: str, was: Definition, now: Definition) -> Iterator[SemanticChange]:
    """A rename, a new signature, both or nothing."""
    if was is now or was.broken or now.broken:
        return
    if was.name != now.name:
        yield SemanticChange("renamed", path, now.name, was, now, ())
    if "class" in (was.kind, now.kind):
        return
    parameters = parameter_changes(was, now)
    is_async_changed = was.is_async != now.is_async
    if parameters or is_async_changed:
        yield SemanticChange("signature", path, now.name, was, now, parameters, is_async_changed)


def _added(path: str, new: Iterable[Definition]) -> Iterator[SemanticChange]:
    for each in outermost(new):
        if not each.broken:
            yield SemanticChange("added", path, each.name, None, each, ())


def _removed(path: str, gone: Iterable[Definition]) -> Iterator[SemanticChange]:
    for each in outermost(gone):
        if not each.broken:
            yield SemanticChange("removed", path, each.name, each, None, ())


def _imports(path: str, before: Module, after: Module) -> Iterator[SemanticChange]:
    """Imports that are new or gone; where a name is imported twice counts no more than once."""
    old = {import_key(each): each for each in before.imports}
    new = {import_key(each): each for each in after.imports}
    sides: tuple[tuple[ChangeKind, _Imports, set[Hashable]], ...] = (
        ("import-removed", old, new.keys() | unseen(before, after)),
        ("import-added", new, old.keys() | unseen(after, before)),
    )
    for kind, imports, known in sides:
        for key, each in imports.items():
            if key not in known:
                name = each.alias or each.name or each.module
                yield SemanticChange(kind, path, name, None, None, (), imported=each)


def _what(definition: Definition | None) -> Hashable:
    """What stays the same when a definition moves to another file."""
    assert definition is not None, "a removal knows what was, an addition what is"
    return (definition.kind, definition.qualname, definition.body)


def _place(change: SemanticChange) -> Range:
    assert change.after is not None, "what was removed is told apart"
    return change.after.name_range
