"""A parameter is renamed, and the docstring still explains it by its old name."""

from stage import Stage


async def play(stage: Stage) -> None:
    path = "parcels/pricing.py"
    await stage.open(path)
    await stage.edit(path, "zone: int, currency: str) -> float:", "zone: int, unit: str) -> float:")
    stage.expect(
        "docstring",
        path,
        '        currency: What the price is in; the tariff knows "EUR" alone.',
        '        unit: What the price is in; the tariff knows "EUR" alone.',
    )
    await stage.save(path)
    await stage.accept(unsure=True)
    async with stage.quiet():
        await stage.save(path)
        await stage.pause(3)
