"""A local variable gets a better name; what is called so in other functions is another thing."""

from stage import Stage

PATH = "tides/alarms.py"


async def play(stage: Stage) -> None:
    await stage.open(PATH)
    async with stage.quiet():
        for old, new in (
            ("    found: list[str] = []", "    lines: list[str] = []"),
            ("            found.append(", "            lines.append("),
            ("    return found", "    return lines"),
        ):
            await stage.edit(PATH, old, new)
        await stage.save(PATH)
        await stage.pause(3)
