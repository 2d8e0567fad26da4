from datetime import datetime

from tides.alarms import Quay, flooded, warnings
from tides.merging import gaps
from tides.readings import Reading, read_gauge_file

STORM = """\
# East Quay
2024-10-20T18:00 3.80 G
2024-10-20T18:10 4.02 D
2024-10-20T18:20 3.95 G
2024-10-20T18:30 3.60 G
"""
QUAY = Quay("fish market", 3.9)


def test_the_margin_counts():
    reading = Reading(datetime(2024, 10, 20, 18), 3.85)
    assert flooded(QUAY, [reading])
    assert not flooded(QUAY, [reading], margin=0)


def test_a_warning_has_a_beginning_and_an_end(tmp_path):
    path = tmp_path / "east.txt"
    path.write_text(STORM, encoding="utf-8")
    assert warnings([QUAY], path) == ["fish market: water from 18:00 to 18:20"]


def test_the_storm_has_no_gap(tmp_path):
    path = tmp_path / "east.txt"
    path.write_text(STORM, encoding="utf-8")
    readings = read_gauge_file(path, doubtful=True)
    assert gaps(readings) == []
