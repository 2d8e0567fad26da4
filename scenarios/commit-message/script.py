"""What is staged has a name: the subject of the commit is drafted from it."""

from stage import Stage

PATH = "lending/loans.py"


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
    first = '"""Who has which book."""'
    stage.expect("commit-message", PATH, first, first)
    await stage.git("add", PATH)
    await stage.pause(3)
    async with stage.quiet():
        await stage.git("commit", "--message", "Add LoanLedger.count")
        await stage.pause(3)
