"""From marks to labels: what `replay --check` is to hold a session to.

A suggestion worth accepting is expected again, every other one is to be silent, and what was
missing is expected. Of several annotators the majority counts; where there is none, nothing is
said.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from proactive_lsp.annotate.agreement import same_miss
from proactive_lsp.annotate.marks import Judged, Marks, Missing
from proactive_lsp.replay.session import Expect, Label, Quiet

# A wanted card may come so much earlier or later; around an unwanted one less is kept silent, as
# others may stand near it that nobody judged.
SLACK, QUIET_SLACK = 1.0, 0.5


class Labels(Struct, frozen=True):
    """The labels in the order of time, and how many cards were left out as nobody had a majority.

    `crowded` cards were left out since one to be silent stands beside one to be offered.
    """

    labels: tuple[Label, ...]
    split: int = 0
    crowded: int = 0


def labels_of(everybody: Sequence[Marks]) -> Labels:
    """What all annotators of one session want together."""
    verdicts: list[tuple[Judged, bool]] = []
    split = 0
    for key in sorted({key for marks in everybody for key in marks.judged}):
        said = [marks.judged[key] for marks in everybody if key in marks.judged]
        wanted = sum(mark.worth == "accept" for mark in said)
        if wanted * 2 == len(said):
            split += 1
        else:
            verdicts.append((said[0], wanted * 2 > len(said)))
    expects = [_expect(mark) for mark, wanted in verdicts if wanted]
    expects += map(_missing, _wanted(everybody))
    quiets = [_quiet(mark.t, expects) for mark, wanted in verdicts if not wanted]
    calm = [quiet for quiet in quiets if quiet is not None]
    labels = sorted([*expects, *calm], key=lambda label: (label.t, isinstance(label, Quiet)))
    return Labels(tuple(labels), split, len(quiets) - len(calm))


def contradicts(old: Label, new: Iterable[Label]) -> bool:
    """Whether the annotators want the contrary of a label at some moment of its time."""
    start, end = _span(old)
    return any(
        type(label) is not type(old) and start <= _span(label)[1] and _span(label)[0] <= end
        for label in new
    )


def _span(label: Label) -> tuple[float, float]:
    return label.t, label.until if isinstance(label, Quiet) else label.t + label.within


def _expect(mark: Judged) -> Expect:
    start = max(0.0, round(mark.t - SLACK, 3))
    return Expect(
        t=start,
        need=mark.need,
        path=mark.path,
        range=mark.range,
        within=round(mark.t + SLACK - start, 3),
    )


def _missing(mark: Missing) -> Expect:
    return Expect(t=mark.t, need=mark.need, path=mark.path, range=mark.range, within=mark.within)


def _wanted(everybody: Sequence[Marks]) -> list[Missing]:
    """What most of those who looked found missing; everybody with any mark looked."""
    looked = [marks for marks in everybody if marks.standing]
    found: list[Missing] = []
    for marks in looked:
        found += [
            miss for miss in marks.missing.values() if not any(same_miss(miss, a) for a in found)
        ]
    return [
        miss
        for miss in found
        if 2
        * sum(any(same_miss(miss, each) for each in marks.missing.values()) for marks in looked)
        > len(looked)
    ]


def _quiet(t: float, expects: Iterable[Expect]) -> Quiet | None:
    """Silence around a time, as far as no card is expected there; None where one is."""
    start, end = max(0.0, t - QUIET_SLACK), t + QUIET_SLACK
    for expect in expects:
        first, last = expect.t, expect.t + expect.within
        if first <= t <= last:
            return None
        if last < t:
            start = max(start, last + 0.001)
        else:
            end = min(end, first - 0.001)
    return Quiet(round(start, 3), round(end, 3)) if start <= t <= end else None
