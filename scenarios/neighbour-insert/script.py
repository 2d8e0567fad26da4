"""A line is written in two functions between the same two lines, which a third one has, too."""

from stage import Stage

READER = '        "heading": reader,\n'
DAY = '        "heading": f"drawer on {day}",\n'
ROWS = '        "rows": list(rows),\n'
NEW = '        "cut_after": 3,\n'
COPIES = '        "copies": 1,'


async def play(stage: Stage) -> None:
    path = "lending/receipts.py"
    await stage.open(path)
    await stage.edit(path, READER + ROWS, READER + ROWS + NEW)
    await stage.edit(path, DAY + ROWS, DAY + ROWS + NEW)
    stage.expect("neighbour-insert", path, COPIES, NEW + COPIES)
    await stage.save(path)
    await stage.accept()
    async with stage.quiet():
        await stage.save(path)
        await stage.pause(3)
