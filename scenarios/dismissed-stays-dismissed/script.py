"""A dismissed card never comes back, however often the file is saved, long after the rest."""

from stage import Stage


async def play(stage: Stage) -> None:
    path = "parcels/pricing.py"
    await stage.open(path)
    await stage.edit(
        path,
        "def shipping_cost(parcel: Parcel, zone: int, currency: str)",
        "def shipping_cost(parcel: Parcel, zone: int)",
    )
    stage.expect(
        "broken-call",
        "parcels/labels.py",
        '    cost = shipping_cost(parcel, zone, "EUR")',
        "    cost = shipping_cost(parcel, zone)",
    )
    await stage.save(path)
    await stage.dismiss()
    async with stage.quiet():
        await stage.save(path)
        await stage.pause(20)
        await stage.edit(path, "SIGNATURE = 2.10", "SIGNATURE = 2.30")
        await stage.save(path)
        await stage.pause(20)
        await stage.edit(
            path, '"""The price in euros, surcharges included', '"""The price, surcharges included'
        )
        await stage.save(path)
        await stage.pause(3)
