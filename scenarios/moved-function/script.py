"""A function is cut out and put in again farther down; its lines stand in its sister, too."""

from pathlib import Path

from stage import Stage

SMOOTHING = "tides/smoothing.py"
TEXT = (Path(__file__).parent / "workspace" / SMOOTHING).read_text(encoding="utf-8")
MEAN = TEXT[TEXT.index("def running_mean") : TEXT.index("def running_median")]
LAST = "    return [round(after - before, 3) for before, after in zip(levels, levels[1:])]\n"


async def play(stage: Stage) -> None:
    await stage.open(SMOOTHING)
    async with stage.quiet():
        await stage.edit(SMOOTHING, MEAN, "")
        await stage.edit(SMOOTHING, LAST, f"{LAST}\n\n{MEAN.rstrip()}\n")
        await stage.save(SMOOTHING)
        await stage.pause(3)
