"""A function is edited whose twin has the same body around another name."""

from stage import Stage

LINE = "        line = port.receive(timeout=5.0)"
BETTER = "        line = port.receive(patience=2.5)"
TWIN = "        line = mast.receive(timeout=5.0)"
BETTER_TWIN = "        line = mast.receive(patience=2.5)"


async def play(stage: Stage) -> None:
    path = "tides/sources.py"
    await stage.open(path)
    await stage.edit(path, LINE, BETTER)
    stage.expect("twin-body", path, TWIN, BETTER_TWIN)
    await stage.save(path)
    await stage.accept()
    async with stage.quiet():
        await stage.save(path)
        await stage.pause(3)
