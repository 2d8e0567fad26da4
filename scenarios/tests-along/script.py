"""A rule is added, and its tests are not: they changed with this file in nearly every commit."""

from stage import Git, Stage

FEES, TESTS = "lending/fees.py", "tests/test_fees.py"
HISTORY = 8


def prepare(git: Git) -> None:
    """Commits that changed both files; what they did does not matter, they end as they began."""
    for number in range(HISTORY):
        for path in (FEES, TESTS):
            text = (git.root / path).read_text(encoding="utf-8")
            now = text.removesuffix("# checked\n") if number % 2 else f"{text}# checked\n"
            (git.root / path).write_text(now, encoding="utf-8", newline="")
        git.run("commit", "--all", "--quiet", "--message", f"Check the fees, {number + 1}")


async def play(stage: Stage) -> None:
    await stage.open(FEES)
    await stage.edit(
        FEES,
        "    charged = max(0, days - grace)\n",
        "    if days < 0:\n"
        '        raise ValueError("nobody is late before the due date")\n'
        "    charged = max(0, days - grace)\n",
    )
    first = "from lending.fees import as_money, childs_fee, late_fee"
    stage.expect("tests-along", TESTS, first, first)
    await stage.save(FEES)
