"""Notice calls that fitted a function's old signature and no longer fit its new one.

    def area(width, height, unit): …     →     def area(width, height): …
    area(2, 3, "cm")                     offers    area(2, 3)

Removed parameters are dropped from the calls, renamed and reordered ones follow. A new required
parameter is only pointed at, since its value is the user's to choose.
"""

from collections.abc import Iterator

from proactive_lsp.needs.binding import bind, rewrite
from proactive_lsp.needs.splice import splice_arguments
from proactive_lsp.needs.targets import (
    Target,
    View,
    across,
    counted,
    is_unique,
    local_names,
    means,
    target_of,
    views,
)
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.changes import SemanticChange
from proactive_lsp.workspace.documents import text_in
from proactive_lsp.workspace.syntax import Call, Parameter, calls

KIND = "broken-call"


def detect(situation: Situation) -> Iterator[Need]:
    """One need per changed signature that leaves calls behind; nothing while code is broken."""
    for change in situation.changes:
        target = target_of(change)
        if change.kind != "signature" or target is None:
            continue
        places = broken_calls(change, target, situation)
        if places:
            yield Need(
                kind=KIND,
                path=change.path,
                range=target.after.name_range,
                anchor=target.after.header,
                title=title(target, places),
                facts=(fact(change, target),),
                places=places,
                features=features(places),
            )


def title(target: Target, places: tuple[Place, ...]) -> str:
    """What accepting does, or, where only the user knows the values, what to look at."""
    verb = "Update" if any(place.after is not None for place in places) else "Look at"
    return f"{verb} {counted(places, 'call')} of `{target.new}`{across(places)}"


def fact(change: SemanticChange, target: Target) -> Fact:
    """How the signature changed, with the line of the definition."""
    return Fact(
        f"`{target.new}` now takes ({_names(target.after.parameters)}) "
        f"instead of ({_names(target.before.parameters)})",
        change.path,
        target.after.name_range.start.line,
    )


def features(places: tuple[Place, ...]) -> dict[str, float]:
    """Named numbers for the filter."""
    return {"many-places": float(len(places) > 12)}


def broken_calls(change: SemanticChange, target: Target, situation: Situation) -> tuple[Place, ...]:
    """Calls that fitted before and do not fit now, the definition's own file first.

    A call that fits either way, as after a reorder, counts unless its line was edited in this
    stretch of work: then it was written for the new signature.
    """
    if target.before.twin or target.after.twin:
        # Nobody knows which of several overloads a call means.
        return ()
    found = views(situation, target, target.names)
    unique = is_unique(target, found)
    places: list[Place] = []
    for view in found:
        for call in calls(view.module.language, view.text, local_names(target, view)):
            if not means(target, view, call.name, call.receiver, call.inside, unique=unique):
                continue
            fits = bind(target.after.parameters, call.arguments) is not None
            if fits and situation.edited(view.path, call.range.start.line):
                continue
            place = _broken(view, call, change, target)
            if place is not None:
                places.append(place)
    return tuple(places)


def _broken(view: View, call: Call, change: SemanticChange, target: Target) -> Place | None:
    fixed = rewrite(
        target.before.parameters, target.after.parameters, change.parameters, call.arguments
    )
    if fixed is None:
        return None
    before = text_in(view.lines, call.arguments_range)
    inside = f"in `{call.inside}`" if call.inside else "at module level"
    if fixed.missing:
        names = ", ".join(f"`{name}`" for name in fixed.missing)
        return Place(view.path, call.arguments_range, before, None, note=f"{inside}: no {names}")
    after = splice_arguments(view.lines, call, fixed.arguments)
    return Place(view.path, call.arguments_range, before, after, note=inside)


def _names(parameters: tuple[Parameter, ...]) -> str:
    prefix = {"var-positional": "*", "var-keyword": "**"}
    return ", ".join(
        prefix.get(p.kind, "") + p.name + (f"={shorten(p.default)}" if p.default else "")
        for p in parameters
    )


def shorten(text: str, limit: int = 20) -> str:
    """The text, cut with an ellipsis when it is longer than the limit."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
