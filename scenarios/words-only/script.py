"""Only words for people change in a file that has tests of its own: they owe nothing."""

from stage import Stage

FEES = "lending/fees.py"


async def play(stage: Stage) -> None:
    await stage.open(FEES)
    async with stage.quiet():
        await stage.edit(FEES, "rounded down to ten cents", "rounded down to the next ten cents")
        await stage.save(FEES)
        await stage.pause(3)
