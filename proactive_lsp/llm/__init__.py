"""The language model as a port: one protocol, three siblings behind it, and one tree of errors.

`ollama.py` asks a real server, `scripted.py` a queue, `recorded.py` a file of earlier answers.
"""

from proactive_lsp.llm.model import (
    BadReply,
    Message,
    Model,
    ModelBudgetSpent,
    ModelError,
    ModelMissing,
    ModelRefused,
    ModelTimeout,
    ModelUnavailable,
    Reply,
    Request,
)

__all__ = [
    "BadReply",
    "Message",
    "Model",
    "ModelBudgetSpent",
    "ModelError",
    "ModelMissing",
    "ModelRefused",
    "ModelTimeout",
    "ModelUnavailable",
    "Reply",
    "Request",
]
