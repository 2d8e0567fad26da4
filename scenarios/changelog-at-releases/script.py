"""A method is committed in a repository whose changelog is written when there is a release."""

from stage import Git, Stage

PATH = "lending/loans.py"
# What each earlier commit changed in the source, and wrote into the changelog.
EARLIER = (
    ("days=21", "days=28", "- A book is lent for four weeks.\n"),
    ("RENEWALS = 1", "RENEWALS = 2", "- A loan can be renewed twice.\n"),
    ("is taken", "is with {self._open[number].reader}", "- The desk says who has a book.\n"),
)


def prepare(git: Git) -> None:
    """Three commits without an entry; the entries came with the release."""
    for old, new, entry in reversed(EARLIER):
        git.change(PATH, new, old)
        git.change("CHANGES.md", entry, "")
    git.run("commit", "--all", "--amend", "--message", "Start")
    for old, new, entry in EARLIER:
        git.change(PATH, old, new)
        git.run("commit", "--all", "--message", entry[2:-2])
    for _, _, entry in EARLIER:
        git.change("CHANGES.md", "\n\n## 2.1", f"\n{entry}\n## 2.1")
    git.run("commit", "--all", "--message", "Release 2.2")


async def play(stage: Stage) -> None:
    await stage.open(PATH)
    async with stage.quiet():
        await stage.edit(
            PATH,
            "    def of_reader(self, reader: str) -> list[Loan]:\n",
            "    def count(self) -> int:\n"
            '        """How many books are out."""\n'
            "        return len(self._open)\n\n"
            "    def of_reader(self, reader: str) -> list[Loan]:\n",
        )
        await stage.save(PATH)
        await stage.git("commit", "--all", "--message", "Count the books that are out")
        await stage.pause(3)
