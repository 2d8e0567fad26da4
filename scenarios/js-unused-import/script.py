"""Signs are in metres now: the last use of an imported function goes, and its name with it."""

from stage import Stage

PATH = "src/legs.js"


async def play(stage: Stage) -> None:
    await stage.open(PATH)
    await stage.edit(
        PATH,
        "  const climb = Math.round(toFeet(leg.climb));\n",
        "  const climb = Math.round(leg.climb);\n",
    )
    await stage.edit(PATH, "km, ${climb} ft up`;", "km, ${climb} m up`;")
    stage.expect(
        "unused-import",
        PATH,
        'import { toFeet, toMetres } from "./units.js";',
        'import { toMetres } from "./units.js";',
    )
    await stage.save(PATH)
    await stage.accept()
    await stage.save(PATH)
    await stage.pause(3)
