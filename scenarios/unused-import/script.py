"""The last use of an imported name goes, and its import with it."""

from stage import Stage


async def play(stage: Stage) -> None:
    path = "lending/desk.py"
    await stage.open(path)
    await stage.edit(path, "as_money(childs_fee(fee) if child", "as_money(0.0 if child")
    stage.expect(
        "unused-import",
        path,
        "from lending.fees import GRACE_DAYS, as_money, childs_fee, late_fee",
        "from lending.fees import GRACE_DAYS, as_money, late_fee",
    )
    await stage.save(path)
    await stage.accept()
    async with stage.quiet():
        await stage.save(path)
        await stage.pause(3)
