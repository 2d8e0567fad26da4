"""A check of two lines is made stricter; the same two lines stand in the sister function."""

from stage import Stage

WIDTH = "    if width < 1:"
CHECK = f"""{WIDTH}
        raise ValueError("a window needs one value at least")
"""
BETTER = """    if not 0 < width <= len(levels):
        raise ValueError(f"no window of {width} in {len(levels)} values")
"""
MEAN = '    """The mean of each window; shorter than the input by the width less one."""\n'


async def play(stage: Stage) -> None:
    path = "tides/smoothing.py"
    await stage.open(path)
    await stage.edit(path, MEAN + CHECK, MEAN + BETTER)
    stage.expect("block-clone", path, WIDTH, BETTER)
    await stage.save(path)
    await stage.accept()
    async with stage.quiet():
        await stage.save(path)
        await stage.pause(3)
