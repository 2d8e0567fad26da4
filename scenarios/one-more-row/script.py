"""An entry is added to a table whose entries end and begin alike, so no other spot owes it."""

from stage import Stage

LOCK_HOUSE = '        "name": "Lock House",\n'
NEW = '        "name": "Fish Market",\n        "stands": "old harbour",\n'
END = '        "every_minutes": 10,\n    },\n    {\n'


async def play(stage: Stage) -> None:
    path = "tides/stations.py"
    await stage.open(path)
    async with stage.quiet():
        await stage.edit(path, LOCK_HOUSE, NEW + END + LOCK_HOUSE)
        await stage.save(path)
        await stage.pause(3)
