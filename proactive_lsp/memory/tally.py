"""What an answer weighs, and how what was said before fades as the user says otherwise.

Time is counted in answers, so no clock matters. Every rule is a straight line per number, `scale`
times what was there plus `add`: several rules in a row are one again, which is what two processes
add to the same store, each in its turn.
"""

from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import astuple, replace

AnswerOp = Literal["accepted", "dismissed", "ignored", "undone", "muted"]
# What is learned without asking: what stayed unsaid was done by hand, or a line only pointed at
# was worked on.
Lesson: TypeAlias = AnswerOp | Literal["by_hand", "nearby"]

# However often something was answered, it weighs no more than so many answers.
MOST_WEIGHT = 16.0
# After so many answers to the contrary an answer weighs half.
HALF_LIFE = 4.5
# After so many moments at which the answers alone kept a kind silent, its noes weigh half.
SILENT_HALF_LIFE = 100.0
BY_HAND, NEARBY, UNDONE = 0.6, 0.2, 1.5
IGNORED, MOST_IGNORED = 0.25, 1.5


class Counts(Struct, frozen=True):
    """How often each answer was given."""

    accepted: int = 0
    dismissed: int = 0
    ignored: int = 0
    undone: int = 0
    muted: int = 0

    def plus(self, op: AnswerOp) -> "Counts":
        """One more of `op`."""
        return replace(self, **{op: getattr(self, op) + 1})


class Tally(Struct, frozen=True):
    """What the answers weigh by now, each number from 0 to `MOST_WEIGHT`."""

    accepted: float = 0.0
    by_hand: float = 0.0
    dismissed: float = 0.0
    undone: float = 0.0
    ignored: float = 0.0

    @property
    def no(self) -> float:
        """Everything that speaks against."""
        return self.dismissed + self.undone + self.ignored

    @property
    def weight(self) -> float:
        """All of it."""
        return self.accepted + self.by_hand + self.no

    def plus(self, other: "Tally") -> "Tally":
        """The two together, which may be more than `MOST_WEIGHT`."""
        return Tally(
            self.accepted + other.accepted,
            self.by_hand + other.by_hand,
            self.dismissed + other.dismissed,
            self.undone + other.undone,
            self.ignored + other.ignored,
        )


class Update(Struct, frozen=True):
    """For each number of a tally what it is multiplied by, and what is then added."""

    scale: Tally = Tally(1.0, 1.0, 1.0, 1.0, 1.0)
    add: Tally = Tally()

    def of(self, tally: Tally) -> Tally:
        """The tally after it; whatever the order of updates, every number keeps its bounds."""
        numbers = zip(astuple(tally), astuple(self.scale), astuple(self.add), strict=True)
        return Tally(*(min(MOST_WEIGHT, max(0.0, x * scale + add)) for x, scale, add in numbers))

    def then(self, later: "Update") -> "Update":
        """This one and the later one as one."""
        scale = (a * b for a, b in zip(astuple(later.scale), astuple(self.scale), strict=True))
        add = (
            moved * factor + more
            for moved, factor, more in zip(
                astuple(self.add), astuple(later.scale), astuple(later.add), strict=True
            )
        )
        return Update(Tally(*scale), Tally(*add))


NOTHING = Update()


def fading(*, yes: float = 0.0, no: float = 0.0) -> Update:
    """Fade the yeses and the noes by so many answers to the contrary."""
    yes, no = 0.5 ** (yes / HALF_LIFE), 0.5 ** (no / HALF_LIFE)
    return Update(Tally(yes, yes, no, no, no))


def _full(weight: float, most: float = MOST_WEIGHT) -> float:
    """What is kept of a number to which `weight` is added, so that it nears `most`."""
    return 1.0 - weight / most


_YES = Update(Tally(_full(1.0), 1.0, 1.0, 1.0, 1.0), Tally(accepted=1.0))
_TAKEN_BACK = Update(Tally(1 / _full(1.0), 1.0, 1.0, 1.0, 1.0), Tally(-1 / _full(1.0)))
_NO = Update(Tally(1.0, 1.0, _full(1.0), _full(1.0), 1.0), Tally(dismissed=1.0))
_UNDONE = Update(Tally(1.0, 1.0, _full(UNDONE), _full(UNDONE), 1.0), Tally(undone=UNDONE))
_IGNORED = Update(Tally(1.0, 1.0, 1.0, 1.0, _full(IGNORED, MOST_IGNORED)), Tally(ignored=IGNORED))


def _by_hand(weight: float) -> Update:
    return Update(Tally(1.0, _full(weight), 1.0, 1.0, 1.0), Tally(by_hand=weight))


# What a lesson does where it was learned, and what it does to the rest of its kind, where it
# fades what speaks against it: who changes their mind is followed in all folders. An undo takes the
# yes back that came before it, with all that it did, and then says more than a no.
LESSONS: dict[Lesson, tuple[Update, Update]] = {
    "accepted": (fading(no=1.0).then(_YES), fading(no=1.0)),
    "by_hand": (fading(no=1.0).then(_by_hand(BY_HAND)), fading(no=1.0)),
    "nearby": (fading(no=NEARBY).then(_by_hand(NEARBY)), fading(no=NEARBY)),
    "dismissed": (fading(yes=1.0).then(_NO), fading(yes=1.0)),
    "undone": (
        _TAKEN_BACK.then(fading(yes=1.0, no=-1.0)).then(_UNDONE),
        fading(yes=1.0, no=-1.0),
    ),
    "ignored": (fading(yes=IGNORED).then(_IGNORED), fading(yes=IGNORED)),
}
FORGOTTEN = fading(no=HALF_LIFE / SILENT_HALF_LIFE)


def weighed(counts: Counts) -> Tally:
    """What answers weigh of which only the number is known, not the order."""
    sums = (counts.accepted, 0.0, counts.dismissed, UNDONE * counts.undone)
    share = min(1.0, MOST_WEIGHT / sum(sums)) if any(sums) else 1.0
    accepted, by_hand, dismissed, undone = (share * each for each in sums)
    ignored = min(MOST_IGNORED, IGNORED * counts.ignored)
    return Tally(accepted, by_hand, dismissed, undone, ignored)
