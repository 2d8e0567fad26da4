"""The user accepts a suggestion and then undoes it: it is not offered a second time."""

from stage import Stage


async def play(stage: Stage) -> None:
    path = "lending/fees.py"
    await stage.open(path)
    await stage.edit(path, "worth: float, grace: int)", "worth: float)")
    await stage.edit(path, "max(0, days - grace)", "max(0, days - GRACE_DAYS)")
    stage.expect(
        "broken-call",
        "lending/desk.py",
        "        fee = late_fee(loan.days_late(today), worth, GRACE_DAYS)",
        "        fee = late_fee(loan.days_late(today), worth)",
    )
    await stage.save(path)
    await stage.accept()
    await stage.undo()
    async with stage.quiet():
        await stage.save_all()
        await stage.pause(4)
        await stage.edit(path, "PER_DAY = 0.20", "PER_DAY = 0.25")
        await stage.save(path)
        await stage.pause(40)
        await stage.save(path)
