"""What this user's answers add to the log odds, per kind, boundary and folder.

The answers are counted in the memory. Their share of yes is shrunk towards the shipped
probability with the weight of `PRIOR_ANSWERS` answers, so that one answer moves little.
"""

from posixpath import dirname

from proactive_lsp.memory import AnswerOp, Counts, Memory
from proactive_lsp.reward.model import logit
from proactive_lsp.suggestions import Suggestion

PRIOR_ANSWERS = 6.0
# An ignored card says less than a dismissed one; an undone one says more than a no.
IGNORED_WEIGHT = 0.25
UNDONE_WEIGHT = 1.5
# However many answers there are, they never outweigh this many log odds either way.
MOST_SHIFT = 4.0


def prefix_of(path: str) -> str:
    """The folder that answers are counted by; the workspace itself is the empty one."""
    return dirname(path)


def learn(memory: Memory, suggestion: Suggestion, op: AnswerOp) -> None:
    """Count an answer for each kind of task on the card."""
    for kind in sorted({task.need.kind for task in suggestion.tasks}):
        memory.learn(kind, suggestion.trigger, prefix_of(suggestion.path), op)


def shift(counts: Counts, p: float) -> float:
    """How far the answers move the log odds away from those of `p`; 0 without answers."""
    yes = float(counts.accepted)
    no = counts.dismissed + IGNORED_WEIGHT * counts.ignored + UNDONE_WEIGHT * counts.undone
    if not yes and not no:
        return 0.0
    share = (yes + PRIOR_ANSWERS * p) / (yes + no + PRIOR_ANSWERS)
    return max(-MOST_SHIFT, min(MOST_SHIFT, logit(share) - logit(p)))
