"""Sums by day: drawn from events, written with them, read beside a running server."""

import sqlite3
from contextlib import closing
from datetime import date, datetime

import pytest

from proactive_lsp.events import Answer, Change, Edit, Save, SuggestionEvent, span
from proactive_lsp.memory import Memory, NoStore, SqliteStore, UnreadableError
from proactive_lsp.memory.days import LATENCIES, MOST_DAYS, Tallies, latency
from proactive_lsp.memory.reading import read_days

NOON = datetime(2026, 3, 2, 12).timestamp()
TODAY, TOMORROW = date(2026, 3, 2), date(2026, 3, 3)
HOUR = 3600.0


def edit(t, origin=None):
    return Edit(t, "a.py", 1, (Change(span(0, 0, 0, 0), "x = 1\n"),), origin)


def card(t, op="offered", id="c1", need="docstring"):
    return SuggestionEvent(t, id, op, need, "a.py", span(0, 0, 0, 1))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "memory" / "one.sqlite3"


@pytest.fixture
def remember(path):
    """A memory of the folder, as a server that started at noon has it."""
    return lambda began=NOON: Memory(SqliteStore(path, wall=lambda: began), earlier=0)


def sums(path):
    return {day.day: dict(day.sums) for day in read_days(path)}


def test_a_card_counts_once_for_each_thing_that_became_of_it():
    tallies = Tallies()
    events = [
        card(1), card(2, "shown"), card(3, "shown"), Answer(4, "c1", "ignored"),
        Answer(5, "c1", "ignored"), Answer(6, "c1", "accepted"), Answer(7, "other", "accepted"),
        card(8), Answer(9, "c1", "accepted"), edit(10), edit(11, origin="c1"), Save(12, "a.py"),
    ]  # fmt: skip
    found = [figure for event in events for figure in tallies.figures(event)]
    kinds = [figure for kind, figure in found if kind == "docstring"]
    assert kinds == ["offered", "shown", "ignored", "accepted", "offered", "accepted"]
    assert [figure for kind, figure in found if not kind] == ["edits"]


def test_sums_are_those_of_the_day_on_which_it_happened(path, remember):
    memory = remember()
    for event in (edit(1.0), card(2.0), Answer(3.0, "c1", "accepted"), edit(13 * HOUR)):
        memory.append(event)
    memory.count(14 * HOUR, "model-calls", by=3)
    memory.close()
    assert sums(path) == {
        TODAY: {("", "edits"): 1, ("docstring", "offered"): 1, ("docstring", "accepted"): 1},
        TOMORROW: {("", "edits"): 1, ("", "model-calls"): 3},
    }


def test_two_processes_add_up(path, remember):
    one, other = remember(), remember()
    for memory in (one, other, one):
        memory.count(5.0, "moments", by=2)
        memory.flush()
    one.close()
    other.close()
    assert sums(path) == {TODAY: {("", "moments"): 6}}


def test_nothing_is_counted_where_nothing_is_kept():
    memory = Memory(NoStore())
    memory.append(edit(1.0))
    memory.count(1.0, "moments")
    assert memory._pending.days == {}


def test_sums_that_wait_for_a_locked_store_are_written_later(path, remember):
    memory = remember()
    memory.flush()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        memory.count(1.0, "moments")
        memory.flush()
        assert memory.status.startswith("ram-only")
        db.execute("ROLLBACK")
    memory.flush()
    memory.close()
    assert sums(path) == {TODAY: {("", "moments"): 1}}


def test_days_from_before_there_were_sums_know_their_events(path, remember):
    """As a file of version 2 does, which no newer server has opened yet."""
    memory = remember()
    memory.append(edit(1.0))
    memory.append(card(2.0))
    memory.close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TABLE days")
        db.execute("PRAGMA user_version = 2")
    (day,) = read_days(path)
    assert dict(day.sums) == {("", "edits"): 1, ("docstring", "offered"): 1}
    assert not day.counted
    later = remember(NOON + HOUR)
    later.append(edit(1.0))
    later.close()
    (day,) = read_days(path)
    # The sums began in the midst of the day; its events know of both edits.
    assert day.of("edits") == 2
    assert day.counted


def test_sums_outlive_the_events_and_are_forgotten_after_a_year(path, remember):
    old = Memory(SqliteStore(path, wall=lambda: NOON, max_days=1.0), earlier=0)
    old.append(edit(1.0))
    old.close()
    for days, there in ((40, {TODAY}), (MOST_DAYS + 2, set())):
        now = NOON + days * 24 * HOUR
        later = Memory(SqliteStore(path, wall=lambda now=now: now, max_days=1.0), earlier=0)
        later.count(0.0, "moments")
        later.close()
        assert {day for day in sums(path) if day == TODAY} == there


def test_what_somebody_else_wrote_into_the_file_is_left_out(path, remember):
    memory = remember()
    memory.append(edit(1.0))
    memory.close()
    with closing(sqlite3.connect(path)) as db, db:
        rows = [("nonsense", "", "edits", 1), ("2026-03-02", "", "moments", "many"),
                ("2026-03-02", "", "model-calls", -5), (None, "", "edits", 2)]  # fmt: skip
        db.executemany("INSERT INTO days VALUES (?, ?, ?, ?)", rows)
        db.execute("INSERT INTO events (at, line) VALUES (1e300, ?)", (b'{"t":0,"type":"save"}',))
        db.execute("INSERT INTO events (at, line) VALUES (?, ?)", (NOON, b"\xff"))
    assert sums(path) == {TODAY: {("", "edits"): 1}}


def test_a_memory_that_cannot_be_read_says_why(path, remember):
    with pytest.raises(UnreadableError, match="no such memory"):
        read_days(path)
    remember().close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(UnreadableError, match="newer"):
        read_days(path)


def test_every_latency_has_its_class():
    assert [latency(seconds) for seconds in (0.0, 0.0011, 0.2, 5.0, 5.1)] == [
        "latency-1", "latency-2", "latency-200", f"latency-{LATENCIES[-1]}", "latency-slower",
    ]  # fmt: skip
