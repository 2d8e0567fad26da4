import pytest

from tides.readings import BadLine, read_gauge_file, station_name
from tides.summary import daily_summary

DAY = """\
# West Pier
2024-03-01T06:00 2.310 G
2024-03-01T06:10 2.350 D
2024-03-01T06:20 2.390 G
"""


@pytest.fixture
def day(tmp_path):
    path = tmp_path / "west-pier.txt"
    path.write_text(DAY, encoding="utf-8")
    return path


def test_doubtful_readings_are_left_out(day):
    assert [reading.level for reading in read_gauge_file(day)] == [2.310, 2.390]
    assert len(read_gauge_file(day, doubtful=True)) == 3


def test_the_comment_names_the_station(day):
    assert station_name(day) == "West Pier"
    assert daily_summary(day) == "West Pier: mean 2.35 m, highest 2.39 m"


def test_a_bad_line_is_named(day):
    day.write_text("06:00 two metres\n", encoding="utf-8")
    with pytest.raises(BadLine, match=":1:"):
        read_gauge_file(day)
