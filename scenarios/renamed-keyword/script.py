"""A keyword-only parameter gets another name: calls that pass it are offered the new one.

The calls that leave it out stay as they are.
"""

from stage import Stage


async def play(stage: Stage) -> None:
    path = "parcels/pricing.py"
    await stage.open(path)
    await stage.edit(path, "*, divisor: int = 5000)", "*, per_kilo: int = 5000)")
    await stage.edit(
        path, "length * width * height / divisor", "length * width * height / per_kilo"
    )
    stage.expect(
        "broken-call",
        "parcels/labels.py",
        "    air = volume_weight(parcel.length, parcel.width, parcel.height, divisor=6000)",
        "    air = volume_weight(parcel.length, parcel.width, parcel.height, per_kilo=6000)",
    )
    stage.expect(
        "broken-call",
        "tests/test_pricing.py",
        "    assert volume_weight(50, 40, 30, divisor=6000) == 10",
        "    assert volume_weight(50, 40, 30, per_kilo=6000) == 10",
    )
    await stage.save(path)
