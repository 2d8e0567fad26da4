"""What it costs to be late."""

PER_DAY = 0.20
GRACE_DAYS = 3


def late_fee(days: int, worth: float, grace: int = GRACE_DAYS) -> float:
    """Twenty cents a day after the days of grace, never more than the book is worth."""
    charged = max(0, days - grace)
    return round(min(worth, charged * PER_DAY), 2)


def childs_fee(fee: float) -> float:
    """Children pay half, rounded down to ten cents."""
    return int(fee * 5) / 10


def as_money(amount: float) -> str:
    """As it stands on the receipt."""
    return "nothing to pay" if amount == 0 else f"{amount:.2f} EUR"
