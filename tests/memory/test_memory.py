"""Memory in RAM: numbers, bounds, and what answers leave behind."""

from pathlib import Path

import pytest

from proactive_lsp.events import Answer, Change, Command, Edit, Open, Save
from proactive_lsp.memory import Counts, Memory, NoStore, SqliteStore


@pytest.fixture
def memory() -> Memory:
    """A memory that leaves no trace."""
    return Memory(NoStore())


def test_numbers_rise_and_find_their_event(memory: Memory) -> None:
    """`recent` ends with the newest, `get` gives each back."""
    numbers = [memory.append(Save(t, f"{t}.py")) for t in range(5)]
    assert numbers == [1, 2, 3, 4, 5]
    assert [item.seq for item in memory.recent(2)] == [4, 5]
    third = memory.get(3)
    assert third is not None
    assert third.event == Save(2, "2.py")
    assert memory.get(0) is None
    assert memory.get(6) is None
    assert memory.recent(0) == ()


def test_forgets_the_oldest_beyond_the_capacity() -> None:
    """By number of events."""
    memory = Memory(NoStore(), capacity=3)
    for t in range(10):
        memory.append(Save(t, "a.py"))
    assert [item.seq for item in memory.recent()] == [8, 9, 10]
    assert memory.get(7) is None
    assert memory.get(8) is not None


def test_forgets_the_oldest_beyond_the_bytes() -> None:
    """By size; an event larger than everything allowed is not kept at all."""
    memory = Memory(NoStore(), max_bytes=1_000)
    for t in range(50):
        memory.append(Open(t, "a.py", 1, "python", "word " * 20))
    assert memory.size <= 1_000
    assert 0 < len(memory.recent()) < 10
    memory.append(Open(50, "a.py", 1, "python", "word " * 1_000))
    assert memory.recent() == ()
    assert memory.get(51) is None
    assert memory.append(Save(51, "a.py")) == 52


def test_what_waits_for_the_store_is_bounded_too(tmp_path: Path) -> None:
    """It is written early rather than lost."""
    memory = Memory(SqliteStore(tmp_path / "m.sqlite3"), capacity=10, max_bytes=2_000)
    for t in range(500):
        memory.append(Save(t, "a.py"))
    memory.close()
    again = Memory(SqliteStore(tmp_path / "m.sqlite3"), capacity=1_000, earlier=1_000)
    assert len(again.recent(1_000)) == 500
    assert memory.messages == []
    again.close()


def test_redacts_before_it_remembers(memory: Memory) -> None:
    """In RAM already, so that no prompt sees it."""
    memory.append(Command(0, "export TOKEN=" + "hun" + "ter2", 0))
    memory.append(Edit(0, "a.py", 1, (Change(None, 'password = "' + "hun" + 'ter2"'),)))
    assert "hunter2" not in repr(memory.recent())


def test_dismissed_stays_dismissed(tmp_path: Path) -> None:
    """Also in the next run; other answers do not dismiss."""
    store = tmp_path / "m.sqlite3"
    memory = Memory(SqliteStore(store))
    memory.append(Answer(0, "one", "dismissed"))
    memory.append(Answer(0, "two", "ignored"))
    assert memory.dismissed() == {"one"}
    memory.close()
    again = Memory(SqliteStore(store))
    assert again.dismissed() == {"one"}
    again.close()


def test_mutes_values_and_counts_survive(tmp_path: Path) -> None:
    """Everything but the ring is read back as it was."""
    store = tmp_path / "m.sqlite3"
    memory = Memory(SqliteStore(store))
    memory.mute("clone")
    memory.mute("missing-test", "src/old")
    memory.unmute("clone")
    memory.set_value("snoozed", {"until": 30.5})
    memory.set_value("gone", 1)
    memory.set_value("gone", None)
    memory.learn("clone", "save", "src", "accepted")
    memory.learn("clone", "save", "src", "accepted")
    memory.learn("clone", "save", "src", "ignored")
    memory.close()
    again = Memory(SqliteStore(store))
    assert again.muted() == {("missing-test", "src/old")}
    assert again.value("snoozed") == {"until": 30.5}
    assert again.value("gone") is None
    assert again.value("never") is None
    assert again.counts("clone", "save", "src") == Counts(accepted=2, ignored=1)
    again.close()


def test_counts_are_kept_apart_by_kind_trigger_and_prefix(memory: Memory) -> None:
    """Nothing learned is zeros."""
    memory.learn("clone", "save", "src", "dismissed")
    assert memory.counts("clone", "save", "src") == Counts(dismissed=1)
    for key in (("rename", "save", "src"), ("clone", "commit", "src"), ("clone", "save", "")):
        assert memory.counts(*key) == Counts()


def test_no_store_is_fine(memory: Memory) -> None:
    """A replay flushes and closes like a server."""
    memory.append(Save(0, "a.py"))
    memory.flush()
    memory.close()
    assert memory.status == "ok"
    assert memory.messages == []
