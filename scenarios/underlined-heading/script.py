"""Seven equals signs below a word are a heading, and an arrow is no side of a merge."""

from stage import Stage

NOTES = """\
Batteries
=======

They last two winters. The display shows what is left:

>>>>>>> full
>>>     change it
"""


async def play(stage: Stage) -> None:
    path = "docs/repairs.md"
    await stage.open(path)
    async with stage.quiet():
        await stage.edit(path, "the harbour office.\n", f"the harbour office.\n\n{NOTES}")
        await stage.save(path)
        await stage.pause(3)
