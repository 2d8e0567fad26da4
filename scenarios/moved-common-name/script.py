"""A document is moved whose name is a common word; nobody wrote its path down."""

from stage import Stage


async def play(stage: Stage) -> None:
    await stage.open("README.md")
    async with stage.quiet():
        await stage.rename("docs/format.md", "docs/gauges/format.md")
        await stage.pause(3)
        await stage.save("README.md")
        await stage.pause(3)
