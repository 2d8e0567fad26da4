"""The same text is replaced in three lines; the one that is left is listed."""

from stage import Stage

PATH = "tides/board.py"
OLD, NEW = "settings.heights.warning_level", "WARNING_LEVEL"


async def play(stage: Stage) -> None:
    await stage.open(PATH)
    await stage.edit(PATH, "import settings\n", "import WARNING_LEVEL\n")
    for line in ('"red" if level >= %s', "    rest = round(%s", "if level > %s]"):
        await stage.edit(PATH, line % OLD, line % NEW)
    line = "    return 10 * sum(level >= %s for level in levels)"
    stage.expect("repeated-edit", PATH, line % OLD, line % NEW)
    await stage.save(PATH)
    await stage.accept()
    async with stage.quiet():
        await stage.save(PATH)
        await stage.pause(3)
