"""A card's edit piece by piece: where, and the touched lines before and after.

tests/test_links.py:25  in `test_a_stuck_port`
- SerialLink(port, 9600, QUICK).send("*RST", QUICK)
+ SerialLink(port, 9600).send("*RST", QUICK)
"""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from msgspec import Struct

from proactive_lsp.events import Range
from proactive_lsp.replay.edited import Block, block
from proactive_lsp.replay.labels import Read
from proactive_lsp.suggestions import Plan, Suggestion
from proactive_lsp.workspace.documents import bare, split_lines

MOST_PIECES = 5
MOST_LINES = 5
# A line is cut here, and in front of its change there stands no more than the second.
LONGEST_LINE = 200
LONGEST_LEAD = 40


class Piece(Struct, frozen=True):
    """One heading and its lines, without the indentation that they share; text not escaped.

    Without lines, it only points.
    """

    heading: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class _Spot(Struct, frozen=True):
    path: str
    range: Range
    note: str
    certain: bool


def pieces(
    card: Suggestion,
    plan: Plan | None,
    read: Read,
    *,
    most: int = MOST_PIECES,
    most_lines: int = MOST_LINES,
) -> tuple[Piece, ...]:
    """The first pieces in the card's order, likeliest first; places on the same lines are one.

    A last piece counts the places that are left out.
    """
    edits = {file.path: file.edits for file in plan.files} if plan is not None else {}
    texts: dict[str, list[str]] = {}
    found: dict[tuple[str, Block], list[_Spot]] = {}
    more = 0
    for spot in _spots(card, plan):
        home = _home(spot, found)
        if home is not None:
            found[home].append(spot)
        elif len(found) == most:
            more += 1
        else:
            lines = texts.setdefault(spot.path, split_lines(read(spot.path) or ""))
            found[spot.path, block(lines, spot.range, edits.get(spot.path, ()))] = [spot]
    told = tuple(_piece(touched, spots, most_lines) for (_, touched), spots in found.items())
    return (*told, Piece(f"and {more} more")) if more else told


def _spots(card: Suggestion, plan: Plan | None) -> Iterator[_Spot]:
    """The places, then edits that are at none of them."""
    known = {(place.path, place.range) for place in card.places}
    for place in card.places:
        yield _Spot(place.path, place.range, place.note, place.certain)
    for file in plan.files if plan is not None else ():
        for edit in file.edits:
            if (file.path, edit.range) not in known:
                yield _Spot(file.path, edit.range, edit.label, edit.certain)


def _home(spot: _Spot, found: dict[tuple[str, Block], list[_Spot]]) -> tuple[str, Block] | None:
    line = spot.range.start.line
    for path, touched in found:
        if path == spot.path and touched.first <= line <= touched.last:
            return path, touched
    return None


def _piece(touched: Block, spots: Sequence[_Spot], most: int) -> Piece:
    notes = dict.fromkeys(spot.note for spot in spots if spot.note)
    doubt = "" if all(spot.certain for spot in spots) else " (to be confirmed)"
    heading = f"{spots[0].path}:{spots[0].range.start.line + 1}"
    heading += f"  {'; '.join(notes)}" if notes else ""
    before, after = _different(_bare_lines(touched.before), _bare_lines(touched.after))
    indent = _indent([*before, *after])
    before, after = _shortened(
        [line[indent:] for line in before], [line[indent:] for line in after]
    )
    return Piece(heading + doubt, _first(before, most), _first(after, most))


def _bare_lines(text: str) -> list[str]:
    lines = [bare(line) for line in split_lines(text)]
    return lines if lines[-1] else lines[:-1]


def _different(before: list[str], after: list[str]) -> tuple[list[str], list[str]]:
    """Both without the lines that they begin and end with in common."""
    head = _common(before, after)
    before, after = before[head:], after[head:]
    tail = _common(before[::-1], after[::-1])
    return before[: len(before) - tail], after[: len(after) - tail]


def _indent(lines: Sequence[str]) -> int:
    """How much white space all lines begin with in common; blank lines have no say."""
    leads = [line[: len(line) - len(line.lstrip())] for line in lines if line.strip()]
    return min((_common(lead, leads[0]) for lead in leads), default=0)


def _shortened(before: list[str], after: list[str]) -> tuple[list[str], list[str]]:
    """Long lines without most of what stands in front of their change, and cut at the end."""
    if len(before) == len(after):
        pairs = [_led(*pair) for pair in zip(before, after, strict=True)]
        before, after = [old for old, _ in pairs], [new for _, new in pairs]
    return [_cut(line) for line in before], [_cut(line) for line in after]


def _led(old: str, new: str) -> tuple[str, str]:
    extra = _common(old, new) - LONGEST_LEAD
    if extra <= 0 or max(len(old), len(new)) <= LONGEST_LINE:
        return old, new
    return f"…{old[extra:]}", f"…{new[extra:]}"


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…"


def _first(lines: Sequence[str], most: int) -> tuple[str, ...]:
    more = len(lines) - most + 1
    if more <= 1:
        return tuple(lines)
    return (*lines[: most - 1], f"… {more} more lines")


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many elements the two begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
