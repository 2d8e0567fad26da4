"""A function is deleted, and another module still imports and calls it."""

from stage import Stage


async def play(stage: Stage) -> None:
    path = "lending/fees.py"
    await stage.open(path)
    await stage.edit(
        path,
        "def childs_fee(fee: float) -> float:\n"
        '    """Children pay half, rounded down to ten cents."""\n'
        "    return int(fee * 5) / 10\n\n\n",
        "",
    )
    stage.expect(
        "deleted-mention",
        "lending/desk.py",
        "from lending.fees import GRACE_DAYS, as_money, childs_fee, late_fee",
        "from lending.fees import GRACE_DAYS, as_money, late_fee",
    )
    await stage.save(path)
    await stage.accept()
    async with stage.quiet():
        await stage.save_all()
        await stage.pause(3)
