"""A country goes from one table; its code stands in others, which are about other things."""

from stage import Stage


async def play(stage: Stage) -> None:
    path = "parcels/zones.py"
    await stage.open(path)
    async with stage.quiet():
        await stage.edit(path, '"DE": ("25846", "25999"), "ES"', '"ES"')
        await stage.save(path)
        await stage.pause(3)
