"""A price is changed: in the commits before, the document of the tariff changed along with it."""

from stage import Git, Stage

PRICING, TARIFF = "parcels/pricing.py", "docs/tariff.md"
# The price of an express parcel, which came, changed and went.
PRICES = ("6.10", "6.40", "6.70", "6.90", "7.20", "7.50", "7.90", "8.20")


def prepare(git: Git) -> None:
    """Eight changes of a price, each in the program and in the document."""
    begin = {path: (git.root / path).read_text(encoding="utf-8") for path in (PRICING, TARIFF)}
    for price in PRICES:
        now = {
            PRICING: f"{begin[PRICING]}EXPRESS = {price}\n",
            TARIFF: f"{begin[TARIFF]}\nExpress costs {price}.\n",
        }
        _commit(git, now, f"Express costs {price}")
    _commit(git, begin, "No express any more")


def _commit(git: Git, texts: dict[str, str], message: str) -> None:
    for path, text in texts.items():
        (git.root / path).write_text(text, encoding="utf-8", newline="")
    git.run("commit", "--all", "--quiet", "--message", message)


async def play(stage: Stage) -> None:
    await stage.open(PRICING)
    await stage.edit(PRICING, "SATURDAY = 4.00", "SATURDAY = 4.50")
    title = "# The tariff"
    stage.expect("together", TARIFF, title, title)
    await stage.save(PRICING)
    await stage.open(TARIFF)
    async with stage.quiet():
        await stage.edit(TARIFF, "4.00 for a Saturday", "4.50 for a Saturday")
        await stage.save(TARIFF)
        await stage.pause(3)
