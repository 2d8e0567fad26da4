"""A changed line of the program also stands in a test, among other lines: too unlikely to say."""

from stage import Stage


async def play(stage: Stage) -> None:
    path = "tides/alarms.py"
    await stage.open(path)
    async with stage.quiet():
        await stage.edit(
            path,
            "    readings = read_gauge_file(path, doubtful=True)",
            "    readings = read_gauge_file(path, doubtful=not strict)",
        )
        await stage.edit(
            path, "(quays: list[Quay], path: Path)", "(quays: list[Quay], path: Path, strict=False)"
        )
        await stage.save(path)
        await stage.pause(3)
