"""The version is raised, and the changelog still calls what is in it unreleased."""

from itertools import pairwise

from stage import Git, Stage

PATH, CHANGES = "pyproject.toml", "CHANGES.md"
EARLIER = ("1.3.0", "1.3.1", "1.3.2", "1.4.0")


def prepare(git: Git) -> None:
    """Three releases, each of which gave its version to the changelog's newest section."""
    git.change(PATH, EARLIER[-1], EARLIER[0])
    for version in EARLIER[1:]:
        git.change(CHANGES, f"## {version}\n", f"## After {version}\n")
    git.run("commit", "--all", "--amend", "--message", "Start")
    for old, new in pairwise(EARLIER):
        git.change(PATH, old, new)
        git.change(CHANGES, f"## After {new}\n", f"## {new}\n")
        git.run("commit", "--all", "--message", f"Release {new}")


async def play(stage: Stage) -> None:
    await stage.open(PATH)
    await stage.edit(PATH, 'version = "1.4.0"', 'version = "1.5.0"')
    stage.expect("release", CHANGES, "## Unreleased", "## 1.5.0")
    await stage.save(PATH)
    await stage.accept(unsure=True)
    async with stage.quiet():
        await stage.save_all()
        await stage.pause(3)
