"""A name is no longer used where it is imported, but another file imports it from there."""

from stage import Stage


async def play(stage: Stage) -> None:
    path = "tides/summary.py"
    await stage.open(path)
    async with stage.quiet():
        await stage.edit(path, "{fmean(levels):.2f} m, highest", "{middle(levels):.2f} m, highest")
        await stage.edit(
            path,
            "\n\ndef highest_of(",
            "\n\ndef middle(levels: list[float]) -> float:\n"
            '    """Half way between the lowest and the highest."""\n'
            "    return (min(levels) + max(levels)) / 2\n\n\ndef highest_of(",
        )
        await stage.save(path)
        await stage.pause(3)
