"""The language model as a port: one protocol, three siblings behind it, and one tree of errors.

`ollama.py` asks a real server, `scripted.py` a queue, `recorded.py` a file of earlier answers.
"""

from proactive_lsp.llm.model import (
    BadReply,
    Heard,
    Message,
    Model,
    ModelBudgetSpent,
    ModelBusy,
    ModelError,
    ModelMissing,
    ModelPaused,
    ModelRefused,
    ModelTimeout,
    ModelUnavailable,
    Purpose,
    Reply,
    Request,
    unheard,
)

__all__ = [
    "BadReply",
    "Heard",
    "Message",
    "Model",
    "ModelBudgetSpent",
    "ModelBusy",
    "ModelError",
    "ModelMissing",
    "ModelPaused",
    "ModelRefused",
    "ModelTimeout",
    "ModelUnavailable",
    "Purpose",
    "Reply",
    "Request",
    "unheard",
]
