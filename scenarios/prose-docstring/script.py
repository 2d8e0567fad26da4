"""The docstring has the new parameter's neighbours as words of a sentence, and no list of them."""

from stage import Stage


async def play(stage: Stage) -> None:
    path = "parcels/zones.py"
    await stage.open(path)
    async with stage.quiet():
        await stage.edit(
            path,
            "def is_island(postcode: str, country: str) -> bool:",
            "def is_island(postcode: str, country: str, *, bridges: bool = False) -> bool:",
        )
        await stage.edit(
            path,
            "    return first <= postcode <= last",
            "    return first <= postcode <= last and not bridges",
        )
        await stage.save(path)
        await stage.pause(3)
