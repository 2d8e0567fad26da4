"""Two parameters change places: every call still fits, but means the opposite.

Offered after the save, since nothing else would ever tell.
"""

from stage import Stage


async def play(stage: Stage) -> None:
    await stage.open("parcels/zones.py")
    await stage.edit(
        "parcels/zones.py",
        "def zone_between(origin: str, destination: str) -> int:",
        "def zone_between(destination: str, origin: str) -> int:",
    )
    for path, line, after in (
        (
            "parcels/labels.py",
            "    zone = zone_between(sender.country, parcel.receiver.country)",
            "    zone = zone_between(parcel.receiver.country, sender.country)",
        ),
        (
            "parcels/report.py",
            "        zone = zone_between(home, parcel.receiver.country)",
            "        zone = zone_between(parcel.receiver.country, home)",
        ),
        (
            "parcels/cli.py",
            "        zone = zone_between(origin, destination)",
            "        zone = zone_between(destination, origin)",
        ),
        (
            "tests/test_labels.py",
            '    assert zone_between("AT", "DE") == 2',
            '    assert zone_between("DE", "AT") == 2',
        ),
    ):
        stage.expect("broken-call", path, line, after)
    await stage.save("parcels/zones.py")
