"""A method gets another signature, and the method that overrides it has the old one."""

from stage import Stage

LINE = "    def readings(self, day: date, doubtful: bool) -> Iterator[Reading]:"
BETTER = "    def readings(self, day: date, doubtful: bool = False) -> Iterator[Reading]:"


async def play(stage: Stage) -> None:
    path = "tides/stations.py"
    await stage.open(path)
    await stage.edit(path, LINE, BETTER, first=True)
    stage.expect("twin-signature", path, LINE, BETTER)
    await stage.save(path)
    await stage.accept()
    async with stage.quiet():
        await stage.save(path)
        await stage.pause(3)
