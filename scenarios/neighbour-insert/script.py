"""A line is written between two lines that stand next to each other in another function, too."""

from stage import Stage

HEADING = '        "heading": reader,\n'
ROWS = '        "rows": list(rows),\n'
NEW = '        "cut_after": 3,\n'
COPIES = '        "copies": 1,'


async def play(stage: Stage) -> None:
    path = "lending/receipts.py"
    await stage.open(path)
    await stage.edit(path, HEADING + ROWS, HEADING + ROWS + NEW)
    stage.expect("neighbour-insert", path, COPIES, NEW + COPIES)
    await stage.save(path)
    await stage.accept()
    async with stage.quiet():
        await stage.save(path)
        await stage.pause(3)
