"""A function loses a parameter: its calls in other files are offered, and the user accepts.

What was accepted is never answered by its inverse.
"""

from stage import Stage

BEFORE = "def shipping_cost(parcel: Parcel, zone: int, currency: str) -> float:"
AFTER = "def shipping_cost(parcel: Parcel, zone: int) -> float:"


async def play(stage: Stage) -> None:
    await stage.open("parcels/pricing.py")
    await stage.edit("parcels/pricing.py", BEFORE, AFTER)
    for path, line, after in (
        (
            "parcels/labels.py",
            '    cost = shipping_cost(parcel, zone, "EUR")',
            "    cost = shipping_cost(parcel, zone)",
        ),
        (
            "parcels/report.py",
            "        pricing.shipping_cost(parcel, "
            'zone_between(home, parcel.receiver.country), "EUR")',
            "        pricing.shipping_cost(parcel, zone_between(home, parcel.receiver.country))",
        ),
        (
            "parcels/report.py",
            '        sums[zone] += pricing.shipping_cost(parcel, zone, currency="EUR")',
            "        sums[zone] += pricing.shipping_cost(parcel, zone)",
        ),
        (
            "parcels/cli.py",
            "        print(f\"zone {zone}, {shipping_cost(parcel, zone, 'EUR'):.2f} EUR\")",
            '        print(f"zone {zone}, {shipping_cost(parcel, zone):.2f} EUR")',
        ),
        (
            "tests/test_pricing.py",
            '    assert shipping_cost(box(1.2), 1, "EUR") == 5.90',
            "    assert shipping_cost(box(1.2), 1) == 5.90",
        ),
    ):
        stage.expect("broken-call", path, line, after)
    await stage.save("parcels/pricing.py")
    await stage.accept()
    async with stage.quiet():
        await stage.save_all()
        await stage.pause(4)
