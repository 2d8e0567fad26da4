"""Make one series of two gauges that stand side by side."""

from datetime import datetime

from tides.readings import Reading


def merge(first: list[Reading], second: list[Reading]) -> list[Reading]:
    """All moments of either gauge; where both have a value, the mean of the two."""
    levels: dict[datetime, list[float]] = {}
    for reading in (*first, *second):
        levels.setdefault(reading.at, []).append(reading.level)
    return [Reading(at, sum(found) / len(found)) for at, found in sorted(levels.items())]


def gaps(readings: list[Reading], minutes: int = 10) -> list[datetime]:
    """The moments after which a reading is missing."""
    return [
        before.at
        for before, after in zip(readings, readings[1:])
        if (after.at - before.at).total_seconds() > minutes * 60
    ]
