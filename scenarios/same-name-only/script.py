"""A method is edited; another class has one of the same name, which does something else."""

from stage import Stage

ROWS = "        rows += [as_money(amount) for amount in self.amounts]\n"
TOTAL = '        rows.append(f"together: {as_money(sum(self.amounts))}")\n'


async def play(stage: Stage) -> None:
    path = "lending/receipts.py"
    await stage.open(path)
    async with stage.quiet():
        await stage.edit(path, ROWS, ROWS + TOTAL)
        await stage.save(path)
        await stage.pause(3)
