"""Read what a gauge wrote."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Reading:
    """A water level in metres above chart datum at a moment in UTC."""

    at: datetime
    level: float
    trust: str = "G"


class BadLine(ValueError):
    """A line that no gauge writes; the message names file and line."""


def read_gauge_file(path: Path, *, doubtful: bool = False) -> list[Reading]:
    """The good readings of a file in order; the doubtful ones too when asked for."""
    wanted = {"G", "D"} if doubtful else {"G"}
    return [reading for reading in _lines(path) if reading.trust in wanted]


def station_name(path: Path) -> str:
    """What the first comment says, or the name of the file."""
    with path.open(encoding="utf-8") as file:
        first = file.readline()
    return first[1:].strip() if first.startswith("#") else path.stem


def _lines(path: Path) -> Iterator[Reading]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        try:
            moment, level, trust = line.split()
            yield Reading(datetime.fromisoformat(moment), float(level), trust)
        except ValueError as error:
            raise BadLine(f"{path}:{number}: {line!r}") from error
