"""The number of renewals is raised: a model remembers that the desk's guide has it as a word."""

from stage import Stage

LOANS, GUIDE = "lending/loans.py", "docs/desk.md"
RENEWING = "**Renewing.** A loan can be renewed twice, unless somebody waits for the book."
# Written for this story, as a model might answer: what stands in the prompt, and the answer to it.
ANSWERS = (
    (
        "three times at most",
        {
            "purpose": "Readers may keep a book for longer.",
            "help_wanted": True,
            "kind": "document",
            "task": "Say in the guide of the desk that a loan can be renewed three times",
            "path": GUIDE,
            "quoted_line": RENEWING,
            "why": "MOST_RENEWALS is 3 now, and the guide still says twice",
        },
    ),
)


async def play(stage: Stage) -> None:
    await stage.open(LOANS)
    await stage.edit(LOANS, "MOST_RENEWALS = 2", "MOST_RENEWALS = 3")
    await stage.edit(LOANS, "twice at most", "three times at most")
    stage.expect("predicted", GUIDE, RENEWING, RENEWING)
    await stage.save(LOANS)
    await stage.pause(3)
    await stage.open(GUIDE)
    # The model says the same again, of a line that is no longer there.
    async with stage.quiet():
        await stage.edit(GUIDE, "renewed twice", "renewed three times")
        await stage.save(GUIDE)
        await stage.pause(3)
