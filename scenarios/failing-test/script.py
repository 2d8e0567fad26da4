"""A slip turns a difference around and a test fails: a model that writes could mend the line.

Without a model nothing is said, as whoever ran the test has seen it fail.
"""

from stage import Stage

FEES = "lending/fees.py"
SLIP = "    charged = max(0, grace - days)"
# The model foresees nothing here; that it is there to write is what the card needs.
ANSWERS = ()


async def play(stage: Stage) -> None:
    await stage.open(FEES)
    await stage.edit(FEES, "max(0, days - grace)", "max(0, grace - days)")
    await stage.save(FEES)
    await stage.pause(2)
    stage.expect("failing-test", FEES, SLIP, SLIP)
    await stage.run_tests()
    await stage.pause(4)
    async with stage.quiet():
        await stage.edit(FEES, "max(0, grace - days)", "max(0, days - grace)")
        await stage.save(FEES)
        await stage.run_tests()
        await stage.pause(2)
