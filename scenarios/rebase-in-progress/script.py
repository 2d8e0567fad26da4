"""A rebase stopped at a conflict: whatever is saved in the middle of it, nothing else speaks."""

from stage import Git, Stage


def prepare(git: Git) -> None:
    """Two branches that both changed the same line of the README."""
    git.change("README.md", "The loans desk of a village library", "The desk of a village library")
    git.run("commit", "--all", "--message", "Shorter")
    git.run("switch", "--create", "wording", "HEAD~1")
    git.change("README.md", "The loans desk of a village library", "The loans desk of our library")
    git.run("commit", "--all", "--message", "Ours")


async def play(stage: Stage) -> None:
    path = "lending/fees.py"
    await stage.open(path)
    async with stage.quiet():
        await stage.git("rebase", "main", fails=True)
        await stage.edit(path, "worth: float, grace: int)", "worth: float)")
        await stage.edit(path, "max(0, days - grace)", "max(0, days - GRACE_DAYS)")
        await stage.save(path)
        await stage.pause(3)
        await stage.save(path)
