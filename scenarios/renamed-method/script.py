"""A method is renamed while the user pauses to think: offered in the pause, before any save."""

from stage import Stage


async def play(stage: Stage) -> None:
    path = "lending/loans.py"
    await stage.open(path)
    await stage.edit(path, "def check_in(self, number: str)", "def bring_back(self, number: str)")
    stage.expect(
        "renamed-mention",
        "lending/desk.py",
        "        loan = self.ledger.check_in(number)",
        "        loan = self.ledger.bring_back(number)",
    )
    stage.expect(
        "renamed-mention",
        "tests/test_loans.py",
        '    assert ledger.check_in("B-17").reader == "ida"',
        '    assert ledger.bring_back("B-17").reader == "ida"',
    )
    await stage.pause(3)
