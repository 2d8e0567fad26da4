"""A function of a TypeScript module has another name: imports and calls in three modules follow."""

from stage import Stage

LEGS, PLAN, CHECK = "src/legs.ts", "src/plan.ts", "src/check.ts"


async def play(stage: Stage) -> None:
    await stage.open(LEGS)
    await stage.edit(
        LEGS, "export function duration(leg: Leg)", "export function walkingHours(leg: Leg)"
    )
    for path, line, after in (
        (
            PLAN,
            'import { duration, type Leg } from "./legs.js";',
            'import { walkingHours, type Leg } from "./legs.js";',
        ),
        (PLAN, "    const more = duration(leg);", "    const more = walkingHours(leg);"),
        (CHECK, "  if (duration(leg) > 12) {", "  if (walkingHours(leg) > 12) {"),
    ):
        stage.expect("renamed-mention", path, line, after)
    await stage.save(LEGS)
    await stage.accept()
    async with stage.quiet():
        await stage.save_all()
        await stage.pause(3)
