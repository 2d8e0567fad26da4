"""What happened in a session as lanes of marks over time, bounded however long the session is.

A lane keeps its marks as they come until there are too many; then neighbours become one mark that
counts them, so that a million events are a density and not a list.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from proactive_lsp.events import (
    Answer,
    Command,
    Edit,
    Event,
    FileOperation,
    Git,
    Save,
    TestResult,
    starts_at,
)
from proactive_lsp.replay.wording import counted, describe

LaneKind = Literal[
    "edits", "saves", "git", "runs", "model", "suggestions", "answers", "silences", "labels"
]
Tone = Literal["", "good", "bad"]
LANES: tuple[LaneKind, ...] = (
    "edits", "saves", "git", "runs", "model", "suggestions", "answers", "silences", "labels",
)  # fmt: skip

# A lane that holds twice as many marks is folded to this many.
MOST_MARKS = 240
# Typing in one file that pauses no longer is one mark.
PAUSE = 1.5
_LONGEST = 160


class Mark(Struct, frozen=True):
    """One thing on a lane, or `count` of them, from `t` to `until` in seconds of the session.

    `id` is that of the card it is about; text is as it came, cut where it is endless.
    """

    t: float
    until: float
    text: str
    tone: Tone = ""
    path: str = ""
    id: str = ""
    count: int = 1


class Lane(Struct, frozen=True):
    """The marks of one kind in the order of time; `total` is how many things they stand for."""

    kind: LaneKind
    marks: tuple[Mark, ...]
    total: int


class Lanes:
    """Collects marks; only lanes with any are given back."""

    def __init__(self) -> None:
        self._lanes: dict[LaneKind, list[Mark]] = {kind: [] for kind in LANES}
        self._totals: dict[LaneKind, int] = dict.fromkeys(LANES, 0)

    def heard(self, event: Event) -> None:
        """Something happened."""
        match event:
            case Edit():
                self._edited(event)
            case Save() | FileOperation():
                self.add("saves", Mark(event.t, event.t, describe(event), path=event.path))
            case Git():
                self.add("git", Mark(event.t, event.t, describe(event)))
            case Command():
                tone = "bad" if event.exit else "good"
                start = max(0.0, event.t - (event.seconds or 0.0))
                self.add("runs", Mark(start, event.t, describe(event), tone))
            case TestResult():
                tone = "good" if event.outcome == "passed" else "bad"
                self.add("runs", Mark(event.t, event.t, describe(event), tone))
            case Answer():
                tone = "good" if event.op == "accepted" else "bad"
                self.add("answers", Mark(event.t, event.t, event.op, tone, id=event.id))
            case _:
                pass

    def add(self, kind: LaneKind, mark: Mark, *, of: int = 1) -> None:
        """One more mark, which stands for so many things."""
        lane = self._lanes[kind]
        lane.append(replace(mark, text=mark.text[:_LONGEST]))
        self._totals[kind] += of
        if len(lane) > 2 * MOST_MARKS:
            self._lanes[kind] = list(folded(_in_order(lane), MOST_MARKS))

    def lanes(self) -> tuple[Lane, ...]:
        """Everything so far."""
        return tuple(
            Lane(kind, tuple(_in_order(marks)), self._totals[kind])
            for kind, marks in self._lanes.items()
            if marks
        )

    def _edited(self, event: Edit) -> None:
        lane = self._lanes["edits"]
        start, ours = starts_at(event), event.origin is not None
        last = lane[-1] if lane else None
        if (
            last is not None
            and last.path == event.path
            and (last.id != "") == ours
            and start - last.until <= PAUSE
        ):
            text = f"{counted(last.count + 1, 'edit')} in {event.path}"
            lane[-1] = replace(
                last, until=max(last.until, event.t), count=last.count + 1, text=text[:_LONGEST]
            )
            self._totals["edits"] += 1
            return
        text = describe(event) if ours else f"1 edit in {event.path}"
        mark = Mark(start, event.t, text, "good" if ours else "", event.path, event.origin or "")
        self.add("edits", mark)


def _in_order(marks: Sequence[Mark]) -> list[Mark]:
    """By time; what lasts is added when it ends."""
    return sorted(marks, key=lambda mark: mark.t)


def folded(marks: Sequence[Mark], most: int) -> Iterator[Mark]:
    """The marks as at most so many and one: those of the same stretch of time become one."""
    start, end = marks[0].t, marks[-1].t
    width = (end - start) / most
    stretches: dict[int, list[Mark]] = {}
    for number, mark in enumerate(marks):
        # What all happened at one moment has no stretches of time, so it is shared out in turn.
        where = int((mark.t - start) / width) if width else number * most // len(marks)
        stretches.setdefault(where, []).append(mark)
    return map(_one, stretches.values())


def _one(run: Sequence[Mark]) -> Mark:
    first, *others = run
    if not others:
        return first
    count = sum(mark.count for mark in run)
    tones = {mark.tone for mark in run}
    return Mark(
        first.t,
        max(mark.until for mark in run),
        f"{count} in one stretch of time, first: {first.text.rpartition(', first: ')[2]}",
        "bad" if "bad" in tones else first.tone,
        count=count,
    )
