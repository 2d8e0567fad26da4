"""A TypeScript function gets one more parameter that may be left out: every call still fits."""

from stage import Stage

PATH = "src/plan.ts"


async def play(stage: Stage) -> None:
    await stage.open(PATH)
    async with stage.quiet():
        await stage.edit(
            PATH,
            "plan(legs: Leg[], most: number): Day[]",
            "plan(legs: Leg[], most: number, rest = 0): Day[]",
        )
        await stage.edit(PATH, "day.hours += more;", "day.hours += more + rest;")
        await stage.save(PATH)
        await stage.pause(3)
