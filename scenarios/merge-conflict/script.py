"""A merge stops at two conflicts: one is a matter of white space, the other takes a person."""

from stage import Git, Stage

PATH = "tides/alarms.py"
PLAIN = "    name: str\n"
OURS = "    name: str  # as on the notice board\n"


def prepare(git: Git) -> None:
    """Two branches that explain the same field, and word the warning in their own ways."""
    git.change(PATH, OURS, PLAIN)
    git.change(PATH, "under water from", "water from")
    git.run("commit", "--all", "--amend", "--message", "Start")
    git.run("switch", "--create", "harbour-office")
    git.change(PATH, PLAIN, "    name: str    # as on the notice board\n")
    git.change(PATH, "water from", "flooded from")
    git.run("commit", "--all", "--message", "What the harbour office asked for")
    git.run("switch", "main")
    git.change(PATH, PLAIN, OURS)
    git.change(PATH, "water from", "under water from")
    git.run("commit", "--all", "--message", "Clearer warnings")


async def play(stage: Stage) -> None:
    await stage.open("README.md")
    stage.expect("merge-conflict", PATH, OURS.rstrip(), OURS.rstrip())
    await stage.git("merge", "harbour-office", fails=True)
    await stage.accept()
    await stage.save(PATH)
    await stage.pause(3)
