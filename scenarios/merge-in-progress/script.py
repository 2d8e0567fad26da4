"""A merge stopped at a conflict, which is shown: of a rename saved meanwhile nothing is said."""

from stage import Git, Stage


def prepare(git: Git) -> None:
    """Two branches that both changed the same line of the README; `main` has the workspace's."""
    git.change("README.md", "Reads the files of tide gauges", "Reads files of tide gauges")
    git.run("commit", "--all", "--amend", "--message", "Start")
    git.run("switch", "--create", "wording")
    git.change("README.md", "Reads files of tide gauges", "Reads what tide gauges wrote")
    git.run("commit", "--all", "--message", "Other words")
    git.run("switch", "main")
    git.change("README.md", "Reads files of tide gauges", "Reads the files of tide gauges")
    git.run("commit", "--all", "--message", "Longer")


async def play(stage: Stage) -> None:
    path = "tides/readings.py"
    await stage.open(path)
    await stage.git("merge", "wording", fails=True)
    # The conflict is shown, and nothing else from then on.
    await stage.pause(2)
    async with stage.quiet():
        await stage.edit(path, "def station_name(path", "def name_of_station(path")
        await stage.save(path)
        await stage.pause(3)
        await stage.save(path)
