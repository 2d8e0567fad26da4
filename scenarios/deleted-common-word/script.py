"""A function is deleted whose name is a word of the documents; nothing calls it."""

from stage import Stage


async def play(stage: Stage) -> None:
    path = "tides/merging.py"
    await stage.open(path)
    async with stage.quiet():
        await stage.edit(
            path,
            "def merge(first: list[Reading], second: list[Reading]) -> list[Reading]:\n"
            '    """All moments of either gauge; where both have a value, the mean of the two."""\n'
            "    levels: dict[datetime, list[float]] = {}\n"
            "    for reading in (*first, *second):\n"
            "        levels.setdefault(reading.at, []).append(reading.level)\n"
            "    return [Reading(at, sum(found) / len(found)) "
            "for at, found in sorted(levels.items())]\n\n\n",
            "",
        )
        await stage.save(path)
        await stage.pause(3)
