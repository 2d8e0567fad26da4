"""The newest explanations, while the engine runs and afterwards."""

import logging

import pytest

from proactive_lsp.explain.log import (
    KEY,
    MOST_CARDS,
    MOST_SILENCES,
    BadKeptError,
    Counted,
    Log,
    read_kept,
)
from proactive_lsp.memory import Memory, NoStore, SqliteStore
from proactive_lsp.situation import Boundary
from tests.reward.cards import card, judged, need


def decided(log, *names, silence=None, t=1.0):
    """One boundary at which these needs were judged; those that may speak are a card."""
    needs = [need(name) for name in names]
    judgements = [judged(each, silence=silence) for each in needs]
    log.decided(judgements, None if silence else card(*needs, t=t), Boundary("save", t))


@pytest.fixture
def durable(tmp_path):
    """Makes memories over the same file."""
    made = []

    def make():
        made.append(Memory(SqliteStore(tmp_path / "m.sqlite3")))
        return made[-1]

    yield make
    for memory in made:
        memory.close()


def test_a_need_counts_once_for_each_new_reason():
    log = Log(Memory(NoStore()))
    for silence in ("snoozed", "snoozed", "too-soon", "snoozed", "snoozed"):
        decided(log, "one", silence=silence)
    assert log.kept.counts == (
        Counted("snoozed", "broken-call", 2),
        Counted("too-soon", "broken-call", 1),
    )
    assert [row.reason.partition(":")[0] for row in log.kept.silences] == [
        *("snoozed", "too-soon", "snoozed")
    ]


def test_what_is_kept_is_bounded_but_every_silence_is_counted():
    log = Log(Memory(NoStore()))
    for number in range(200):
        decided(log, f"n{number}", silence="snoozed")
        decided(log, f"c{number}")
    assert len(log.kept.cards) == MOST_CARDS
    assert len(log.kept.silences) == MOST_SILENCES
    assert log.kept.cards[-1].title == "Fix c199"
    assert log.kept.counts == (Counted("snoozed", "broken-call", 200),)


def test_an_answer_stands_with_its_card():
    log = Log(Memory(NoStore()))
    decided(log, "one")
    log.answered(need("one").id, "dismissed")
    log.answered("no such id", "accepted")
    assert [row.answer for row in log.kept.cards] == ["dismissed"]


def test_a_card_that_comes_back_is_the_last():
    log = Log(Memory(NoStore()))
    for name in ("one", "two", "one"):
        decided(log, name)
    assert [row.title for row in log.kept.cards] == ["Fix two", "Fix one"]


def test_it_outlives_the_process_without_its_times(durable):
    memory = durable()
    log = Log(memory)
    decided(log, "one", t=7.0)
    decided(log, "two", silence="snoozed")
    log.write()
    memory.flush()
    assert read_kept(durable()) == log.kept
    again = Log(durable()).kept
    assert [(row.title, row.t) for row in again.cards] == [("Fix one", None)]
    assert (again.silences, again.counts) == ((), ())


def test_nothing_new_is_not_written_again(durable, monkeypatch):
    memory = durable()
    log = Log(memory)
    written = []
    monkeypatch.setattr(memory, "set_value", lambda key, value: written.append(key))
    log.write()
    decided(log, "one", silence="snoozed")
    log.write()
    decided(log, "one", silence="snoozed")
    log.write()
    assert written == [KEY]


def test_a_memory_that_forgets_is_given_nothing():
    memory = Memory(NoStore())
    log = Log(memory)
    decided(log, "one")
    log.write()
    assert memory.value(KEY) is None


@pytest.mark.parametrize(
    "value",
    [
        [1, 2],
        "text",
        {"cards": 3},
        {"cards": [{"id": "x"}]},
        {"cards": [], "counts": [{"reason": "snoozed", "need": "x", "count": -1}]},
    ],
)
def test_another_shape_is_ignored_with_a_line(value, caplog):
    memory = Memory(NoStore())
    memory.set_value(KEY, value)
    with pytest.raises(BadKeptError, match="another shape"):
        read_kept(memory)
    with caplog.at_level(logging.WARNING):
        log = Log(memory)
    assert (log.kept.cards, len(caplog.records)) == ((), 1)
    decided(log, "one")
    assert len(log.kept.cards) == 1


def test_secrets_stay_out_and_the_rest_survives(durable):
    """Wherever a mask ends, the value is still of its shape."""
    memory = durable()
    log = Log(memory)
    decided(log, 'secret: "correcthorse99battery"', "password = 'hunter2x9Kq'")
    decided(log, "`ghp_abcdefghijklmnopqrstuvwxyz0123456789`", silence="snoozed")
    log.write()
    memory.flush()
    kept = read_kept(durable())
    assert [row.id for row in kept.cards] == [row.id for row in log.kept.cards]
    assert kept.silences[0].pushes == log.kept.silences[0].pushes
    for secret in ("correcthorse99battery", "hunter2x9Kq", "ghp_abc"):
        assert secret not in str(kept)
        assert secret in str(log.kept)
