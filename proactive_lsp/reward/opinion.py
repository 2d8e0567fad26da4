"""What a model's yes or no is worth beside the filter's own odds, by numbers of that very model.

`opinion.json` has them for the models that were measured: `bench opinion` asks a model about places
of real histories of which the filter was unsure, and fits both numbers to what developers did.
"""

import logging
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from proactive_lsp.reward.shipped import decode

log = logging.getLogger(__name__)

SHIPPED = Path(__file__).with_name("opinion.json")
# What this version reads.
FORMAT = 1


class Opinion(Struct, frozen=True, forbid_unknown_fields=True):
    """One model: log odds are `bias`, the filter's by `odds`, and yes minus no by `said`.

    What it says is kept between `low` and `high`, as far as it was measured. `auc_filter` is how
    well the filter tells the `n` places by itself, `auc_both` with the model, on commits that the
    numbers were not fitted to. `provenance` has where the places come from.
    """

    bias: float
    odds: float
    said: float
    low: float
    high: float
    n: int
    right: float
    auc_filter: float | None
    auc_both: float | None
    provenance: Mapping[str, Any]

    def log_odds(self, filter_log_odds: float, yes_minus_no: float) -> float:
        """Of both together."""
        said = max(self.low, min(self.high, yes_minus_no))
        return self.bias + self.odds * filter_log_odds + self.said * said


class Opinions(Struct, frozen=True, forbid_unknown_fields=True):
    """The shipped file: the models by name."""

    format: int = FORMAT
    models: Mapping[str, Opinion] = {}


def combined(model_name: str, filter_log_odds: float, yes_minus_no: float) -> float | None:
    """The log odds of both together; None for a model of which nobody measured it.

    `yes_minus_no` is how much likelier yes is than no as the first word, in natural logarithms.
    """
    known = shipped().models.get(model_name.removesuffix(":latest"))
    return known.log_odds(filter_log_odds, yes_minus_no) if known is not None else None


@cache
def shipped() -> Opinions:
    """The shipped file, read once; no models, said once, when it is missing or broken."""
    try:
        return read(SHIPPED)
    except ValueError as error:
        log.warning("%s; no model is asked whether it agrees", error)
        return Opinions()


def read(file: Path) -> Opinions:
    """The models in a file; raises `ValueError` with one line that says what is wrong."""
    found = decode(file, Opinions)
    if found.format != FORMAT:
        raise ValueError(f"{file}: format {found.format}, not {FORMAT}")
    return found
