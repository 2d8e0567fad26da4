"""A module is renamed in the tree of files; a test and a script import it; nothing is saved."""

from stage import Stage


async def play(stage: Stage) -> None:
    await stage.open("tests/test_alarms.py")
    for path, name in (("tests/test_alarms.py", "gaps"), ("scripts/harbour.py", "merge")):
        line, after = f"from tides.merging import {name}", f"from tides.joining import {name}"
        stage.expect("moved-path", path, line, after)
    await stage.rename("tides/merging.py", "tides/joining.py")
    await stage.pause(3)
    await stage.accept()
    async with stage.quiet():
        await stage.save_all()
        await stage.pause(3)
