"""Notice that what stayed unsaid was then done by hand.

What was silent at one look is watched until the next: where its places are now, and what was typed
there. Places that read as offered were carried out; a line that was only pointed at and that was
worked on, when nothing else took the need away, is a weaker sign.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from operator import is_

from msgspec import Struct
from msgspec.structs import replace

from proactive_lsp.events import Edit
from proactive_lsp.memory import Lesson
from proactive_lsp.reward.line_moves import Block, Move, follow, moves
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Judgement, Need, Place
from proactive_lsp.workspace.documents import bare, split_lines, utf16_index

# Silent for one of these reasons, it might have been said; for the others the user said no.
UNSAID = frozenset(
    {"below-threshold", "budget-spent", "operation-in-progress", "snoozed", "too-soon"}
)
# So many places are watched, and so many needs are remembered as done, the newest.
MOST_PLACES = 200
MOST_DONE = 200

Lines = Callable[[str], Sequence[str]]


class Done(Struct, frozen=True):
    """What was done by hand: where it was silent, and how surely it was this."""

    need: Need
    trigger: str
    lesson: Lesson


class _Spot(Struct, frozen=True):
    """A place as it was watched; `expected` are its lines once done, None where it only points.

    `earlier` is what the edits that lie around it found there.
    """

    path: str
    block: Block
    before: tuple[str, ...]
    expected: tuple[str, ...] | None
    earlier: tuple[tuple[str, ...], ...]
    inserts: bool = False


class _Watched(Struct, frozen=True):
    """A silent need, the lines of its trigger and its places."""

    need: Need
    trigger: str
    cause: _Spot
    spots: tuple[_Spot, ...]


class ByHand:
    """The silent needs of the last look, followed through the edits since."""

    def __init__(self) -> None:
        self._watched: tuple[_Watched, ...] = ()
        self._done: dict[str, None] = {}

    def watch(
        self, judgements: Iterable[Judgement], offered: Collection[str], situation: Situation
    ) -> None:
        """Watch what is silent now, and nothing else; needs on a card are `offered`, not silent."""
        watched: list[_Watched] = []
        room = MOST_PLACES
        for judgement in judgements:
            need, silence = judgement.task.need, judgement.silence
            if silence is None or silence.kind not in UNSAID or need.id in offered:
                continue
            if len(need.places) > room or need.id in self._done:
                continue
            spots = tuple(_spots(need, situation))
            if not spots:
                continue
            room -= len(spots)
            cause = _Spot(need.path, _lines_of(need), (), None, ())
            watched.append(_Watched(need, situation.boundary.kind, cause, spots))
        self._watched = tuple(watched)

    def settled(self, edit: Edit) -> None:
        """Follow an edit; what an accepted card wrote is nobody's handiwork."""
        kept: list[_Watched] = []
        path, steps = edit.path, moves(edit)
        for each in self._watched:
            cause = _followed(each.cause, path, steps)
            spots = tuple(_followed(spot, path, steps) for spot in each.spots)
            if cause is each.cause and all(map(is_, spots, each.spots)):
                # Steady typing passes hundreds of places and touches none.
                kept.append(each)
                continue
            ours = edit.origin is not None and spots != each.spots
            if not ours or not any(spot.block.touched for spot in spots):
                kept.append(replace(each, cause=cause, spots=spots))
        self._watched = tuple(kept)

    def moved(self, path: str, to: str) -> None:
        """A file or folder has another name."""

        def new(spot: _Spot) -> _Spot:
            inside = spot.path == path or spot.path.startswith(f"{path}/")
            return replace(spot, path=to + spot.path[len(path) :]) if inside else spot

        self._watched = tuple(
            replace(each, cause=new(each.cause), spots=tuple(map(new, each.spots)))
            for each in self._watched
        )

    def forget(self, path: str | None = None) -> None:
        """Other text is in this file now, or in any: what it reads is not what was typed."""
        self._watched = tuple(
            each
            for each in self._watched
            if path is not None and all(path != spot.path for spot in (each.cause, *each.spots))
        )

    def done(self, needs: Iterable[Need], lines: Lines) -> tuple[Done, ...]:
        """What was carried out since it was watched; each need once. `needs` are those of now."""
        standing = {need.id for need in needs}
        found: list[Done] = []
        for each in self._watched:
            known = [spot for spot in each.spots if spot.expected is not None]
            if known and all(_reads_as_expected(spot, lines) for spot in known):
                found.append(Done(each.need, each.trigger, "by_hand"))
            elif (
                not known
                and each.need.id not in standing
                and not each.cause.block.touched
                and any(_worked_on(spot, lines) for spot in each.spots)
            ):
                found.append(Done(each.need, each.trigger, "nearby"))
        self._done |= dict.fromkeys(each.need.id for each in found)
        while len(self._done) > MOST_DONE:
            del self._done[next(iter(self._done))]
        return tuple(found)


def _spots(need: Need, situation: Situation) -> Iterator[_Spot]:
    """The places that can be watched; `would-undo` has kept out those that take an edit back."""
    for place in need.places:
        if place.whole:
            continue
        block = _lines_of(place)
        own = situation.lines(place.path)
        before = tuple(own[block.top : block.bottom])
        earlier = tuple(
            hunk.before
            for hunk in situation.hunks
            if hunk.path == place.path
            and hunk.after_start <= block.top
            and block.bottom <= hunk.after_start + len(hunk.after)
        )
        expected = _expected(place, own)
        if before and expected != before:
            yield _Spot(place.path, block, before, expected, earlier, inserts=not place.before)


def _lines_of(where: Need | Place) -> Block:
    start, end = where.range.start, where.range.end
    return Block(start.line, max(start.line, end.line) + 1)


def _expected(place: Place, own: Sequence[str]) -> tuple[str, ...] | None:
    """The lines of a place once it is carried out; None when only the user knows them."""
    start, end = place.range.start, place.range.end
    if place.after is None or start.line >= len(own):
        return None
    head = own[start.line][: utf16_index(own[start.line], start.character)]
    last = own[end.line] if end.line < len(own) else ""
    tail = last[utf16_index(last, end.character) :]
    return tuple(map(bare, split_lines(head + place.after + tail)))


def _followed(spot: _Spot, path: str, steps: Sequence[Move]) -> _Spot:
    """The same object where the edit leaves it alone."""
    if spot.path != path:
        return spot
    block = follow(spot.block, steps, at_edges=spot.inserts)
    return replace(spot, block=block) if block is not spot.block else spot


def _reads_as_expected(spot: _Spot, lines: Lines) -> bool:
    """Whether the user's edits made of the place what was expected."""
    block, expected = spot.block, spot.expected
    if expected is None or not block.touched:
        return False
    now = tuple(lines(spot.path)[block.top : block.bottom])
    # Where lines around were rewritten as well, the place stands somewhere among them; what is
    # left after a deletion stands there anyway.
    shorter = len(expected) < len(spot.before)
    return now == expected or (not block.exact and not shorter and _within(expected, now))


def _worked_on(spot: _Spot, lines: Lines) -> bool:
    """Whether the user wrote something else there, and not what stood there before."""
    now = tuple(lines(spot.path)[spot.block.top : spot.block.bottom])
    written = any(line.strip() for line in now) and now != spot.before
    return spot.block.touched and written and not any(_within(now, old) for old in spot.earlier)


def _within(lines: Sequence[str], others: Sequence[str]) -> bool:
    """Whether the lines stand in a row among the others."""
    count = len(lines)
    return any(
        tuple(others[at : at + count]) == tuple(lines) for at in range(len(others) - count + 1)
    )
