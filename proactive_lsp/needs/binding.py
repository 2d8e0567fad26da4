"""Bind a call's arguments to parameters, and rewrite them for a changed signature.

Binding follows the Python language reference, section 6.3.4 "Calls"; a call that unpacks `*` or
`**` binds to anything and is left alone.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from proactive_lsp.workspace.changes import ParameterChange
from proactive_lsp.workspace.syntax import Argument, Parameter

POSITIONAL = frozenset({"positional-only", "positional"})
KEYWORD = frozenset({"positional", "keyword-only"})


class Rewrite(Struct, frozen=True):
    """New arguments in order: the index of the old argument and its new text.

    `missing` are required parameters for which only the user has a value.
    """

    arguments: tuple[tuple[int, str], ...]
    missing: tuple[str, ...]


def bind(
    parameters: Sequence[Parameter], arguments: Sequence[Argument]
) -> Mapping[int, Parameter] | None:
    """Which parameter each argument reaches, by the argument's index; None when it cannot be.

    Also None when a required parameter gets nothing, or when the call unpacks.
    """
    if any(argument.star for argument in arguments):
        return None
    bound = _match(parameters, arguments)
    if bound is None:
        return None
    given = {parameter.name for parameter in bound.values()}
    return bound if all(p.name in given for p in parameters if p.required) else None


def _match(
    parameters: Sequence[Parameter], arguments: Sequence[Argument]
) -> dict[int, Parameter] | None:
    positional = [p for p in parameters if p.kind in POSITIONAL]
    keywords = {p.name: p for p in parameters if p.kind in KEYWORD}
    rest = next((p for p in parameters if p.kind == "var-positional"), None)
    others = next((p for p in parameters if p.kind == "var-keyword"), None)
    bound: dict[int, Parameter] = {}
    taken: set[str] = set()
    place = 0
    for index, argument in enumerate(arguments):
        if argument.name is None:
            parameter = positional[place] if place < len(positional) else rest
            place += 1
        else:
            parameter = keywords.get(argument.name, others)
        if parameter is None or parameter.name in taken:
            return None
        if not parameter.kind.startswith("var-"):
            taken.add(parameter.name)
        bound[index] = parameter
    return bound


def rewrite(
    old: Sequence[Parameter],
    new: Sequence[Parameter],
    changes: Sequence[ParameterChange],
    arguments: Sequence[Argument],
) -> Rewrite | None:
    """How a call that fitted `old` has to look for `new`.

    None when it fits as it stands, when it never fitted, or when no order of its arguments can
    be made to fit.
    """
    bound = bind(old, arguments)
    if bound is None:
        return None
    renamed = {c.old_name: c.name for c in changes if c.kind == "renamed" and c.old_name}
    by_name = {p.name: p for p in new}
    targets: list[tuple[int, Argument, Parameter]] = []
    for index, argument in enumerate(arguments):
        parameter = bound[index]
        if parameter.kind.startswith("var-"):
            target = next((p for p in new if p.kind == parameter.kind), None)
            # A keyword that fell into **kwargs may have become a parameter of its own.
            if argument.name is not None:
                target = by_name.get(argument.name, target)
        else:
            target = by_name.get(renamed.get(parameter.name, parameter.name))
        if target is not None:
            targets.append((index, argument, target))
    order = {p.name: place for place, p in enumerate(new)}
    by_place = [entry for entry in targets if entry[1].name is None]
    by_keyword = [entry for entry in targets if entry[1].name is not None]
    by_place.sort(key=lambda entry: (order[entry[2].name], entry[0]))
    written: list[tuple[int, str]] = []
    wants = [p for p in new if p.kind in POSITIONAL or p.kind == "var-positional"]
    given = {target.name for _, _, target in targets}
    missing = tuple(p.name for p in new if p.required and p.name not in given)
    gap = False
    for place, (index, argument, target) in enumerate(by_place):
        expected = wants[min(place, len(wants) - 1)] if wants else None
        gap = gap or expected is None or expected.name != target.name
        if not gap:
            written.append((index, argument.text))
        elif target.kind in KEYWORD:
            written.append((index, f"{target.name}={argument.text}"))
        elif skipped := [p.name for p in new[: order[target.name]] if p.name not in given]:
            # Only by position, so what stands before it has to be given, too.
            return Rewrite((), tuple(dict.fromkeys((*missing, *skipped))))
        else:
            return None
    for index, argument, target in by_keyword:
        if target.kind == "var-keyword" or target.name == argument.name:
            written.append((index, argument.text))
        elif target.kind in KEYWORD:
            written.append((index, f"{target.name}={_value(argument)}"))
        else:
            return None
    unchanged = written == [(i, argument.text) for i, argument in enumerate(arguments)]
    if unchanged and not missing:
        return None
    return Rewrite(tuple(written), missing)


def _value(argument: Argument) -> str:
    """The text behind `name=`."""
    return argument.text.split("=", 1)[1].lstrip()
