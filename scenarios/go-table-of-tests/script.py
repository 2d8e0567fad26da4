"""A row is added to a table of tests: rows alike around it owe nothing."""

from stage import Stage

PATH = "fares/fares_test.go"
ROW = '		{"with a bicycle", Trip{Miles: 5, Bicycle: true}, "second", 7.5},\n'
NEW = '		{"far with a bicycle", Trip{Miles: 50, Bicycle: true}, "second", 25.5},\n'


async def play(stage: Stage) -> None:
    await stage.open(PATH)
    async with stage.quiet():
        await stage.edit(PATH, ROW, ROW + NEW)
        await stage.save(PATH)
        await stage.pause(3)
