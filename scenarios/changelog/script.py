"""A method is committed, and the changelog, which each commit before told, has no entry of it."""

from stage import Git, Stage

PATH = "lending/loans.py"
# What each earlier commit changed in the source, and wrote into the changelog.
EARLIER = (
    ("days=21", "days=28", "- A book is lent for four weeks.\n"),
    ("RENEWALS = 1", "RENEWALS = 2", "- A loan can be renewed twice.\n"),
    ("is taken", "is with {self._open[number].reader}", "- The desk says who has a book.\n"),
)


def prepare(git: Git) -> None:
    """Three commits, each with its entry."""
    for old, new, entry in reversed(EARLIER):
        git.change(PATH, new, old)
        git.change("CHANGES.md", entry, "")
    git.run("commit", "--all", "--amend", "--message", "Start")
    for old, new, entry in EARLIER:
        git.change(PATH, old, new)
        git.change("CHANGES.md", "\n\n## 2.1", f"\n{entry}\n## 2.1")
        git.run("commit", "--all", "--message", entry[2:-2])


async def play(stage: Stage) -> None:
    await stage.open(PATH)
    await stage.edit(
        PATH,
        "    def of_reader(self, reader: str) -> list[Loan]:\n",
        "    def count(self) -> int:\n"
        '        """How many books are out."""\n'
        "        return len(self._open)\n\n"
        "    def of_reader(self, reader: str) -> list[Loan]:\n",
    )
    await stage.save(PATH)
    # The last empty line is the one below the entries.
    stage.expect("changelog", "CHANGES.md", "", "- Add `count`.\n\n")
    await stage.git("commit", "--all", "--message", "Count the books that are out")
    await stage.accept(unsure=True)
    async with stage.quiet():
        await stage.save_all()
        await stage.pause(3)
