"""An attribute is no longer set in the constructor; the line that uses it is pointed at."""

from stage import Stage


async def play(stage: Stage) -> None:
    path = "tides/watch.py"
    await stage.open(path)
    await stage.edit(path, "limit: float, silence: int)", "limit: float)")
    await stage.edit(path, "        self.silence = silence\n", "")
    await stage.edit(path, "{self.limit}, {self.silence})", "{self.limit})")
    line = "        rise = reading.level - self.seen[-self.silence].level"
    stage.expect("vanished-name", path, line, line)
    await stage.save(path)
