"""A part of an expression gets a name, which stands as a word in the text beside it."""

from stage import Stage

SIDES = "        sides = sorted((self.length, self.width, self.height))\n"


async def play(stage: Stage) -> None:
    path = "parcels/models.py"
    await stage.open(path)
    async with stage.quiet():
        await stage.edit(
            path,
            SIDES + "        return sides[2] + 2 * (sides[0] + sides[1])\n",
            SIDES + "        around = 2 * (sides[0] + sides[1])\n"
            "        return sides[2] + around\n",
        )
        await stage.save(path)
        await stage.pause(3)
