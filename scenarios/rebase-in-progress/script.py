"""A rebase stopped at a conflict: whatever is saved in the middle of it is not spoken of."""

from stage import Git, Stage


def prepare(git: Git) -> None:
    """Two branches that both changed the same line of the README; `main` has the workspace's."""
    git.change("README.md", "The loans desk of a village library", "The desk of a village library")
    git.run("commit", "--all", "--amend", "--message", "Start")
    git.run("switch", "--create", "wording")
    git.change("README.md", "The desk of a village library", "The loans desk of our library")
    git.run("commit", "--all", "--message", "Other words")
    git.run("switch", "main")
    git.change("README.md", "The desk of a village library", "The loans desk of a village library")
    git.run("commit", "--all", "--message", "Longer")


async def play(stage: Stage) -> None:
    path = "lending/fees.py"
    await stage.open(path)
    await stage.git("rebase", "wording", fails=True)
    # The conflict is shown, and nothing else from then on.
    await stage.pause(2)
    async with stage.quiet():
        await stage.edit(path, "worth: float, grace: int)", "worth: float)")
        await stage.edit(path, "max(0, days - grace)", "max(0, days - GRACE_DAYS)")
        await stage.save(path)
        await stage.pause(3)
        await stage.save(path)
