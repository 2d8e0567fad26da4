"""A merge stopped at a conflict: of a rename saved in the middle of it nothing is said."""

from stage import Git, Stage


def prepare(git: Git) -> None:
    """Two branches that both changed the same line of the README."""
    git.run("switch", "--create", "wording")
    git.change("README.md", "Reads the files of tide gauges", "Reads what tide gauges wrote")
    git.run("commit", "--all", "--message", "What they wrote")
    git.run("switch", "main")
    git.change("README.md", "Reads the files of tide gauges", "Reads files of tide gauges")
    git.run("commit", "--all", "--message", "Shorter")


async def play(stage: Stage) -> None:
    path = "tides/readings.py"
    await stage.open(path)
    async with stage.quiet():
        await stage.git("merge", "wording", fails=True)
        await stage.edit(path, "def station_name(path", "def name_of_station(path")
        await stage.save(path)
        await stage.pause(3)
        await stage.save(path)
