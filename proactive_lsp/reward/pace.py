"""How often is too often: a budget per hour and a rest after each dismissal that grows."""

from msgspec import Struct
from msgspec.structs import replace

HOUR = 3600.0
# The rest doubles with every dismissal in a row, up to this many doublings.
MOST_DOUBLINGS = 6


class Pace(Struct, frozen=True):
    """When cards were offered and how the user took them; times in seconds of the session."""

    offered: tuple[float, ...] = ()
    dismissed: float | None = None
    dismissed_in_a_row: int = 0
    snoozed_until: float | None = None

    def at(self, t: float) -> "Pace":
        """As of `t`: what lies ahead of it happened just now, for the clock was set back.

        So no rest and no spent budget lasts longer than it would have from now on.
        """
        dismissed = min(self.dismissed, t) if self.dismissed is not None else None
        return replace(self, offered=tuple(min(at, t) for at in self.offered), dismissed=dismissed)

    def after_offer(self, t: float) -> "Pace":
        """A card was shown at `t`."""
        return replace(self, offered=(*(at for at in self.offered if at > t - HOUR), t))

    def after_dismissal(self, t: float) -> "Pace":
        """The user said no at `t`."""
        return replace(self, dismissed=t, dismissed_in_a_row=self.dismissed_in_a_row + 1)

    def after_acceptance(self) -> "Pace":
        """The user said yes, so the rests start small again."""
        return replace(self, dismissed=None, dismissed_in_a_row=0)

    def rests_until(self, cooldown: float) -> float | None:
        """When the rest after the last dismissal ends, None when there was none."""
        if self.dismissed is None:
            return None
        doublings = min(self.dismissed_in_a_row - 1, MOST_DOUBLINGS)
        return self.dismissed + cooldown * 2**doublings

    def shown_within_hour(self, t: float) -> int:
        """How many cards were shown in the hour before `t`."""
        return sum(at > t - HOUR for at in self.offered)
