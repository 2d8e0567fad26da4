"""A slip of the pen is mended, and a sentence beside it put better: nothing else is owed."""

from stage import Stage

PATH = "docs/looms.md"


async def play(stage: Stage) -> None:
    await stage.open(PATH)
    async with stage.quiet():
        await stage.edit(PATH, "when that happend.", "when that happened.")
        await stage.edit(PATH, "since these have the widest reed.", "whose reeds are the widest.")
        await stage.save(PATH)
        await stage.pause(3)
