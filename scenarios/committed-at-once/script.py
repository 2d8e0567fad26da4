"""What is committed without being staged first has its message already."""

from stage import Stage

PATH = "lending/loans.py"


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
