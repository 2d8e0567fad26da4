"""A definition is written with pauses and saves in the middle: code that does not parse is left
alone, and in the end every call still fits.
"""

from stage import Stage


async def play(stage: Stage) -> None:
    path = "parcels/pricing.py"
    await stage.open(path)
    async with stage.quiet():
        await stage.edit(
            path, "zone: int, currency: str)", "zone: int, currency: str, rounded: bool ="
        )
        await stage.pause(3)
        await stage.save(path)
        await stage.edit(path, "rounded: bool = -> float", "rounded: bool = True) -> float")
        await stage.edit(
            path,
            "    return round(cost + insurance_fee(parcel.insured_value), 2)",
            "    cost += insurance_fee(parcel.insured_value)\n    return round(cost, 2) if rounded",
        )
        await stage.save(path)
        await stage.pause(4)
        await stage.edit(path, "2) if rounded", "2) if rounded else cost")
        await stage.save(path)
        await stage.edit(path, "\n\ndef shipping_cost", "\n\ndef heavy(\n\n\ndef shipping_cost")
        await stage.save(path)
        await stage.pause(3)
