"""The language model as a port: one protocol, three siblings behind it, and one tree of errors.

`ollama.py` asks a real server, `scripted.py` a queue, `recorded.py` a file of earlier answers;
`guarded.py` spares the one behind it. For a real server: `address` and `reach` (where), `facts`,
`choosing` and `residence` (what it has, which to take, with how much context), `wire`, `transport`
and `faults` (the requests), `breaker`, `budget` and `status` (when not to ask, and how it is).
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
    PromptTooLong,
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
    "PromptTooLong",
    "Purpose",
    "Reply",
    "Request",
    "unheard",
]
