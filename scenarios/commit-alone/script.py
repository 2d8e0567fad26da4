"""Woken by git alone: a script changes a signature in a file that no editor holds, and commits."""

from stage import Stage


async def play(stage: Stage) -> None:
    await stage.open("README.md")
    await stage.outside(
        "lending/fees.py",
        "def late_fee(days: int, worth: float, grace: int) -> float:",
        "def late_fee(days: int, worth: float) -> float:",
    )
    await stage.outside(
        "lending/fees.py", "charged = max(0, days - grace)", "charged = max(0, days - GRACE_DAYS)"
    )
    for path, line, after in (
        (
            "lending/desk.py",
            "        fee = late_fee(loan.days_late(today), worth, GRACE_DAYS)",
            "        fee = late_fee(loan.days_late(today), worth)",
        ),
        (
            "lending/letters.py",
            "        total += late_fee(loan.days_late(today), book.worth, grace=7)",
            "        total += late_fee(loan.days_late(today), book.worth)",
        ),
        (
            "tests/test_desk.py",
            "    assert late_fee(13, 10.0, 3) == 2.0",
            "    assert late_fee(13, 10.0) == 2.0",
        ),
    ):
        stage.expect("commit-owes", path, line, after)
    await stage.git("commit", "--all", "--message", "The days of grace are the same for everybody")
