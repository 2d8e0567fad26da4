"""An argument is added in two of three classes; the third has the same others and lacks it."""

from stage import Git, Stage

PATH = "lending/receipts.py"
READER = "            heading=self.reader,\n"
DAY = '            heading=f"drawer on {self.day}",\n'
ROWS = '            rows=[f"{as_money(amount):>40}" for amount in self.amounts],\n'
NEW = "            cut_after=3,\n"
WIDTH = "            characters_per_line=48,"

# The size of the letters on a receipt, commit by commit.
SIZES = (7, 8, 10, 9)


def prepare(git: Git) -> None:
    """Four commits that changed the receipt, in the file where all three classes are."""
    git.change(PATH, "font_size=9,", "font_size=6,")
    git.run("commit", "--all", "--amend", "--message", "Start")
    before = 6
    for size in SIZES:
        git.change(PATH, f"font_size={before},", f"font_size={size},")
        git.run("commit", "--all", "--message", f"Print in {size} points")
        before = size


async def play(stage: Stage) -> None:
    path = PATH
    await stage.open(path)
    await stage.edit(path, READER + ROWS, READER + ROWS + NEW)
    await stage.edit(path, DAY + ROWS, DAY + ROWS + NEW)
    stage.expect("new-name", path, WIDTH, NEW + WIDTH)
    await stage.save(path)
