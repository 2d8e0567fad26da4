"""A command has a new option; the README and a page tell of the ones beside it."""

from stage import Stage

OLD = '    parser.add_argument("--decimals", type=int, default=2, help="digits behind the point")\n'
NEW = '    parser.add_argument("--feet", action="store_true", help="print feet, not metres")\n'


async def play(stage: Stage) -> None:
    path = "tides/cli.py"
    await stage.open(path)
    await stage.edit(path, OLD, f"{OLD}{NEW}")
    for document in ("README.md", "docs/usage.md"):
        # Below the last option stands the last empty line of both.
        stage.expect("option-docs", document, "", "\n")
    await stage.save(path)
    await stage.pause(3)
