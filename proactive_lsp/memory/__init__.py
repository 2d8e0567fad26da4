"""What happened and what was learned: bounded in RAM, durable on disk, always redacted."""

from proactive_lsp.memory.memory import Counts, Memory, MemorySettings, Remembered
from proactive_lsp.memory.reading import ReadStore, UnreadableError
from proactive_lsp.memory.store import AnswerOp, NoStore, SqliteStore, Store, store_path

__all__ = [
    "AnswerOp",
    "Counts",
    "Memory",
    "MemorySettings",
    "NoStore",
    "ReadStore",
    "Remembered",
    "SqliteStore",
    "Store",
    "UnreadableError",
    "store_path",
]
