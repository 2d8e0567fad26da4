"""Say in a few words, from facts alone, what changed definitions came to."""

from collections.abc import Iterable, Iterator, Sequence
from posixpath import basename

from proactive_lsp.workspace.changes import SemanticChange

# Longer than this a list of names says no more than their number.
MOST_NAMES = 3


def is_public(change: SemanticChange) -> bool:
    """Whether users of the code may know the name."""
    definition = change.after or change.before
    name = definition.qualname if definition is not None else change.name
    return not any(part.startswith("_") for part in name.split("."))


def phrases(changes: Iterable[SemanticChange], ticks: str = "") -> tuple[str, ...]:
    """Imperative phrases, those that matter most first: "Add `area` and `volume`"."""
    told = list(changes)
    found = [
        *_listed("Add", _names(told, "added"), ticks),
        *_listed("Remove", _names(told, "removed"), ticks),
        *(
            f"Rename {ticks}{change.before.name}{ticks} to {ticks}{change.after.name}{ticks}"
            for change in told
            if change.kind == "renamed" and change.before and change.after
        ),
        *(
            f"Move {ticks}{change.name}{ticks} to {basename(change.path)}"
            for change in told
            if change.kind == "moved"
        ),
        *(
            phrase
            for change in told
            if change.kind == "signature"
            for phrase in _signature(change, ticks)
        ),
    ]
    return tuple(dict.fromkeys(found))


def _names(changes: Iterable[SemanticChange], kind: str) -> list[str]:
    names = (change.name for change in changes if change.kind == kind)
    return list(dict.fromkeys(names))


def _listed(verb: str, names: Sequence[str], ticks: str) -> Iterator[str]:
    if not names:
        return
    shown = [f"{ticks}{name}{ticks}" for name in names[:MOST_NAMES]]
    more = len(names) - len(shown)
    if more:
        yield f"{verb} {', '.join(shown)} and {more} more"
    elif len(shown) == 1:
        yield f"{verb} {shown[0]}"
    else:
        yield f"{verb} {', '.join(shown[:-1])} and {shown[-1]}"


def _signature(change: SemanticChange, ticks: str) -> Iterator[str]:
    name = f"{ticks}{change.name}{ticks}"
    if change.is_async_changed and change.after is not None:
        yield f"Make {name} {'async' if change.after.is_async else 'no longer async'}"
    for each in change.parameters:
        parameter = f"{ticks}{each.name}{ticks}"
        match each.kind:
            case "added":
                yield f"Let {name} take {parameter}"
            case "removed":
                yield f"Drop {parameter} from {name}"
            case "renamed":
                yield f"Rename {ticks}{each.old_name}{ticks} of {name} to {parameter}"
            case "default":
                yield f"Change the default of {parameter} of {name}"
            case "reordered":
                yield f"Reorder the parameters of {name}"
