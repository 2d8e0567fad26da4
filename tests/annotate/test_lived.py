"""What there is to judge: the very cards of a replay, those of the recording, and their code."""

import pytest

from proactive_lsp.annotate import lived
from proactive_lsp.annotate.evidence_parts import clock_time
from proactive_lsp.annotate.lived import Card, Happened, Silence, live_through
from proactive_lsp.replay.run import ReplayOptions, replay_one
from proactive_lsp.replay.session import SessionError
from proactive_lsp.replaying import assemble
from tests.annotate.conftest import SCENARIOS


def session(name):
    return SCENARIOS / name / "session.jsonl"


@pytest.mark.shipped_weights
@pytest.mark.parametrize("name", ["commit-message", "foreseen-by-model", "too-soon"])
def test_cards_and_silences_are_those_of_a_replay(name):
    found = live_through(session(name))
    told = replay_one(session(name), ReplayOptions(), assemble, lambda entry: None).row.suggestions
    cards = [(card.key, card.t, card.title) for card in found.cards if card.why is not None]
    assert cards == [(f"{row.id}.1", row.t, row.title) for row in told if row.offered]
    silences = [(row.t, row.why.id) for row in found.rows if isinstance(row, Silence)]
    assert silences == [(row.t, row.id) for row in told if not row.offered]


def test_rows_are_in_the_order_of_time_and_tell_what_happened():
    rows = live_through(session("demo")).rows
    assert [row.t for row in rows] == sorted(row.t for row in rows)
    assert {type(row) for row in rows} == {Card, Happened, Silence}
    assert any(row.text.startswith("committed ") for row in rows if isinstance(row, Happened))


@pytest.mark.shipped_weights
def test_an_edit_is_shown_with_the_lines_around_it():
    card = live_through(session("dismissed-stays-dismissed")).cards[0]
    (first, *_) = card.changed
    signs = "".join(line.sign for line in first.lines)
    assert "-+" in signs
    assert signs.startswith("…    ")
    went = next(line for line in first.lines if line.sign == "-")
    came = next(line for line in first.lines if line.sign == "+")
    assert went.text.replace(", 'EUR'", "") == came.text
    assert went.number == came.number
    assert card.answer == "dismissed"
    assert card.recorded


@pytest.mark.shipped_weights
def test_a_card_without_an_edit_is_shown_with_its_code():
    cards = live_through(session("changelog")).cards
    pointing = next(card for card in cards if not card.changed)
    shown = pointing.excerpts[0]
    marked = [line.number for line in shown.lines if line.marked]
    assert marked == [pointing.range.start.line + 1]


def test_what_is_left_out_of_an_endless_session_is_counted(monkeypatch):
    monkeypatch.setattr(lived, "MOST_HAPPENED", 3)
    monkeypatch.setattr(lived, "MOST_SILENCES", 2)
    found = live_through(session("demo"))
    assert sum(isinstance(row, Happened) for row in found.rows) == 3
    assert "more events" in found.left_out
    assert "more silences" in found.left_out


def test_a_session_that_is_too_large_says_so(monkeypatch):
    monkeypatch.setattr(lived, "MOST_BYTES", 10)
    with pytest.raises(SessionError, match="sessions trim"):
        live_through(session("demo"))


def test_a_session_over_git_asks_for_its_repository(tmp_path):
    file = tmp_path / "git.jsonl"
    workspace = f'{{"kind":"git","commit":"{"a" * 40}","repository":"shop"}}'
    file.write_text(f'{{"proactive_session":[1,0],"name":"n","workspace":{workspace}}}\n')
    with pytest.raises(SessionError, match="--repo DIR"):
        live_through(file)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "0:00.0"), (59.96, "0:59.9"), (60.0, "1:00.0"), (3600.0, "1:00:00.0")],
)
def test_times_never_show_sixty_seconds(seconds, text):
    assert clock_time(seconds) == text
