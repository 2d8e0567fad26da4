"""Two files changed together once or twice, among many commits of each: that is no habit."""

from stage import Git, Stage

PRICING, TARIFF = "parcels/pricing.py", "docs/tariff.md"


def prepare(git: Git) -> None:
    """Six commits of the program alone, two of the document alone, two of both."""
    begin = {path: (git.root / path).read_text(encoding="utf-8") for path in (PRICING, TARIFF)}
    for number, paths in enumerate(
        [(PRICING, TARIFF)] * 2 + [(PRICING,)] * 6 + [(TARIFF,)] * 2, start=1
    ):
        for path in paths:
            _write(git, path, f"{begin[path]}<!-- {number} -->\n")
        git.run("commit", "--all", "--quiet", "--message", f"Step {number}")
    for path, text in begin.items():
        _write(git, path, text)
        git.run("commit", "--all", "--quiet", "--message", f"{path} as it was")


def _write(git: Git, path: str, text: str) -> None:
    (git.root / path).write_text(text, encoding="utf-8", newline="")


async def play(stage: Stage) -> None:
    await stage.open(PRICING)
    async with stage.quiet():
        await stage.edit(PRICING, "SMALLEST_INSURANCE = 1.50", "SMALLEST_INSURANCE = 1.80")
        await stage.save(PRICING)
        await stage.pause(3)
