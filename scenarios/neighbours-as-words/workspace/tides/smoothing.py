"""Take the waves out of a series, so that the tide is left."""

from collections.abc import Sequence
from statistics import fmean, median


def running_mean(levels: Sequence[float], width: int = 6) -> list[float]:
    """The mean of each window; shorter than the input by the width less one."""
    if width < 1:
        raise ValueError("a window needs one value at least")
    smooth: list[float] = []
    for start in range(len(levels) - width + 1):
        window = [level for level in levels[start : start + width] if level > -9.0]
        smooth.append(round(fmean(window), 3))
    return smooth


def running_median(levels: Sequence[float], width: int = 6) -> list[float]:
    """The median of each window; a single wave leaves no trace in it."""
    if width < 1:
        raise ValueError("a window needs one value at least")
    smooth: list[float] = []
    for start in range(len(levels) - width + 1):
        window = [level for level in levels[start : start + width] if level > -9.0]
        smooth.append(round(median(window), 3))
    return smooth


def slopes(levels: Sequence[float]) -> list[float]:
    """How much the water rose from each value to the next."""
    return [round(after - before, 3) for before, after in zip(levels, levels[1:])]
