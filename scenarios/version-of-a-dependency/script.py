"""A dependency is raised; its old number is also the firmware of a gauge."""

from stage import Stage


async def play(stage: Stage) -> None:
    path = "pyproject.toml"
    await stage.open(path)
    async with stage.quiet():
        await stage.edit(path, "tzdata>=2024.1", "tzdata>=2025.2")
        await stage.save(path)
        await stage.pause(3)
