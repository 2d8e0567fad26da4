"""Put a station's day into one line."""

from pathlib import Path
from statistics import fmean

from tides.readings import read_gauge_file, station_name


def daily_summary(path: Path) -> str:
    """Mean and highest level with the station's name; says so when there is nothing."""
    readings = read_gauge_file(path)
    name = station_name(path)
    if not readings:
        return f"{name}: no good readings"
    levels = [reading.level for reading in readings]
    return f"{name}: mean {fmean(levels):.2f} m, highest {max(levels):.2f} m"


def highest_of(paths: list[Path]) -> str:
    """The name of the station with the highest water, for the harbour's notice board."""
    heights = {
        station_name(path): max(reading.level for reading in read_gauge_file(path))
        for path in paths
    }
    return max(heights, key=lambda name: heights[name])
