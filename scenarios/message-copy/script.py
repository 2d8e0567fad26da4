"""The text of an error is changed; a test, as always with this file, has it word for word."""

from stage import Git, Stage

PATH, TEST = "parcels/zones.py", "tests/test_zones.py"
# What each earlier commit changed in the source and in the test.
EARLIER = (
    ("return 4\n", "return 3\n", '"PT") == 4', '"PT") == 3'),
    ("return 5\n", "return 2\n", '"DE") == 5', '"DE") == 2'),
    ("stay in the union", "outside of the union", "stay in the union", "outside of the union"),
)


def prepare(git: Git) -> None:
    """Three commits that changed the file and its test."""
    for old, new, asserted, better in reversed(EARLIER):
        git.change(PATH, new, old)
        git.change(TEST, better, asserted)
    git.run("commit", "--all", "--amend", "--message", "Start")
    for old, new, asserted, better in EARLIER:
        git.change(PATH, old, new)
        git.change(TEST, asserted, better)
        git.run("commit", "--all", "--message", "As the carrier's letter has it")


async def play(stage: Stage) -> None:
    await stage.open(PATH)
    await stage.edit(
        PATH,
        "the carrier does not deliver outside of the union",
        "this carrier delivers within the union only",
    )
    stage.expect(
        "message-copy",
        TEST,
        '    assert str(caught.value) == "the carrier does not deliver outside of the union"',
        '    assert str(caught.value) == "this carrier delivers within the union only"',
    )
    await stage.save(PATH)
    await stage.accept()
    async with stage.quiet():
        await stage.save_all()
        await stage.pause(3)
