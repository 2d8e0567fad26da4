"""A Java class gets a second method of a name: whoever calls the first one still may."""

from stage import Stage

PATH = "src/main/java/org/example/mill/DayTotals.java"
HEAD = (
    "    /** Adds up the readings of one day. */\n"
    "    public static DayTotals of(List<Reading> readings) {\n"
)
MORE = (
    "    /** Adds up the readings from some minute of the day on. */\n"
    "    public static DayTotals of(List<Reading> readings, int first) {\n"
    "        return of(readings.stream().filter(each -> each.minute() >= first).toList());\n"
    "    }\n\n"
)


async def play(stage: Stage) -> None:
    await stage.open(PATH)
    async with stage.quiet():
        await stage.edit(PATH, HEAD, MORE + HEAD)
        await stage.save(PATH)
        await stage.pause(3)
