"""Where readings come from."""

from collections.abc import Iterator
from datetime import date

from tides.readings import Reading


class Station:
    """A gauge whose files lie on this machine."""

    def __init__(self, days: dict[date, list[Reading]]) -> None:
        self.days = days

    def readings(self, day: date, doubtful: bool) -> Iterator[Reading]:
        """What was measured on a day."""
        wanted = "GD" if doubtful else "G"
        return (each for each in self.days.get(day, []) if each.trust in wanted)


class CachedStation(Station):
    """A gauge that is asked once a day."""

    def __init__(self, days: dict[date, list[Reading]]) -> None:
        super().__init__(days)
        self.known: dict[date, list[Reading]] = {}

    def readings(self, day: date, doubtful: bool) -> Iterator[Reading]:
        """What was measured on a day, from memory where it was asked before."""
        if day not in self.known:
            self.known[day] = list(super().readings(day, doubtful))
        return iter(self.known[day])
