"""What was learned outlives the process, is shared, carried over from version 1, and forgotten."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import astuple

from proactive_lsp.memory import Counts, Memory, NoStore, SqliteStore, tables
from proactive_lsp.memory.state import MOST_ROWS, Weighing
from proactive_lsp.memory.tables import SCHEMA_VERSION
from proactive_lsp.memory.tally import FORGOTTEN, LESSONS, MOST_WEIGHT, Tally

VERSION_1 = """
CREATE TABLE events (id INTEGER PRIMARY KEY, at REAL NOT NULL, line BLOB NOT NULL);
CREATE TABLE dismissed (id TEXT PRIMARY KEY);
CREATE TABLE mutes (kind TEXT, prefix TEXT, PRIMARY KEY (kind, prefix));
CREATE TABLE learned (
    kind TEXT, trigger TEXT, prefix TEXT,
    accepted INTEGER, dismissed INTEGER, ignored INTEGER, undone INTEGER, muted INTEGER,
    PRIMARY KEY (kind, trigger, prefix)
);
CREATE TABLE kept (key TEXT PRIMARY KEY, value BLOB NOT NULL);
INSERT INTO events (at, line) VALUES (1, '{"t":0,"type":"save","path":"a.py"}');
INSERT INTO dismissed VALUES ('one');
INSERT INTO mutes VALUES ('docstring', 'lib');
INSERT INTO learned VALUES ('clone', 'save', 'lib', 3, 1, 2, 0, 1);
INSERT INTO learned VALUES ('clone', 'commit', '', 300, 100, 0, 0, 0);
INSERT INTO learned VALUES ('docstring', 'save', '', 0, 0, 0, 2, 0);
INSERT INTO kept VALUES ('note', '7');
PRAGMA user_version = 1;
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a store may be made."""
    return tmp_path / "m.sqlite3"


def near(one: Tally, other: Tally) -> bool:
    return astuple(one) == pytest.approx(astuple(other))


def test_what_version_1_knew_is_carried_over(path):
    with closing(sqlite3.connect(path)) as db:
        db.executescript(VERSION_1)
    memory = Memory(SqliteStore(path))
    assert (memory.status, memory.messages) == ("ok", [])
    assert memory.dismissed() == {"one"}
    assert memory.muted() == {("docstring", "lib")}
    assert memory.value("note") == 7
    assert len(memory.recent()) == 1
    assert memory.counts("clone", "save", "lib") == Counts(3, 1, 2, 0, 1)
    rows = memory.weights("clone")
    assert near(rows["save", "lib"], Tally(accepted=3, dismissed=1, ignored=0.5))
    assert near(rows["commit", ""], Tally(accepted=12, dismissed=4))
    assert near(memory.weights("docstring")["save", ""], Tally(undone=3))
    memory.learn("clone", "save", "lib", "accepted")
    memory.close()
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,) == (3,)
    again = Memory(SqliteStore(path))
    assert again.weights("clone")["save", "lib"].accepted > 3
    assert again.counts("clone", "save", "lib").accepted == 4
    again.close()


def test_a_step_that_fails_leaves_version_1_as_it_was(path, monkeypatch):
    """The work goes on in RAM alone, and the next run tries again."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript(VERSION_1)

    def fails(db, kind, rows):
        raise sqlite3.OperationalError("no such thing")

    with monkeypatch.context() as patched:
        patched.setattr(tables, "write_weights", fails)
        memory = Memory(SqliteStore(path))
        assert memory.status.startswith("ram-only: ")
        memory.close()
        assert len(memory.messages) == 1
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        names = {row[0] for row in db.execute("SELECT name FROM sqlite_master")}
    assert "weights" not in names
    memory = Memory(SqliteStore(path))
    assert memory.counts("clone", "save", "lib").accepted == 3
    assert memory.weights("clone")
    memory.close()


def test_weights_survive(path):
    memory = Memory(SqliteStore(path))
    for lesson in ("accepted", "dismissed", "by_hand", "ignored", "undone", "nearby"):
        memory.learn("clone", "save", "lib", lesson)
        memory.learn("clone", "commit", "src", lesson)
    kept = dict(memory.weights("clone"))
    memory.close()
    again = Memory(SqliteStore(path))
    assert again.weights("clone") == kept
    again.close()


def test_two_processes_add_up(path):
    """What each learned counts, and each fades what the other said to the contrary."""
    one, two = Memory(SqliteStore(path)), Memory(SqliteStore(path))
    for _ in range(3):
        one.learn("clone", "save", "lib", "accepted")
        two.learn("clone", "save", "lib", "dismissed")
        two.learn("clone", "save", "src", "dismissed")
    one.flush()
    two.flush()
    one.flush()
    alone = Memory(NoStore())
    for _ in range(3):
        alone.learn("clone", "save", "lib", "accepted")
    for _ in range(3):
        alone.learn("clone", "save", "lib", "dismissed")
        alone.learn("clone", "save", "src", "dismissed")
    for memory in (one, two):
        assert memory.counts("clone", "save", "lib") == Counts(accepted=3, dismissed=3)
        for where, weights in alone.weights("clone").items():
            assert near(memory.weights("clone")[where], weights)
        memory.close()


def test_what_one_process_forgets_another_does_not_bring_back(path):
    one, two = Memory(SqliteStore(path)), Memory(SqliteStore(path))
    one.learn("clone", "save", "lib", "dismissed")
    one.learn("docstring", "save", "lib", "dismissed")
    one.flush()
    two.flush()
    assert two.forget_learned("clone") == ("clone",)
    two.learn("clone", "save", "lib", "accepted")
    two.flush()
    one.flush()
    assert one.counts("clone", "save", "lib") == Counts(accepted=1)
    assert one.weights("clone")["save", "lib"] == Tally(accepted=1.0)
    assert one.counts("docstring", "save", "lib") == Counts(dismissed=1)
    one.forget_learned()
    one.close()
    two.close()
    again = Memory(SqliteStore(path))
    assert again.learned_kinds() == ()
    again.close()


def test_numbers_somebody_wrote_there_are_read_as_nothing(path):
    memory = Memory(SqliteStore(path))
    memory.learn("clone", "save", "lib", "accepted")
    memory.close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE weights SET accepted = 'many', dismissed = -3, undone = 1e300")
        db.execute("UPDATE weights SET by_hand = NULL, ignored = 0.5")
        db.commit()
    again = Memory(SqliteStore(path))
    assert again.weights("clone")["save", "lib"] == Tally(ignored=0.5)
    again.close()


def test_so_many_places_are_told_apart_and_the_lightest_forgotten(path):
    memory = Memory(SqliteStore(path))
    for _ in range(3):
        memory.learn("clone", "save", "often", "accepted")
    for number in range(MOST_ROWS + 20):
        memory.learn("clone", "save", f"folder{number}", "accepted")
    assert len(memory.weights("clone")) == MOST_ROWS
    memory.close()
    again = Memory(SqliteStore(path))
    assert len(again.weights("clone")) == MOST_ROWS
    assert again.weights("clone")["save", "often"].accepted > 2
    again.close()


updates = st.lists(
    st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from([*LESSONS])), max_size=30
)


@given(updates, st.floats(0, MOST_WEIGHT), st.floats(0, MOST_WEIGHT))
def test_many_lessons_at_once_are_as_good_as_one_after_the_other(steps, yes, no):
    """But where a bound is met on the way, as only an undo without its yes does."""
    start = {("save", "a"): Tally(accepted=yes, dismissed=no / 2), ("save", "c"): Tally(yes, no)}
    together, rows = Weighing(), start
    for prefix, lesson in steps:
        if lesson == "undone":
            lesson = "dismissed"
        where = ("save", prefix) if prefix else None
        own, rest = LESSONS[lesson] if prefix else (FORGOTTEN, FORGOTTEN)
        together.add(where, own, rest)
        step = Weighing()
        step.add(where, own, rest)
        rows = step.of(rows)
    at_once = together.of(start)
    assert at_once.keys() == rows.keys()
    for where, weights in rows.items():
        assert near(at_once[where], weights)


def test_any_order_of_writing_keeps_the_bounds(path):
    memories = [Memory(SqliteStore(path)) for _ in range(2)]
    random_ones = random.Random(7)
    for _ in range(120):
        memory = random_ones.choice(memories)
        for _ in range(random_ones.randrange(4)):
            memory.learn("clone", "save", "lib", random_ones.choice([*LESSONS]))
        memory.flush()
        for weights in memory.weights("clone").values():
            assert all(0 <= each <= MOST_WEIGHT for each in astuple(weights))
    for memory in memories:
        memory.close()
