"""How a signature changed, parameter by parameter."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from proactive_lsp.workspace.syntax import Definition, Parameter

_ParameterChangeKind = Literal["added", "removed", "renamed", "reordered", "default"]
_BY_PLACE = ("positional-only", "positional")
_BY_NAME = ("positional", "keyword-only")


class ParameterChange(Struct, frozen=True):
    """What became of one parameter; `required` is whether a call must give it.

    For a removed one that is whether it had to. "reordered" also says that it may no longer be
    given by position, or by name, as it was. "default" is any change of the default.
    """

    kind: _ParameterChangeKind
    name: str
    old_name: str | None
    required: bool


def parameter_changes(before: Definition, after: Definition) -> tuple[ParameterChange, ...]:
    """The differences in order of the new parameters, the removed ones last.

    A parameter that is gone and one that is new are one renamed parameter when both are of the
    same kind and stand at the same place between those that stayed, unless their annotations
    differ or the body disagrees: it still uses the old name, or no longer uses either.
    """
    if before.parameters == after.parameters:
        return ()
    origin = _origins(before, after)
    moved = _moved(before.parameters, after.parameters, origin)
    changes: list[ParameterChange] = []
    for each in after.parameters:
        was = origin.get(each.name)
        if was is None:
            changes.append(ParameterChange("added", each.name, None, each.required))
            continue
        renamed, old_name = (True, was.name) if was.name != each.name else (False, None)
        kinds: tuple[tuple[_ParameterChangeKind, bool], ...] = (
            ("renamed", renamed),
            ("reordered", each.name in moved),
            ("default", each.default != was.default),
        )
        changes += [
            ParameterChange(kind, each.name, old_name, each.required)
            for kind, holds in kinds
            if holds
        ]
    stayed = {was.name for was in origin.values()}
    changes += [
        ParameterChange("removed", each.name, None, each.required)
        for each in before.parameters
        if each.name not in stayed
    ]
    return tuple(changes)


def same_slots(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pairs of a name that went and one that came, at the same place between those that stayed.

    Where more came than went, or fewer, nothing is paired. No name may occur twice on a side.
    """
    stayed = set(old) & set(new)
    came = _runs(new, stayed)
    for after, names in _runs(old, stayed).items():
        if len(names) == len(came.get(after, ())):
            yield from zip(names, came[after], strict=True)


def _runs(names: Sequence[str], stayed: set[str]) -> Mapping[str, list[str]]:
    """The names that are not in `stayed`, by the one of `stayed` before them ("" for none)."""
    runs: dict[str, list[str]] = {}
    last = ""
    for name in names:
        if name in stayed:
            last = name
        else:
            runs.setdefault(last, []).append(name)
    return runs


def _origins(before: Definition, after: Definition) -> dict[str, Parameter]:
    """By its name now, what each parameter that was there before was."""
    old = {each.name: each for each in before.parameters}
    new = {each.name: each for each in after.parameters}
    pairs = {name: old[name] for name, now in new.items() if _alike(old.get(name), now)}
    for went, came in same_slots(tuple(old), tuple(new)):
        used = went not in before.uses or came in after.uses
        if used and went not in after.uses and _agree(old[went], new[came]):
            pairs[came] = old[went]
    return pairs


def _alike(was: Parameter | None, now: Parameter) -> bool:
    """Whether a parameter of the same name is the same one: `args` and `*args` are not."""
    return was is not None and (was.kind == now.kind or not (_is_rest(was) or _is_rest(now)))


def _agree(was: Parameter, now: Parameter) -> bool:
    annotations = {was.annotation, now.annotation} - {None}
    return was.kind == now.kind and len(annotations) < 2


def _moved(
    before: Sequence[Parameter], after: Sequence[Parameter], origin: Mapping[str, Parameter]
) -> set[str]:
    """Names now of the parameters that changed places, or may not be given as they were."""
    name_now = {was.name: name for name, was in origin.items()}
    places = [each.name for each in after if each.kind in _BY_PLACE]
    old_places = [name_now.get(each.name, "") for each in before if each.kind in _BY_PLACE]
    both = set(places) & set(old_places)
    # Half-typed code may have a name twice, and some languages allow it for unused ones.
    old_order = dict.fromkeys(name for name in old_places if name in both)
    new_order = dict.fromkeys(name for name in places if name in both)
    moved = {new for old, new in zip(old_order, new_order, strict=True) if old != new}
    for each in after:
        was = origin.get(each.name)
        for ways in (_BY_PLACE, _BY_NAME):
            if was is not None and was.kind in ways and each.kind not in ways:
                moved.add(each.name)
    return moved


def _is_rest(parameter: Parameter) -> bool:
    return parameter.kind.startswith("var-")
