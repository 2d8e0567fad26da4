"""What is printed: for the reader, and for the drawer at the end of the day."""

from lending.fees import as_money


class Receipt:
    """A slip for one reader."""

    def __init__(self, reader: str, amounts: list[float]) -> None:
        self.reader = reader
        self.amounts = amounts

    def page(self) -> dict[str, object]:
        """As the printer takes it."""
        return dict(
            heading=self.reader,
            rows=[f"{as_money(amount):>40}" for amount in self.amounts],
            characters_per_line=48,
            font_size=9,
            line_height=11,
        )


class Drawer:
    """The sums of one day."""

    def __init__(self, day: str, amounts: list[float]) -> None:
        self.day = day
        self.amounts = amounts

    def page(self) -> dict[str, object]:
        """As the printer takes it."""
        return dict(
            heading=f"drawer on {self.day}",
            rows=[f"{as_money(amount):>40}" for amount in self.amounts],
            characters_per_line=48,
            font_size=12,
            line_height=15,
        )


class Reminder:
    """What a reader owes, for the letter."""

    def __init__(self, reader: str, amounts: list[float]) -> None:
        self.reader = reader
        self.amounts = amounts

    def page(self) -> dict[str, object]:
        """As the printer takes it."""
        return dict(
            heading=f"reminder for {self.reader}",
            rows=[f"{as_money(amount):>40}" for amount in self.amounts],
            characters_per_line=48,
            font_size=11,
            line_height=13,
        )
