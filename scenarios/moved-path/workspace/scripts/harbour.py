"""The harbour's own series, of the gauges at both ends of it."""

from pathlib import Path

from tides.merging import merge
from tides.readings import read_gauge_file

DATA = Path("data")

for reading in merge(*(read_gauge_file(DATA / name) for name in ("east.txt", "west.txt"))):
    print(f"{reading.at:%H:%M} {reading.level:.2f}")
