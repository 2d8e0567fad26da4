"""Two prices in a table of rows alike are changed; the other rows keep theirs."""

from stage import Stage

PRICING, TARIFF = "parcels/pricing.py", "docs/tariff.md"


async def play(stage: Stage) -> None:
    await stage.open(PRICING)
    await stage.open(TARIFF)
    async with stage.quiet():
        await stage.edit(PRICING, "(5.0, (7.10, 11.60, 19.80)),", "(5.0, (7.40, 11.90, 19.80)),")
        await stage.edit(TARIFF, "| 5 kg | 7.10 | 11.60 |", "| 5 kg | 7.40 | 11.90 |")
        await stage.save(PRICING)
        await stage.save(TARIFF)
        await stage.pause(3)
