"""What a model's yes or no is worth beside the filter's own odds, by numbers of that very model.

`opinion.json` has them for the models that were measured.
"""


def combined(model_name: str, filter_log_odds: float, yes_minus_no: float) -> float | None:
    """The log odds of both together; None for a model of which nobody measured it."""
    return None
