"""A line is changed that stands word for word in the sister function."""

from stage import Stage

LINE = "        window = [level for level in levels[start : start + width] if level > -9.0]"
BETTER = "        window = [level for level in levels[start : start + width] if level > DRY]"


async def play(stage: Stage) -> None:
    path = "tides/smoothing.py"
    await stage.open(path)
    await stage.edit(
        path,
        "from statistics import fmean, median\n",
        "from statistics import fmean, median\n\n# A gauge that fell dry writes this or less.\n"
        "DRY = -9.0\n",
    )
    await stage.edit(path, LINE, BETTER, first=True)
    stage.expect("line-clone", path, LINE, BETTER)
    await stage.save(path)
    await stage.accept()
    async with stage.quiet():
        await stage.save(path)
        await stage.pause(3)
