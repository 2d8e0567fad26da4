"""A function is renamed where it is defined: imports, calls and the documents are offered.

In prose the user ticks each place, so those stand last on the card.
"""

from stage import Stage


async def play(stage: Stage) -> None:
    path = "tides/readings.py"
    await stage.open(path)
    await stage.edit(path, "def read_gauge_file(path: Path", "def load_gauge_file(path: Path")
    for place, line, after in (
        (
            "tides/alarms.py",
            "from tides.readings import Reading, read_gauge_file",
            "from tides.readings import Reading, load_gauge_file",
        ),
        (
            "tides/alarms.py",
            "    readings = read_gauge_file(path, doubtful=True)",
            "    readings = load_gauge_file(path, doubtful=True)",
        ),
        (
            "tides/summary.py",
            "        station_name(path): max(reading.level for reading in read_gauge_file(path))",
            "        station_name(path): max(reading.level for reading in load_gauge_file(path))",
        ),
        (
            "tests/test_readings.py",
            "        read_gauge_file(day)",
            "        load_gauge_file(day)",
        ),
        (
            "README.md",
            "A file is read with `read_gauge_file(path)`, "
            "which gives one `Reading` per line and drops what the",
            "A file is read with `load_gauge_file(path)`, "
            "which gives one `Reading` per line and drops what the",
        ),
        (
            "docs/format.md",
            "trusts itself: `G` good, `D` doubtful, `X` broken. "
            "`read_gauge_file` keeps the good ones and, when",
            "trusts itself: `G` good, `D` doubtful, `X` broken. "
            "`load_gauge_file` keeps the good ones and, when",
        ),
    ):
        stage.expect("renamed-mention", place, line, after)
    await stage.save(path)
