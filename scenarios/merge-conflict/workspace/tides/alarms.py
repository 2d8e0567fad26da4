"""Say when a quay will be under water."""

from dataclasses import dataclass
from pathlib import Path

from tides.readings import Reading, read_gauge_file


@dataclass(frozen=True)
class Quay:
    """A place to walk on, and how high above chart datum it is."""

    name: str  # as on the notice board
    height: float


def flooded(quay: Quay, readings: list[Reading], margin: float = 0.1) -> list[Reading]:
    """The readings at which water stands on the quay."""
    return [reading for reading in readings if reading.level + margin >= quay.height]


def warnings(quays: list[Quay], path: Path) -> list[str]:
    """One line per quay that was flooded; doubtful readings warn too."""
    readings = read_gauge_file(path, doubtful=True)
    found: list[str] = []
    for quay in quays:
        wet = flooded(quay, readings)
        if wet:
            found.append(f"{quay.name}: under water from {wet[0].at:%H:%M} to {wet[-1].at:%H:%M}")
    return found
