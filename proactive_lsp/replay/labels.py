"""Whether a card is the one that an `expect` label wants, and how to say so."""

from collections.abc import Callable, Iterable

from proactive_lsp.events import Range
from proactive_lsp.replay.edited import lines_after
from proactive_lsp.replay.session import Expect, Quiet
from proactive_lsp.suggestions import Need, Plan, Suggestion

Read = Callable[[str], str | None]
Spot = tuple[str, Range]


def of_kind(card: Suggestion, kind: str) -> bool:
    """Whether any task of the card is of this kind."""
    return card.need == kind or any(task.need.kind == kind for task in card.tasks)


def stands_at(expect: Expect, spots: Iterable[Spot]) -> bool:
    """Whether one of the spots is where the label points."""
    return any(
        path == expect.path and (expect.range is None or expect.range.touches(range))
        for path, range in spots
    )


def spots_of(source: Suggestion | Need) -> tuple[Spot, ...]:
    """The trigger of a card or need, then its places."""
    places = tuple((place.path, place.range) for place in source.places)
    return ((source.path, source.range), *places)


def wrong_text(expect: Expect, card: Suggestion, plan: Plan | None, read: Read) -> str | None:
    """What the place reads after accepting the card, when that is not what `after` wants.

    None when it is, or when the label does not say. One line end at the end is not compared.
    """
    if expect.after is None:
        return None
    text = read(expect.path)
    if text is None:
        return f"{expect.path} cannot be read"
    if plan is None:
        return "the card has no edit"
    edits = [edit for file in plan.files if file.path == expect.path for edit in file.edits]
    if expect.range is not None:
        ranges = [expect.range]
    else:
        ranges = [range for path, range in spots_of(card) if path == expect.path]
    found = [lines_after(text, range, edits) for range in ranges]
    if any(_same(after, expect.after) for after in found):
        return None
    return f"it would read {_short(found[0])}"


def wanted_card(expect: Expect) -> str:
    """The label as a phrase."""
    line = f":{expect.range.start.line + 1}" if expect.range is not None else ""
    text = f" that makes it {_short(expect.after)}" if expect.after is not None else ""
    start, end = expect.t, expect.t + expect.within
    return f"a {expect.need} card at {expect.path}{line}{text} from {start:g} to {end:g} s"


def wanted_quiet(quiet: Quiet) -> str:
    """The label as a phrase."""
    return f"no card from {quiet.t:g} to {quiet.until:g} s"


def offered_card(card: Suggestion) -> str:
    """A card as a phrase; `card.t` is when it was offered."""
    line = card.range.start.line + 1
    return f'offered "{card.title}" ({card.need}, {card.path}:{line}) at {card.t:g} s'


def _same(one: str, other: str) -> bool:
    return _ended(one) == _ended(other)


def _ended(text: str) -> str:
    return text.removesuffix("\n").removesuffix("\r")


def _short(text: str) -> str:
    quoted = repr(text)
    return quoted if len(quoted) <= 160 else f"{quoted[:158]}…{quoted[0]}"
