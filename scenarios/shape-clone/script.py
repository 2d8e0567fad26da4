"""One of three lines alike is changed by hand; the others follow with their own names."""

from stage import Stage

PATH = "parcels/orders.py"


def line(call: str, name: str) -> str:
    return f'        {name} = {call}(row["{name}"])'


async def play(stage: Stage) -> None:
    await stage.open(PATH)
    await stage.edit(PATH, line("locale.atof", "length"), line("decimal", "length"))
    for name in ("height", "weight"):
        stage.expect("shape-clone", PATH, line("locale.atof", name), line("decimal", name))
    await stage.save(PATH)
    await stage.accept()
    await stage.edit(PATH, "import locale\n", "")
    async with stage.quiet():
        await stage.save(PATH)
        await stage.pause(3)
