"""A function of a Go package loses a parameter: calls in its file, its test and another package."""

from stage import Stage

FARES, DESK = "fares/fares.go", "desk/desk.go"


async def play(stage: Stage) -> None:
    await stage.open(FARES)
    await stage.edit(
        FARES,
        "// Price returns what a trip costs in a class, in the given currency.",
        "// Price returns what a trip costs in a class, in euros.",
    )
    await stage.edit(FARES, "trip Trip, class string, currency string)", "trip Trip, class string)")
    for path, line, after in (
        (
            FARES,
            '		price := Price(trip, "second", "EUR")',
            '		price := Price(trip, "second")',
        ),
        (
            DESK,
            '	price := fares.Price(trip, "second", "EUR")',
            '	price := fares.Price(trip, "second")',
        ),
        (
            "fares/fares_test.go",
            '		if got := Price(c.trip, c.class, "EUR"); got != c.want {',
            "		if got := Price(c.trip, c.class); got != c.want {",
        ),
    ):
        stage.expect("broken-call", path, line, after)
    await stage.save(FARES)
    await stage.accept()
    async with stage.quiet():
        await stage.save_all()
        await stage.pause(3)
