"""The reward filter: would this user want this task, now?

The paper's user agent (arXiv 2410.12361, section 3.3) judges each proposed task as the user
would. Here boosted trees do, trained on what developers did next in real histories, and the user's
own answers move what they say.
"""

from proactive_lsp.reward.judge import EAGERNESS, Eagerness, RewardSettings, judge, untimely
from proactive_lsp.reward.model import problem as weights_problem
from proactive_lsp.reward.pace import Pace

__all__ = [
    "EAGERNESS",
    "Eagerness",
    "Pace",
    "RewardSettings",
    "judge",
    "untimely",
    "weights_problem",
]
