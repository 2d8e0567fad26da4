"""What cannot be evaluated."""


class EvaluationError(ValueError):
    """One line that says what is wrong and what to do."""
