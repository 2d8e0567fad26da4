"""The reward filter: would this user want this task, now?

The paper's user agent (arXiv 2410.12361, section 3.3) judges each proposed task as the user
would. This first one is a prior per kind, measured on real histories, moved by a few named
features and by the user's own answers.
"""

from proactive_lsp.reward.judge import EAGERNESS, Eagerness, RewardSettings, judge, untimely
from proactive_lsp.reward.pace import Pace

__all__ = ["EAGERNESS", "Eagerness", "Pace", "RewardSettings", "judge", "untimely"]
