"""Looked at by hand after the storm; nothing imports this."""

from pathlib import Path

from tides.readings import *

EAST = Path("data/east-quay.txt")

for reading in read_gauge_file(EAST):
    print(reading.at, reading.level)
