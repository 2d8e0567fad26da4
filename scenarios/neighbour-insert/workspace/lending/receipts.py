"""What is printed: for the reader, and for the drawer at the end of the day."""

from lending.fees import as_money


def receipt(reader: str, amounts: list[float]) -> dict[str, object]:
    """A slip for one reader, as the printer takes it."""
    rows = map(as_money, amounts)
    return {
        "heading": reader,
        "rows": list(rows),
        "copies": 1,
        "font_size": 9,
    }


def drawer(day: str, amounts: list[float]) -> dict[str, object]:
    """The sums of one day, as the printer takes them."""
    rows = map(as_money, amounts)
    return {
        "heading": f"drawer on {day}",
        "rows": list(rows),
        "copies": 1,
        "font_size": 12,
    }


def reminder(reader: str, amounts: list[float]) -> dict[str, object]:
    """What a reader owes, for the letter, as the printer takes it."""
    rows = map(as_money, amounts)
    return {
        "heading": f"reminder for {reader}",
        "rows": list(rows),
        "copies": 1,
        "font_size": 11,
    }
