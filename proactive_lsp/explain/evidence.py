"""What explains a card or a silence, small enough for a transcript and for the memory to hold.

Everything is bounded: of many pushes the strongest are kept and the sum of the others, of many
facts and places the first. Numbers have four decimals.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated

from msgspec import Meta, Struct

from proactive_lsp.events import Range, Unsigned
from proactive_lsp.suggestions import Fact, Judgement, Suggestion, Task

# The push of this user's answers, and the sum of the pushes that are not listed.
ANSWERS, OTHER = "your-answers", "other"
DIGITS = 4
LONGEST_TEXT = 300

Share = Annotated[float, Meta(ge=0, le=1)]
LogOdds = Annotated[float, Meta(ge=-1e9, le=1e9)]
Push = tuple[str, LogOdds]


class Most(Struct, frozen=True):
    """How much of an explanation is kept."""

    pushes: int
    facts: int
    places: int


CARD = Most(pushes=10, facts=6, places=20)
# Whoever wants to know why nothing was said looks at reasons first, and there are many of these.
SILENT = Most(pushes=4, facts=2, places=0)
# Tasks of a card beyond its likeliest.
MOST_TASKS = 4


class Proof(Struct, frozen=True, omit_defaults=True):
    """A fact as it is kept; lines are counted from 0, `event` is a number of the memory."""

    text: str
    path: str | None = None
    line: Unsigned | None = None
    event: int | None = None

    def cited(self) -> str:
        """The sentence followed by its proof."""
        return Fact(self.text, self.path, self.line, self.event).cited()


class Spot(Struct, frozen=True, omit_defaults=True):
    """Where something is owed; an uncertain one waits for the user's tick."""

    path: str
    range: Range
    note: str = ""
    certain: bool = True
    whole: bool = False


class Grounds(Struct, frozen=True):
    """Why one task was judged as it was; `pushes` add up to the log odds of `p`.

    `learned` is what this user's answers added to them, 0 when they say nothing of it.
    """

    need: str
    title: str
    p: Share
    threshold: Share
    learned: LogOdds
    pushes: tuple[Push, ...]
    facts: tuple[Proof, ...]


class Explained(Struct, frozen=True):
    """A card that was offered, or a candidate that stayed silent, with its grounds.

    Those of its likeliest task stand here, `tasks` are the further ones of a card. `t` is None for
    what an earlier run of the server offered; `more_places` were left out of `places`.
    """

    id: str
    need: str
    title: str
    path: str
    range: Range
    t: float | None
    p: Share
    offered: bool
    reason: str | None
    answer: str | None
    threshold: Share
    trigger: str
    learned: LogOdds
    pushes: tuple[Push, ...]
    facts: tuple[Proof, ...]
    places: tuple[Spot, ...]
    more_places: Unsigned
    tasks: tuple[Grounds, ...]

    @property
    def grounds(self) -> tuple[Grounds, ...]:
        """Of every task, the likeliest first; the title of an only one is that of the card."""
        own = Grounds(
            self.need, self.title, self.p, self.threshold, self.learned, self.pushes, self.facts
        )
        return (own, *self.tasks)


def explained_card(card: Suggestion, judgements: Sequence[Judgement]) -> Explained:
    """A card with what was judged of its tasks, in their order; at least one."""
    best, *others = judgements
    own = _grounds(best.task, best, CARD)
    return Explained(
        id=card.id,
        need=best.task.need.kind,
        title=card.title,
        path=card.path,
        range=card.range,
        t=round(card.t, 3),
        p=own.p,
        offered=True,
        reason=None,
        answer=None,
        threshold=own.threshold,
        trigger=card.trigger,
        learned=own.learned,
        pushes=own.pushes,
        facts=own.facts,
        places=_spots(card, CARD.places),
        more_places=max(0, len(card.places) - CARD.places),
        tasks=tuple(_grounds(other.task, other, CARD) for other in others[:MOST_TASKS]),
    )


def explained_silence(judgement: Judgement, *, t: float, trigger: str) -> Explained:
    """A judgement that kept its task back, at that boundary."""
    task, silence = judgement.task, judgement.silence
    own = _grounds(task, judgement, SILENT)
    return Explained(
        id=task.need.id,
        need=own.need,
        title=task.title,
        path=task.need.path,
        range=task.need.range,
        t=round(t, 3),
        p=own.p,
        offered=False,
        reason=f"{silence.kind}: {silence.text}" if silence is not None else None,
        answer=None,
        threshold=own.threshold,
        trigger=trigger,
        learned=own.learned,
        pushes=own.pushes,
        facts=own.facts,
        places=_spots(task, SILENT.places),
        more_places=max(0, len(task.places) - SILENT.places),
        tasks=(),
    )


def strongest(pushes: Iterable[Push], most: int) -> tuple[Push, ...]:
    """The pushes by size, at most so many, and the sum of the others as one more.

    >>> strongest([("prior", -0.5), ("agree", 0.25), ("length", 1.0)], 1)
    (('length', 1.0), ('other', -0.25))
    """
    given = [(name, push) for name, push in pushes if round(push, DIGITS)]
    given.sort(key=lambda each: (-abs(each[1]), each[0]))
    kept = tuple((name, round(push, DIGITS)) for name, push in given[:most])
    if len(given) <= most:
        return kept
    total = sum(push for _, push in given)
    return (*kept, (OTHER, round(total - sum(push for _, push in kept), DIGITS)))


def short(text: str) -> str:
    """The text, cut where it is endless."""
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"


def _grounds(task: Task, judgement: Judgement, most: Most) -> Grounds:
    return Grounds(
        need=task.need.kind,
        title=short(task.title),
        p=round(judgement.p, DIGITS),
        threshold=round(judgement.threshold, DIGITS),
        learned=round(sum(push for name, push in judgement.pushes if name == ANSWERS), DIGITS),
        pushes=strongest(judgement.pushes, most.pushes),
        facts=_proofs((*task.need.facts, *_own_words(task)), most.facts),
    )


def _own_words(task: Task) -> tuple[Fact, ...]:
    """What a model gave as its reason: no proof, and no part of the need's id."""
    return (Fact(f"in the model's words: {task.why}"),) if task.by_model else ()


def _proofs(facts: Sequence[Fact], most: int) -> tuple[Proof, ...]:
    more = len(facts) - most
    kept = tuple(Proof(short(fact.text), fact.path, fact.line, fact.event) for fact in facts[:most])
    return (*kept, Proof(f"and {more} more")) if more > 0 else kept


def _spots(of: Suggestion | Task, most: int) -> tuple[Spot, ...]:
    return tuple(
        Spot(place.path, place.range, short(place.note), place.certain, place.whole)
        for place in of.places[:most]
    )
