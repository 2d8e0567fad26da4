"""A module is renamed in the tree of files; a test and a script import it."""

from stage import Stage


async def play(stage: Stage) -> None:
    old, new = "tides/merging.py", "tides/joining.py"
    await stage.rename(old, new)
    await stage.open(new)
    await stage.edit(new, "Make one series of two gauges", "Join the series of two gauges")
    for path, name in (("tests/test_alarms.py", "gaps"), ("scripts/harbour.py", "merge")):
        line, after = f"from tides.merging import {name}", f"from tides.joining import {name}"
        stage.expect("moved-path", path, line, after)
    await stage.save(new)
    await stage.accept()
    async with stage.quiet():
        await stage.save_all()
        await stage.pause(3)
