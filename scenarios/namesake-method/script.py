"""A method gets a parameter; another class has one of that name, with other parameters."""

from stage import Stage


async def play(stage: Stage) -> None:
    path = "lending/catalogue.py"
    await stage.open(path)
    async with stage.quiet():
        await stage.edit(
            path,
            "def find(self, number: str) -> Book | None:",
            "def find(self, number: str, *, lost: bool = False) -> Book | None:",
        )
        await stage.save(path)
        await stage.pause(3)
