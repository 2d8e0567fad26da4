"""What is printed: for the reader, and for the drawer at the end of the day."""

from datetime import date

from lending.fees import as_money


class Receipt:
    """A slip for one reader."""

    def __init__(self, reader: str, today: date) -> None:
        self.reader = reader
        self.today = today
        self.amounts: list[float] = []

    def add(self, amount: float) -> None:
        """One more fee, nothing for nothing."""
        if amount:
            self.amounts.append(amount)

    def text(self) -> str:
        """The slip in plain text."""
        rows = [f"{self.today:%d.%m.%Y}", self.reader]
        rows += [as_money(amount) for amount in self.amounts]
        return "\n".join(rows)


class Drawer:
    """The sums of one day."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.sums: dict[str, float] = {}

    def add(self, reader: str, amount: float) -> None:
        """What a reader paid."""
        self.sums[reader] = self.sums.get(reader, 0.0) + amount

    def text(self) -> str:
        """One row per reader, the largest sum first."""
        rows = [f"{self.today:%d.%m.%Y}"]
        for reader, amount in sorted(self.sums.items(), key=lambda each: -each[1]):
            rows.append(f"{reader:<20} {as_money(amount)}")
        return "\n".join(rows)
