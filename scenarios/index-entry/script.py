"""A page of the documentation is new, and the list of pages does not have it."""

from stage import Stage


async def play(stage: Stage) -> None:
    path = "docs/repairs.md"
    await stage.create(path)
    await stage.edit(path, "", "# Repairs\n\nThe harbour office has a ladder.\n")
    stage.expect("index-entry", "mkdocs.yml", "  - storms.md", "  - repairs.md\n  - storms.md")
    await stage.save(path)
    await stage.accept(unsure=True)
    async with stage.quiet():
        await stage.save_all()
        await stage.pause(3)
