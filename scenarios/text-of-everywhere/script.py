"""A country code goes from one of many lists; the others are about other countries."""

from stage import Stage


async def play(stage: Stage) -> None:
    path = "parcels/zones.py"
    await stage.open(path)
    async with stage.quiet():
        await stage.edit(path, '"DE": ("25846", "25999"), "ES"', '"ES"')
        await stage.save(path)
        await stage.pause(3)
