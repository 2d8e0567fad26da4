"""Tell before anything is measured, which may take an hour, whether the results can be written."""

from pathlib import Path

from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.replay.target import unwritable


def check_targets(*files: Path | None) -> None:
    """Refuse a file that cannot be written; None and - are nothing to refuse."""
    for file in files:
        problem = unwritable(file) if file is not None and str(file) != "-" else None
        if problem is not None:
            raise EvaluationError(f"{file}: {problem}")
