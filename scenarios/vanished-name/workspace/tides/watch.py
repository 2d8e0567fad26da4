"""Watch a gauge and say when the water rises fast."""

from tides.readings import Reading


class Watch:
    """Keeps the last readings of one gauge."""

    def __init__(self, name: str, limit: float, silence: int) -> None:
        self.name = name
        self.limit = limit
        self.silence = silence
        self.seen: list[Reading] = []

    def take(self, reading: Reading) -> str | None:
        """One more reading; a sentence when somebody has to be told."""
        self.seen.append(reading)
        rise = reading.level - self.seen[-self.silence].level
        return f"{self.name}: {rise:.2f} m higher" if rise > self.limit else None

    def __repr__(self) -> str:
        return f"Watch({self.name!r}, {self.limit}, {self.silence})"
