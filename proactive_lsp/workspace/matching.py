"""Which definition of one state of a file is which of the next.

Names are compared scope by scope; what went and what came may be one renamed definition. Where
a state is broken, what cannot be seen in it counts as neither gone nor new.
"""

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator
from functools import partial

from msgspec import Struct

from proactive_lsp.events import Position, Range
from proactive_lsp.workspace.signatures import same_slots
from proactive_lsp.workspace.syntax import Definition, Import, Module

# How much of what two bodies mention must be common for one to be the other, edited on the way.
_NEARLY = 0.6
_NEARLY_WITH_PARAMETERS = 0.5
# Bodies that mention fewer names (`pass`, `return 0`) look alike by chance.
_TELLING = 2
_END = Position(2**31, 0)


class Matching(Struct, frozen=True):
    """Pairs of what stayed, renamed or not, and what has no counterpart on the other side."""

    pairs: tuple[tuple[Definition, Definition], ...]
    gone: tuple[Definition, ...]
    new: tuple[Definition, ...]


def index(module: Module) -> dict[str, Definition]:
    """One definition for each qualified name: the first that is no overload or setter."""
    found: dict[str, Definition] = {}
    for definition in sorted(module.definitions, key=lambda each: each.twin):
        found.setdefault(definition.qualname, definition)
    return found


def match(
    before: Iterable[Definition], after: Iterable[Definition], *, by_place: bool = True
) -> Matching:
    """Match definitions of unique qualified names; the members of a class follow its name.

    A renamed one is found by its body, and `by_place` by a similar body among the same
    neighbours; a broken one, whose body may be that of the next, only by its name.
    """
    old, new = _by_scope(before), _by_scope(after)
    names_old = {each.qualname for scope in old.values() for each in scope}
    names_new = {each.qualname for scope in new.values() for each in scope}
    scopes = dict.fromkeys((*old, *new))
    waiting = [(s, s) for s in scopes if s not in names_old and s not in names_new]
    pairs: list[tuple[Definition, Definition]] = []
    while waiting:
        scope, scope_now = waiting.pop()
        for pair in _match_scope(old.get(scope, []), new.get(scope_now, []), by_place):
            pairs.append(pair)
            waiting.append((pair[0].qualname, pair[1].qualname))
    stayed = {was.qualname for was, _ in pairs}
    came = {now.qualname for _, now in pairs}
    return Matching(
        pairs=tuple(sorted(pairs, key=lambda pair: pair[1].name_range)),
        gone=tuple(each for scope in old.values() for each in scope if each.qualname not in stayed),
        new=tuple(each for scope in new.values() for each in scope if each.qualname not in came),
    )


def outermost(definitions: Iterable[Definition]) -> Iterator[Definition]:
    """Those that do not lie in another one of them."""
    all_of_them = tuple(definitions)
    names = {each.qualname for each in all_of_them}
    for each in all_of_them:
        scope = each.scope
        while scope and scope not in names:
            scope = scope.rpartition(".")[0]
        if not scope:
            yield each


def import_key(each: Import) -> Hashable:
    """What makes two imports the same one."""
    return (each.module, each.name, each.alias)


def unseen(there: Module, here: Module) -> set[Hashable]:
    """What only seems to stand in `there` and not in `here`, because of a syntax error.

    Definitions by qualified name, imports by key: each that is not in `here` while an error, on
    either side, touches the stretch between what stands around it on both.
    """
    if not (there.errors or here.errors):
        return set()
    places = {key: place for place, key in reversed(_landmarks(here))}
    start = start_here = Position(0, 0)
    hidden: set[Hashable] = set()
    waiting: list[Hashable] = []
    for place, key in (*_landmarks(there), (_END, None)):
        if key is not None and key not in places:
            waiting.append(key)
            continue
        place_here = places[key] if key is not None else _END
        if waiting and (
            _touches_error(there.errors, start, place)
            or _touches_error(here.errors, *sorted((start_here, place_here)))
        ):
            hidden.update(waiting)
        waiting = []
        start, start_here = place, place_here
    return hidden


def _landmarks(module: Module) -> list[tuple[Position, Hashable]]:
    definitions = [(each.range.start, each.qualname) for each in module.definitions]
    imports = [(each.name_range.start, import_key(each)) for each in module.imports]
    return sorted([*definitions, *imports], key=lambda mark: mark[0])


def _touches_error(errors: tuple[Range, ...], start: Position, end: Position) -> bool:
    first = bisect_left(errors, start, key=lambda error: error.end)
    return first < len(errors) and errors[first].start <= end


def _by_scope(definitions: Iterable[Definition]) -> dict[str, list[Definition]]:
    scopes: dict[str, list[Definition]] = {}
    for each in sorted(definitions, key=lambda each: each.name_range):
        scopes.setdefault(each.scope, []).append(each)
    return scopes


def _match_scope(
    before: list[Definition], after: list[Definition], by_place: bool
) -> Iterator[tuple[Definition, Definition]]:
    old = {each.name: each for each in before}
    new = {each.name: each for each in after}
    now = {name: name for name in old if name in new}
    came = {each.name: each for each in after if each.name not in old and not each.broken}
    bodies: dict[tuple[bool, str], list[Definition]] = {}
    for each in came.values():
        bodies.setdefault(_body(each), []).append(each)
    for was in before:
        same = bodies.get(_body(was), [])
        if same and was.name not in now and not was.broken and len(was.uses) >= _TELLING:
            best = min(same, key=partial(_differs, was))
            same.remove(best)
            now[was.name] = came.pop(best.name).name
    names = [now.get(name, name) for name in old]
    slots = same_slots(names, tuple(new)) if by_place else ()
    now |= {
        went: name
        for went, name in slots
        if went in old and name in came and _nearly_same(old[went], came[name])
    }
    return ((old[name], new[name_now]) for name, name_now in now.items())


def _body(definition: Definition) -> tuple[bool, str]:
    return (definition.kind == "class", definition.body)


def _differs(was: Definition, now: Definition) -> bool:
    return was.parameters != now.parameters


def _nearly_same(was: Definition, now: Definition) -> bool:
    """Whether two definitions at the same place among their neighbours are one, renamed."""
    if was.broken:
        return False
    together = was.uses | now.uses
    if len(together) < _TELLING:
        return _body(was) == _body(now) and was.header == now.header.replace(now.name, was.name)
    enough = _NEARLY_WITH_PARAMETERS if was.parameters == now.parameters != () else _NEARLY
    same_kind = (was.kind == "class") == (now.kind == "class")
    return same_kind and len(was.uses & now.uses) >= enough * len(together)
