"""A class is renamed: annotations, calls, imports and the README follow."""

from stage import Stage


async def play(stage: Stage) -> None:
    path = "lending/loans.py"
    await stage.open(path)
    await stage.edit(path, "class LoanLedger:", "class LoanBook:")
    for place, line, after in (
        (
            "lending/desk.py",
            "from lending.loans import LoanLedger, NotPossible",
            "from lending.loans import LoanBook, NotPossible",
        ),
        (
            "lending/desk.py",
            "    def __init__(self, catalogue: Catalogue, ledger: LoanLedger) -> None:",
            "    def __init__(self, catalogue: Catalogue, ledger: LoanBook) -> None:",
        ),
        (
            "tests/test_desk.py",
            "    return Desk(Catalogue([MOTHS]), LoanLedger())",
            "    return Desk(Catalogue([MOTHS]), LoanBook())",
        ),
        ("README.md", "    >>> ledger = LoanLedger()", "    >>> ledger = LoanBook()"),
    ):
        stage.expect("renamed-mention", place, line, after)
    await stage.save(path)
