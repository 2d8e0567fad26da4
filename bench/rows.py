"""What a measure comes to: one row of the table."""

from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

from msgspec import Struct


class Row(Struct, frozen=True, kw_only=True):
    """A measured value and its limit; without a limit it is only shown.

    `unit` belongs to `ours` and `baseline`, `form` says how value and limit are written. A row
    without a value could not be measured: `note` says why, and `failed` whether that is a fault.
    """

    measure: str
    unit: str = ""
    ours: float | None = None
    baseline: float | None = None
    value: float | None = None
    form: str = "{:.2f} x"
    limit: float | None = None
    at_least: bool = False
    note: str = ""
    failed: bool = False

    @property
    def ok(self) -> bool | None:
        """Whether the limit is kept; None where there is none."""
        if self.failed:
            return False
        if self.limit is None or self.value is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def cells(self) -> tuple[str, str, str, str]:
        """Ours, the baseline, the value and the limit, as a person reads them."""
        value = self.form.format(self.value) if self.value is not None else self.note
        limit = ""
        if self.limit is not None:
            limit = ("≥ " if self.at_least else "≤ ") + self.form.format(self.limit)
        return _number(self.ours, self.unit), _number(self.baseline, self.unit), value, limit

    def as_object(self) -> dict[str, Any]:
        """For `--json`."""
        fields = {name: getattr(self, name) for name in self.__struct_fields__}
        return {**fields, "ok": self.ok}


class Compared(Struct, frozen=True):
    """Medians of both sides, and the median of the ratios within each round."""

    ours: float
    bare: float
    ratio: float


def compare(
    ours: Callable[[], float],
    bare: Callable[[], float],
    *,
    rounds: int,
    between: Callable[[], None] = lambda: None,
) -> Compared:
    """Take turns, ABBA and BAAB, so that whatever else the machine does strikes both alike.

    One more round goes first and is not counted. `between` runs after every round, unmeasured.
    """
    all_ours: list[float] = []
    all_bare: list[float] = []
    ratios: list[float] = []
    for number in range(rounds + 1):
        first, second = (ours, bare) if number % 2 == 0 else (bare, ours)
        outer, inner = [first()], [second(), second()]
        outer.append(first())
        between()
        mine, theirs = (outer, inner) if number % 2 == 0 else (inner, outer)
        if number > 0:
            all_ours += mine
            all_bare += theirs
            ratios.append(sum(mine) / sum(theirs))
    return Compared(median(all_ours), median(all_bare), median(ratios))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of them does not exceed."""
    ranked = sorted(values)
    return ranked[max(0, -(-len(ranked) * int(share * 100) // 100) - 1)]


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f} {unit}".rstrip()
