"""Forget what happened in a folder; what was dismissed, muted or learned stays so."""

from pathlib import Path

from proactive_lsp.memory.memory import Memory
from proactive_lsp.memory.store import SqliteStore


def forget_events(store: Path) -> tuple[int, str]:
    """Forget the events of a store; how many there were, and why nothing was, if so.

    A store that is not there is none to make. Another process that works on it keeps what it has
    in RAM, and goes on from there.
    """
    if not store.exists():
        return 0, ""
    memory = Memory(SqliteStore(store), earlier=0)
    number = memory.forget_events()
    memory.flush()
    problem = "" if memory.status == "ok" else memory.status
    memory.close()
    return number, problem


def forgotten(number: int) -> str:
    """One line for the user about so many events."""
    if not number:
        return "No event was remembered."
    return "Forgot 1 event." if number == 1 else f"Forgot {number} events."
