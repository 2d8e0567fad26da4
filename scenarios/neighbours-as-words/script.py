"""A module is new; the README has its neighbours as words of a sentence, not as files."""

from stage import Stage

TEXT = '''"""Where the gauges are."""

PIERS = {"west": (54.17, 7.89), "east": (54.18, 7.92)}
'''


async def play(stage: Stage) -> None:
    path = "tides/places.py"
    async with stage.quiet():
        await stage.create(path)
        await stage.edit(path, "", TEXT)
        await stage.save(path)
        await stage.pause(3)
