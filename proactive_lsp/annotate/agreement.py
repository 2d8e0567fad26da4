"""How far several annotators agree about the same sessions, in numbers and case by case."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from msgspec import Struct

from proactive_lsp.annotate.kappa import cohen_kappa, fleiss_kappa
from proactive_lsp.annotate.library import Library
from proactive_lsp.annotate.marks import Judged, Marks, Missing, Worth


class Pair(Struct, frozen=True):
    """Two annotators: what both judged, how often alike, and Cohen's kappa where there is one.

    `missing` counts what both found missing, and `alone` what only one of them did.
    """

    first: str
    second: str
    cards: int
    alike: int
    kappa: float | None
    missing: int
    alone: int


class Apart(Struct, frozen=True):
    """A card that was judged differently: the session's number, the mark, and who said what."""

    session: int
    mark: Judged
    said: tuple[tuple[str, Worth], ...]


class Agreement(Struct, frozen=True):
    """All annotators; `kappa` is Fleiss' over the `cards` that all of them judged."""

    names: tuple[str, ...]
    judged: tuple[int, ...]
    pairs: tuple[Pair, ...]
    cards: int
    kappa: float | None
    apart: tuple[Apart, ...]


def agreement(library: Library) -> Agreement:
    """What the marks beside all sessions say; raises `SessionError` for a broken file of marks."""
    everything = [library.everybody(index) for index in range(len(library.paths))]
    names = sorted({marks.annotator for session in everything for marks in session})
    worth: dict[str, dict[tuple[int, str], Judged]] = {name: {} for name in names}
    missing: dict[str, list[list[Missing]]] = {name: [[] for _ in everything] for name in names}
    for index, session in enumerate(everything):
        for marks in session:
            worth[marks.annotator] |= {(index, key): each for key, each in marks.judged.items()}
            missing[marks.annotator][index] = list(marks.missing.values())
    pairs = tuple(_pair(one, other, worth, missing) for one, other in combinations(names, 2))
    anything = {key for name in names for key in worth[name]}
    by_all = sorted(key for key in anything if all(key in worth[name] for name in names))
    rows = [[worth[name][key].worth for name in names] for key in by_all]
    return Agreement(
        names=tuple(names),
        judged=tuple(len(worth[name]) for name in names),
        pairs=pairs,
        cards=len(rows),
        kappa=fleiss_kappa(rows),
        apart=tuple(_apart(names, worth)),
    )


def others_on(marks: Sequence[Marks], card: str, annotator: str) -> tuple[tuple[str, Worth], ...]:
    """What everybody else said of a card, by name."""
    return tuple(
        (each.annotator, each.judged[card].worth)
        for each in marks
        if each.annotator != annotator and card in each.judged
    )


def same_miss(one: Missing, other: Missing) -> bool:
    """Whether two found the same thing missing: its kind and place, at a time they share."""
    if (one.need, one.path) != (other.need, other.path):
        return False
    if one.range is not None and other.range is not None and not one.range.touches(other.range):
        return False
    return one.t <= other.t + other.within and other.t <= one.t + one.within


_Worth = Mapping[str, Mapping[tuple[int, str], Judged]]


def _pair(
    one: str, other: str, worth: _Worth, missing: Mapping[str, Sequence[Sequence[Missing]]]
) -> Pair:
    both = sorted(worth[one].keys() & worth[other].keys())
    given = [(worth[one][key].worth, worth[other][key].worth) for key in both]
    found = alone = 0
    for mine, theirs in zip(missing[one], missing[other], strict=True):
        left = list(theirs)
        for miss in mine:
            match = next((each for each in left if same_miss(miss, each)), None)
            if match is None:
                alone += 1
            else:
                left.remove(match)
                found += 1
        alone += len(left)
    alike = sum(a == b for a, b in given)
    return Pair(one, other, len(both), alike, cohen_kappa(given), found, alone)


def _apart(names: Sequence[str], worth: _Worth) -> Iterator[Apart]:
    keys = sorted({key for name in names for key in worth[name]})
    for key in keys:
        said = [(name, worth[name][key]) for name in names if key in worth[name]]
        if len({mark.worth for _, mark in said}) > 1:
            yield Apart(key[0], said[0][1], tuple((name, mark.worth) for name, mark in said))
