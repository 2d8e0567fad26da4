"""The board at the harbour office."""

from tides.settings import settings


def lamp(level: float) -> str:
    """The colour of the lamp."""
    return "red" if level >= settings.heights.warning_level else "green"


def sentence(station: str, level: float) -> str:
    """What stands under the lamp."""
    rest = round(settings.heights.warning_level - level, 2)
    return f"{station}: {rest} m to go"


def first_alarm(levels: list[float]) -> int | None:
    """Which value was the first to reach the limit."""
    reached = [number for number, level in enumerate(levels) if level > settings.heights.warning_level]
    return reached[0] if reached else None


def minutes(levels: list[float]) -> int:
    """How long the lamp was red, at a value every ten minutes."""
    return 10 * sum(level >= settings.heights.warning_level for level in levels)


def high_water(heights) -> float:
    """Where the crew is called, a hand below the lamp."""
    return heights.warning_level - 0.1
