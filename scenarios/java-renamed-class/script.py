"""A Java class has another name: its constructor, its uses in two files and the README follow."""

from stage import Stage

FOLDER = "src/main/java/org/example/mill"
CLASS, LEDGER = f"{FOLDER}/DayTotals.java", f"{FOLDER}/Ledger.java"


async def play(stage: Stage) -> None:
    await stage.open(CLASS)
    await stage.edit(CLASS, "public final class DayTotals {", "public final class DailyFlow {")
    for path, line, after in (
        (
            LEDGER,
            "        days.add(DayTotals.of(readings));",
            "        days.add(DailyFlow.of(readings));",
        ),
        (LEDGER, "        for (DayTotals day : days) {", "        for (DailyFlow day : days) {"),
        (
            CLASS,
            "        return new DayTotals(sum, readings.size());",
            "        return new DailyFlow(sum, readings.size());",
        ),
    ):
        stage.expect("renamed-mention", path, line, after)
    await stage.save(CLASS)
    await stage.accept()
    async with stage.quiet():
        await stage.save_all()
        await stage.pause(3)
