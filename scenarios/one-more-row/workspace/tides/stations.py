"""Where the gauges stand."""

STATIONS = (
    {
        "name": "West Pier",
        "stands": "north harbour",
        "every_minutes": 10,
    },
    {
        "name": "East Quay",
        "stands": "north harbour",
        "every_minutes": 10,
    },
    {
        "name": "Ferry Stairs",
        "stands": "old harbour",
        "every_minutes": 10,
    },
    {
        "name": "Mill Creek",
        "stands": "river",
        "every_minutes": 10,
    },
    {
        "name": "Lock House",
        "stands": "river",
        "every_minutes": 10,
    },
    {
        "name": "Skerry",
        "stands": "open sea",
        "every_minutes": 10,
    },
)


def names() -> list[str]:
    """The names of all stations, as they stand in the first line of a file."""
    return [str(station["name"]) for station in STATIONS]
