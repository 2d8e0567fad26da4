"""A class is used that two other modules import, and this one does not."""

from stage import Stage


async def play(stage: Stage) -> None:
    path = "tides/alarms.py"
    await stage.open(path)
    await stage.edit(
        path,
        "margin: float = 0.1) -> list[Reading]:",
        "margin: float = 0.1, since: datetime | None = None) -> list[Reading]:",
    )
    stage.expect(
        "missing-import",
        path,
        "from pathlib import Path",
        "from datetime import datetime\nfrom pathlib import Path",
    )
    await stage.save(path)
    await stage.accept()
    async with stage.quiet():
        await stage.save(path)
        await stage.pause(3)
