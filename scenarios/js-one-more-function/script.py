"""A third function is written below two like it: what stands above is right as it is."""

from stage import Stage

PATH = "src/walk.js"
END = "    total += leg.climb;\n  }\n  return total;\n}\n"
MORE = """
/** The leg that goes up most, undefined for a walk without any. */
export function steepest(legs) {
  let found;
  for (const leg of legs) {
    if (found === undefined || leg.climb > found.climb) {
      found = leg;
    }
  }
  return found;
}
"""


async def play(stage: Stage) -> None:
    await stage.open(PATH)
    async with stage.quiet():
        await stage.edit(PATH, END, END + MORE)
        await stage.save(PATH)
        await stage.pause(3)
