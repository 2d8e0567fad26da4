"""What an explanation says, as blocks that a terminal and Markdown each show in their own way.

Text is as it came from the workspace: whoever shows it makes it safe.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from proactive_lsp.explain.evidence import Explained, Grounds, Push, Spot
from proactive_lsp.explain.learned import LearnedRow
from proactive_lsp.explain.log import Counted, reason_of
from proactive_lsp.reward.model import logit, sigmoid

MOST_LATEST = 10
# A silence among others is told with its strongest pushes alone.
MOST_TOLD = 3
MOST_LEARNED = 40


class Title(Struct, frozen=True):
    """What the page is about."""

    text: str


class Note(Struct, frozen=True):
    """A sentence beside the point."""

    text: str


class Label(Struct, frozen=True):
    """What the next block is."""

    text: str


class Kind(Struct, frozen=True):
    """The kind of need of a task, and the boundary that woke it; its title if the card has more."""

    need: str
    trigger: str
    title: str = ""


class Points(Struct, frozen=True):
    """A list."""

    items: tuple[str, ...]


class Odds(Struct, frozen=True):
    """What pushed a probability, and what came of it."""

    pushes: tuple[Push, ...]
    p: float
    threshold: float
    verdict: str

    @property
    def total(self) -> float:
        """The log odds that the pushes add up to."""
        return sum(push for _, push in self.pushes)


class Tally(Struct, frozen=True):
    """How often each reason came up, the most frequent first, and for which kinds of need."""

    rows: tuple[tuple[str, int, tuple[tuple[str, int], ...]], ...]


class Held(Struct, frozen=True):
    """One silence of a list; `text` is empty where the chance is the reason."""

    id: str
    session: str
    when: str
    title: str
    reason: str
    text: str
    chance: str
    pushes: tuple[Push, ...]


class Shifts(Struct, frozen=True):
    """What answers changed."""

    rows: tuple[LearnedRow, ...]


Block = Title | Note | Label | Kind | Points | Odds | Tally | Held | Shifts
Page = tuple[Block, ...]


def row_page(row: Explained, notes: Iterable[str] = (), session: str = "") -> Page:
    """A card or a silence: its evidence with its proof, what pushed it, and every place."""
    blocks: list[Block] = [Title(row.title), Note(_story(row, session)), *map(Note, notes)]
    for number, grounds in enumerate(row.grounds):
        blocks += (
            Kind(grounds.need, row.trigger, grounds.title if number else ""),
            Points(tuple(fact.cited() for fact in grounds.facts)),
            Odds(grounds.pushes, grounds.p, grounds.threshold, _verdict(row, grounds)),
            *((Note(_learned(grounds)),) if grounds.learned else ()),
        )
    if not any(grounds.learned for grounds in row.grounds):
        blocks.append(Note("Your answers changed nothing here."))
    if row.places:
        more = (f"and {row.more_places} more",) if row.more_places else ()
        blocks += (Label("Places:"), Points((*map(_place, row.places), *more)))
    elif row.more_places:
        places = "1 place" if row.more_places == 1 else f"{row.more_places} places"
        blocks.append(Note(f"It would have pointed at {places}."))
    return tuple(blocks)


def silent_page(
    counts: Sequence[Counted], silences: Iterable[tuple[str, Explained]], note: str
) -> Page:
    """How often each reason came up, then the latest silent needs with theirs, newest last.

    Each silence comes with the name of its session, or an empty one.
    """
    if not counts:
        return (Note("Nothing was noticed lately that could have been offered."),)
    latest: dict[tuple[str, str], Explained] = {}
    for session, row in silences:
        latest.pop((session, row.id), None)
        latest[session, row.id] = row
    return (
        Title("Noticed, and not said"),
        Note(note),
        _tally(counts),
        Label("Latest:"),
        *(_held(row, session) for (session, _), row in list(latest.items())[-MOST_LATEST:]),
    )


def learned_page(
    learned: Iterable[tuple[str, Sequence[LearnedRow]]], muted: Iterable[tuple[str, str]] = ()
) -> Page:
    """What the answers changed, under the name of each session; says so when it was nothing."""
    having = [(session, rows) for session, rows in learned if rows]
    silenced = tuple(f"{kind} in {prefix or 'every folder'}" for kind, prefix in sorted(muted))
    if not having and not silenced:
        return (Note("Nothing was learned: no card was answered so far."),)
    blocks: list[Block] = [Title("What your answers changed")]
    if having:
        blocks.append(Note("Shifts add to log odds: of 0.50, +1 makes 0.73 and -1 makes 0.27."))
    for session, rows in having:
        more = len(rows) - MOST_LEARNED
        blocks += (
            *((Label(f"In the session {session}:"),) if session else ()),
            Shifts(tuple(rows[:MOST_LEARNED])),
            *((Note(f"and {more} more that shift less"),) if more > 0 else ()),
        )
    if silenced:
        blocks += (Label("Muted:"), Points(silenced))
    return tuple(blocks)


def chance(p: float, threshold: float) -> tuple[str, str]:
    """Both with two digits, or with four where two would not tell them apart."""
    digits = 4 if p != threshold and f"{p:.2f}" == f"{threshold:.2f}" else 2
    return f"{p:.{digits}f}", f"{threshold:.{digits}f}"


def when(row: Explained) -> str:
    """Seconds since the session or the server began."""
    return f"{row.t:.1f} s" if row.t is not None else "an earlier run"


def state_of(row: Explained) -> str:
    """What came of it then, in a few words."""
    came = "offered" if row.offered else reason_of(row)[0]
    return f"{came} at {when(row)}" if row.t is not None else f"{came} in {when(row)}"


def _story(row: Explained, session: str) -> str:
    place = f" of the session {session}" if session else ""
    happened = "offered" if row.offered else "kept back"
    told = f"{row.id}, {happened} {'at' if row.t is not None else 'in'} {when(row)}{place}"
    return f"{told}, then {row.answer}" if row.answer is not None else told


def _verdict(row: Explained, grounds: Grounds) -> str:
    kind, text = reason_of(row)
    if row.offered:
        likely = grounds.p >= grounds.threshold
        return "offered" if likely else "offered all the same, as the filter was off"
    return "kept back" if kind == "below-threshold" else f"kept back: {text or kind}"


def _learned(grounds: Grounds) -> str:
    before = sigmoid(logit(grounds.p) - grounds.learned)
    return f"Your answers moved it from {before:.2f} to {grounds.p:.2f}."


def _place(place: Spot) -> str:
    where = place.path if place.whole else f"{place.path}:{place.range.start.line + 1}"
    note = f": {place.note}" if place.note else ""
    return f"{where}{note}{'' if place.certain else ' (to be confirmed)'}"


def _tally(counts: Sequence[Counted]) -> Tally:
    kinds: dict[str, dict[str, int]] = {}
    for each in counts:
        of = kinds.setdefault(each.reason, {})
        of[each.need] = of.get(each.need, 0) + each.count
    rows = [(reason, sum(of.values()), _ordered(of)) for reason, of in kinds.items()]
    return Tally(tuple(sorted(rows, key=lambda row: (-row[1], row[0]))))


def _ordered(counts: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


def _held(row: Explained, session: str) -> Held:
    kind, text = reason_of(row)
    p, threshold = chance(row.p, row.threshold)
    return Held(
        id=row.id,
        session=session,
        when=when(row),
        title=row.title,
        reason=kind,
        text="" if kind == "below-threshold" else text,
        # What the model did not propose was not judged.
        chance=f"probability {p}, shown from {threshold} on" if row.threshold else "",
        pushes=row.pushes[:MOST_TOLD],
    )
