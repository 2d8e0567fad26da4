"""An argument is added in two of three classes; the third stands beside the same others without it."""

from stage import Stage

READER = "            heading=self.reader,\n"
DAY = '            heading=f"drawer on {self.day}",\n'
ROWS = '            rows=[f"{as_money(amount):>40}" for amount in self.amounts],\n'
NEW = "            cut_after=3,\n"
WIDTH = "            characters_per_line=48,"


async def play(stage: Stage) -> None:
    path = "lending/receipts.py"
    await stage.open(path)
    await stage.edit(path, READER + ROWS, READER + ROWS + NEW)
    await stage.edit(path, DAY + ROWS, DAY + ROWS + NEW)
    stage.expect("new-name", path, WIDTH, WIDTH)
    await stage.save(path)
