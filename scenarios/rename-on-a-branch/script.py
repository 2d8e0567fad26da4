"""Woken by git alone: on a branch made in the terminal, another program renames a function."""

from stage import Stage


async def play(stage: Stage) -> None:
    await stage.open("tides/cli.py")
    await stage.git("switch", "--create", "clearer-names")
    await stage.outside(
        "tides/readings.py",
        "def station_name(path: Path) -> str:",
        "def name_of_station(path: Path) -> str:",
    )
    for path, line, after in (
        (
            "tides/summary.py",
            "from tides.readings import read_gauge_file, station_name",
            "from tides.readings import read_gauge_file, name_of_station",
        ),
        (
            "tides/summary.py",
            "    name = station_name(path)",
            "    name = name_of_station(path)",
        ),
        (
            "tests/test_readings.py",
            '    assert station_name(day) == "West Pier"',
            '    assert name_of_station(day) == "West Pier"',
        ),
    ):
        stage.expect("commit-owes", path, line, after)
    await stage.git("commit", "--all", "--message", "Say what the name is of")
