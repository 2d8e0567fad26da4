"""How far people agree beyond what chance would make of their habits.

Cohen's kappa for two (Cohen 1960, "A coefficient of agreement for nominal scales"), Fleiss' for
more (Fleiss 1971, "Measuring nominal scale agreement among many raters"). 1 is full agreement, 0
what chance would give, below that is less.
"""

from collections import Counter
from collections.abc import Sequence


def cohen_kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Of two raters, who gave these categories to the same things, one pair a thing.

    None where there is no pair, or where both used one and the same category for everything: then
    chance agrees as much as they do.

    >>> cohen_kappa([("yes", "yes"), ("no", "no"), ("yes", "no"), ("no", "yes")])
    0.0
    """
    if not pairs:
        return None
    total = len(pairs)
    agreed = sum(one == other for one, other in pairs)
    first = Counter(one for one, _ in pairs)
    second = Counter(other for _, other in pairs)
    # In whole numbers, so that "one category alone" is told exactly.
    by_chance = sum(first[category] * second[category] for category in first)
    if by_chance == total * total:
        return None
    return (agreed * total - by_chance) / (total * total - by_chance)


def fleiss_kappa(rows: Sequence[Sequence[str]]) -> float | None:
    """Of several raters; each row has what one thing was given, by equally many of them.

    None where there is no row, fewer than two raters, or one category for everything. Raises
    `ValueError` for rows of different lengths.
    """
    if not rows or len(rows[0]) < 2:
        return None
    raters, things = len(rows[0]), len(rows)
    if any(len(row) != raters for row in rows):
        raise ValueError("every thing needs the same number of raters")
    counts = [Counter(row) for row in rows]
    pairs = sum(number * (number - 1) for count in counts for number in count.values())
    agreed = pairs / (things * raters * (raters - 1))
    totals = Counter(category for row in rows for category in row)
    if len(totals) == 1:
        return None
    # In the order of names, so that the sum is the same whoever came first.
    by_chance = sum((totals[each] / (things * raters)) ** 2 for each in sorted(totals))
    return (agreed - by_chance) / (1 - by_chance)
