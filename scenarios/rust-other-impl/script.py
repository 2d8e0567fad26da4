"""A line is taken out of one type's method; the other type's method of that name needs its own."""

from stage import Stage

PATH = "src/scale.rs"


async def play(stage: Stage) -> None:
    await stage.open(PATH)
    async with stage.quiet():
        await stage.edit(
            PATH,
            "        self.weights.clear();\n        self.tare = 0.0;\n",
            "        self.weights.clear();\n",
        )
        await stage.save(PATH)
        await stage.pause(3)
