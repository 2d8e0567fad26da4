"""Lines are wrapped, joined and indented as a formatter would: nothing is owed for that."""

from stage import Stage


async def play(stage: Stage) -> None:
    pricing, report = "parcels/pricing.py", "parcels/report.py"
    zone = "zone_between(home, parcel.receiver.country)"
    await stage.open(pricing)
    async with stage.quiet():
        await stage.edit(
            pricing,
            "def shipping_cost(parcel: Parcel, zone: int, currency: str) -> float:",
            "def shipping_cost(\n    parcel: Parcel,\n    zone: int,\n"
            "    currency: str,\n) -> float:",
        )
        await stage.save(pricing)
        await stage.edit(
            pricing,
            "    return max(parcel.weight, "
            "volume_weight(parcel.length, parcel.width, parcel.height))",
            "    return max(\n        parcel.weight,\n"
            "        volume_weight(parcel.length, parcel.width, parcel.height),\n    )",
        )
        await stage.save(pricing)
        await stage.open(report)
        await stage.edit(
            report,
            "    return sum(\n"
            f'        pricing.shipping_cost(parcel, {zone}, "EUR")\n'
            "        for parcel in parcels\n    )",
            "    return sum(\n        pricing.shipping_cost(\n"
            f'            parcel, {zone}, "EUR"\n'
            "        )\n        for parcel in parcels\n    )",
        )
        await stage.save(report)
        await stage.pause(3)
