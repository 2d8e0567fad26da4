"""Two results of the same sessions side by side: which cards came, went or changed, and why."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from proactive_lsp.events import Range
from proactive_lsp.explain.page import chance
from proactive_lsp.replay.metrics import Metrics
from proactive_lsp.replay.transcript import SessionRow, SuggestionRow, Transcript

METRICS: tuple[tuple[str, str, bool | None], ...] = (
    ("precision", "precision", True),
    ("recall", "recall", True),
    ("f1", "F1", True),
    ("false_alarm", "false alarms", False),
    ("quiet_rate", "quiet rate", True),
    ("suggestions_per_100_edits", "cards per 100 edits", None),
)
"""The name of a metric, how it is called, and whether more of it is better."""


class Change(Struct, frozen=True):
    """A card that is not the same in both; `said` is how, or why it is not in one of them."""

    kind: Literal["came", "went", "changed"]
    before: SuggestionRow | None
    after: SuggestionRow | None
    said: str

    @property
    def row(self) -> SuggestionRow:
        """The card, as it is in the second result if it is there."""
        row = self.after or self.before
        assert row is not None, "a change is of a card"
        return row


class Compared(Struct, frozen=True):
    """One session; without `before` or `after` it is in one of the results alone."""

    name: str
    before: SessionRow | None
    after: SessionRow | None
    changes: tuple[Change, ...]
    same: int


def compare(before: Transcript, after: Transcript) -> tuple[Compared, ...]:
    """The sessions by name, in the order of the first result; those of the second alone come last.

    Of several sessions with one name, the first is compared with the first, and so on.
    """
    ours, theirs = _named(before.sessions), _named(after.sessions)
    return tuple(
        _compared(name, ours.get((name, number)), theirs.get((name, number)))
        for name, number in dict.fromkeys((*ours, *theirs))
    )


def moved(before: Metrics, after: Metrics, name: str) -> tuple[float | None, float | None]:
    """Both values of a metric."""
    return getattr(before, name), getattr(after, name)


def _named(sessions: Sequence[SessionRow]) -> Mapping[tuple[str, int], SessionRow]:
    found: dict[tuple[str, int], SessionRow] = {}
    for session in sessions:
        number = 0
        while (session.name, number) in found:
            number += 1
        found[session.name, number] = session
    return found


def _compared(name: str, before: SessionRow | None, after: SessionRow | None) -> Compared:
    ours, theirs = _cards(before), _cards(after)
    changes: list[Change] = []
    same = 0
    for key in dict.fromkeys((*ours, *theirs)):
        one, other = ours.get(key), theirs.get(key)
        if one is None or other is None:
            kind = "came" if one is None else "went"
            row = one or other
            assert row is not None, "a key is of one of them"
            missing = before if one is None else after
            changes.append(Change(kind, one, other, _why_not(row, missing)))
        elif said := "; ".join(_differences(one, other)):
            changes.append(Change("changed", one, other, said))
        else:
            same += 1
    changes.sort(key=lambda change: (change.row.t, change.row.id))
    return Compared(name, before, after, tuple(changes), same)


def _cards(session: SessionRow | None) -> Mapping[tuple[str, int], SuggestionRow]:
    """The cards by id; one that is offered again is another one."""
    found: dict[tuple[str, int], SuggestionRow] = {}
    for row in session.suggestions if session is not None else ():
        if row.offered:
            number = 0
            while (row.id, number) in found:
                number += 1
            found[row.id, number] = row
    return found


def _why_not(row: SuggestionRow, other: SessionRow | None) -> str:
    """What the other result says of what it did not offer."""
    if other is None:
        return "the session is not there"
    silent = [
        each
        for each in other.suggestions
        if not each.offered and each.need == row.need and each.path == row.path
    ]
    same = [each for each in silent if each.id == row.id] or silent
    if not same:
        return "not noticed"
    near = min(same, key=lambda each: abs(each.t - row.t))
    return f"kept back: {near.reason}" if near.reason else "kept back"


def _differences(one: SuggestionRow, other: SuggestionRow) -> Iterator[str]:
    if (one.p, one.threshold) != (other.p, other.threshold):
        before, after = chance(one.p, one.threshold), chance(other.p, other.threshold)
        yield f"probability {before[0]} (shown from {before[1]}) became {after[0]} ({after[1]})"
    if one.t != other.t:
        yield f"offered at {other.t:g} s instead of {one.t:g} s"
    if one.title != other.title:
        yield f"it was called “{one.title}”"
    if _spots(one) != _spots(other):
        yield f"{len(_spots(other))} places instead of {len(_spots(one))}"
    if one.edit != other.edit:
        yield "another edit" if one.edit and other.edit else "an edit in one of them alone"
    if one.answer != other.answer:
        yield f"{other.answer or 'not answered'} instead of {one.answer or 'not answered'}"


def _spots(row: SuggestionRow) -> frozenset[tuple[str, Range]]:
    return frozenset((place.path, place.range) for place in row.places)
