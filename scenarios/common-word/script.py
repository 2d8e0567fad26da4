"""A function with a common word as its name is renamed: the same word in prose is left alone."""

from stage import Stage


async def play(stage: Stage) -> None:
    path = "tides/merging.py"
    await stage.open(path)
    async with stage.quiet():
        await stage.edit(path, "def merge(first:", "def side_by_side(first:")
        await stage.save(path)
        await stage.pause(3)
        await stage.git("commit", "--all", "--message", "Say what is merged")
