"""Reading a memory beside its server: what is there is read, and nothing is changed."""

import sqlite3
from contextlib import closing

import pytest

from proactive_lsp.events import Save
from proactive_lsp.memory import Memory, ReadStore, SqliteStore, UnreadableError


@pytest.fixture
def path(tmp_path):
    """A store in a folder with a name that a URI would stumble over."""
    folder = tmp_path / "a b?#%41"
    folder.mkdir()
    return folder / "m.sqlite3"


def filled(path):
    """A memory with a value, an answer and a mute, all written down."""
    memory = Memory(SqliteStore(path))
    memory.append(Save(1.0, "a.py"))
    memory.set_value("note", [1])
    memory.learn("broken-call", "save", "lib", "dismissed")
    memory.mute("new-name", "lib")
    memory.flush()
    return memory


def content(path):
    """Every file of the folder with its bytes."""
    return {each.name: each.read_bytes() for each in sorted(path.parent.iterdir())}


def check(path):
    """All that was filled in is read."""
    memory = Memory(ReadStore(path), earlier=10)
    assert memory.value("note") == [1]
    assert memory.counts("broken-call", "save", "lib").dismissed == 1
    assert memory.muted() == {("new-name", "lib")}
    assert memory.recent() == ()
    memory.close()


def test_what_a_closed_server_left_is_read_and_no_file_is_made(path):
    filled(path).close()
    before = content(path)
    check(path)
    assert content(path) == before


def test_a_running_server_is_not_disturbed(path):
    """What it has written is seen, and it goes on writing."""
    memory = filled(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        check(path)
        other.execute("ROLLBACK")
    memory.set_value("note", [2])
    memory.flush()
    assert memory.status == "ok"
    assert Memory(ReadStore(path)).value("note") == [2]
    memory.close()


def test_nothing_is_ever_written(path):
    filled(path).close()
    before = content(path)
    memory = Memory(ReadStore(path))
    memory.set_value("note", [3])
    memory.append(Save(2.0, "b.py"))
    memory.flush()
    memory.close()
    assert content(path) == before


def test_what_cannot_be_read_says_why(path):
    with pytest.raises(UnreadableError, match="no such memory"):
        ReadStore(path)
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(UnreadableError, match="cannot be read"):
        ReadStore(path)
    path.unlink()
    filled(path).close()
    for version, word in ((99, "newer"), (0, "older")):
        with closing(sqlite3.connect(path)) as db:
            db.execute(f"PRAGMA user_version = {version}")
        with pytest.raises(UnreadableError, match=word):
            ReadStore(path)
