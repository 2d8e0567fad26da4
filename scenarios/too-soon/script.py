"""Right after a dismissal nothing else is offered, though it would be at another time."""

from stage import Stage


async def play(stage: Stage) -> None:
    pricing, zones = "parcels/pricing.py", "parcels/zones.py"
    await stage.open(pricing)
    await stage.edit(pricing, "*, divisor: int = 5000)", "*, per_kilo: int = 5000)")
    await stage.edit(pricing, "height / divisor", "height / per_kilo")
    stage.expect(
        "broken-call",
        "parcels/labels.py",
        "    air = volume_weight(parcel.length, parcel.width, parcel.height, divisor=6000)",
        "    air = volume_weight(parcel.length, parcel.width, parcel.height, per_kilo=6000)",
    )
    await stage.save(pricing)
    await stage.dismiss()
    async with stage.quiet():
        await stage.open(zones)
        await stage.edit(
            zones,
            "def is_island(postcode: str, country: str)",
            "def needs_ferry(postcode: str, country: str)",
        )
        await stage.save(zones)
        await stage.pause(3)
