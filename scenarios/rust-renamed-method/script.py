"""A method of a Rust struct has another name: what calls it in two modules and a test follows."""

from stage import Stage

HIVE, REPORT, TESTS = "src/hive.rs", "src/report.rs", "tests/diary.rs"


async def play(stage: Stage) -> None:
    await stage.open(HIVE)
    await stage.edit(HIVE, "pub fn frames_now(&self)", "pub fn occupied_frames(&self)")
    for path, line, after in (
        (
            HIVE,
            "            _ => self.frames_now() > 0,",
            "            _ => self.occupied_frames() > 0,",
        ),
        (
            REPORT,
            "    let frames = hive.frames_now();",
            "    let frames = hive.occupied_frames();",
        ),
        (
            TESTS,
            "    assert_eq!(report::sample().frames_now(), 6);",
            "    assert_eq!(report::sample().occupied_frames(), 6);",
        ),
    ):
        stage.expect("renamed-mention", path, line, after)
    await stage.save(HIVE)
    await stage.accept()
    async with stage.quiet():
        await stage.save_all()
        await stage.pause(3)
