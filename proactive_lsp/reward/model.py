"""The probability that a task is wanted: a measured prior, moved by named features.

The prior of a kind is the precision measured for it on real histories (8 886 commits of 13
Python repositories: how often the developer did what the rule foresaw, in the same commit).
The weights are in log odds. Those of the moment follow a field study of proactive help (arXiv
2601.10253: 52 % engaged right after a commit, 38 % in the midst of a task); the others are
first estimates with the sign that the same histories show, until a trained model replaces them.
"""

import math
from collections.abc import Mapping

PRIORS: Mapping[str, float] = {
    "broken-call": 0.97,
    "renamed-mention": 0.97,
    "line-clone": 0.66,
    "block-clone": 0.75,
    "neighbour-insert": 0.60,
    "twin-body": 0.40,
    "shape-clone": 0.35,
    "commit-owes": 0.93,
    "repeated-edit": 0.56,
    "vanished-name": 0.11,
    "new-name": 0.11,
    "message-copy": 0.60,
    "moved-path": 0.70,
    "index-entry": 0.50,
    "deleted-mention": 0.93,
    "release": 0.70,
    "option-docs": 0.51,
    "tests-along": 0.48,
    "together": 0.51,
    "changelog": 0.50,
    "merge-conflict": 0.95,
    "commit-message": 0.60,
    "missing-import": 0.63,
    "unused-import": 0.95,
    "docstring": 0.76,
    "twin-signature": 0.62,
    "predicted": 0.50,
}
# A kind nobody measured is as likely wanted as not wanted.
UNKNOWN_PRIOR = 0.5

WEIGHTS: Mapping[str, float] = {
    "at-pause": -0.57,
    "at-commit": 0.08,
    "same-file": 0.40,
    "uncertain": -3.20,
    "no-edit": -1.20,
    "relevance": 0.20,
    "unresolved": -2.00,
    "common-word": -3.00,
    "twin-neighbours": 0.80,
    "other-class": -1.20,
    "line-length": 0.30,
    "import-line": -1.00,
    "many-places": -0.50,
}


def logit(p: float) -> float:
    """Log odds of a probability, which is kept off 0 and 1."""
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))


def sigmoid(x: float) -> float:
    """The probability with these log odds."""
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def pushes(kind: str, features: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """What the prior and each known feature add to the log odds; features at 0 add nothing."""
    prior = logit(PRIORS.get(kind, UNKNOWN_PRIOR))
    return (
        ("prior", prior),
        *(
            (name, WEIGHTS[name] * value)
            for name, value in features.items()
            if name in WEIGHTS and value
        ),
    )
