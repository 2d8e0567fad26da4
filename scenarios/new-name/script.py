"""An argument is added beside others that stand together in another class without the new one."""

from stage import Stage

HEADING = "            heading=self.reader,\n"
ROWS = '            rows=[f"{as_money(amount):>40}" for amount in self.amounts],\n'
NEW = "            cut_after=3,\n"
WIDTH = "            characters_per_line=48,"


async def play(stage: Stage) -> None:
    path = "lending/receipts.py"
    await stage.open(path)
    await stage.edit(path, HEADING + ROWS, HEADING + ROWS + NEW)
    stage.expect("new-name", path, WIDTH, WIDTH)
    await stage.save(path)
