"""One call gets another value; the other calls, which pass the old one, are right as they are."""

from stage import Stage


async def play(stage: Stage) -> None:
    path = "parcels/labels.py"
    await stage.open(path)
    async with stage.quiet():
        await stage.edit(
            path,
            '    cost = shipping_cost(parcel, zone, "EUR")',
            '    cost = shipping_cost(parcel, zone, "CHF" if sender.country == "CH" else "EUR")',
        )
        await stage.save(path)
        await stage.pause(3)
