"""A command has a new option; its documentation names none of the options."""

from stage import Stage

OLD = '    parser.add_argument("--decimals", type=int, default=2, help="digits behind the point")\n'
NEW = '    parser.add_argument("--feet", action="store_true", help="print feet, not metres")\n'


async def play(stage: Stage) -> None:
    path = "tides/cli.py"
    await stage.open(path)
    async with stage.quiet():
        await stage.edit(path, OLD, f"{OLD}{NEW}")
        await stage.save(path)
        await stage.pause(3)
