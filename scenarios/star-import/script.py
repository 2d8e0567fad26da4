"""A name that other files import by itself comes with a star here."""

from stage import Stage


async def play(stage: Stage) -> None:
    path = "notebooks/harbour.py"
    await stage.open(path)
    async with stage.quiet():
        await stage.edit(
            path,
            "for reading in read_gauge_file(EAST):",
            "print(station_name(EAST))\nfor reading in read_gauge_file(EAST):",
        )
        await stage.save(path)
        await stage.pause(3)
