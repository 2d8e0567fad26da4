"""A setting is read no longer by three lines; one that reads it by another way is pointed at."""

from stage import Stage

PATH = "tides/board.py"
OLD, NEW = "settings.heights.warning_level", "WARNING_LEVEL"


async def play(stage: Stage) -> None:
    await stage.open(PATH)
    await stage.edit(PATH, "import settings\n", "import WARNING_LEVEL\n")
    for line in ('"red" if level >= %s', "    rest = round(%s", "if level > %s]"):
        await stage.edit(PATH, line % OLD, line % NEW)
    line = "    return heights.warning_level - 0.1"
    stage.expect("vanished-name", PATH, line, line)
    await stage.save(PATH)
