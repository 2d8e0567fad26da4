"""What happened and what was learned: bounded in RAM, durable on disk, always redacted."""

from proactive_lsp.memory.forgetting import forget_events, forgotten
from proactive_lsp.memory.memory import Memory, MemorySettings, Remembered
from proactive_lsp.memory.reading import ReadStore, UnreadableError
from proactive_lsp.memory.state import Where
from proactive_lsp.memory.store import NoStore, SqliteStore, Store, store_path
from proactive_lsp.memory.tally import AnswerOp, Counts, Lesson, Tally

__all__ = [
    "AnswerOp",
    "Counts",
    "Lesson",
    "Memory",
    "MemorySettings",
    "NoStore",
    "ReadStore",
    "Remembered",
    "SqliteStore",
    "Store",
    "Tally",
    "UnreadableError",
    "Where",
    "forget_events",
    "forgotten",
    "store_path",
]
