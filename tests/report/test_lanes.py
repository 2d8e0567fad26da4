"""Lanes of a session: what becomes a mark, and how a million of them stay few."""

from proactive_lsp.events import Change, Command, Edit, Save, span
from proactive_lsp.replay.lanes import MOST_MARKS, Lanes, Mark, folded
from proactive_lsp.report.swimlanes import ticks


def typed(t, path="a.py", origin=None):
    return Edit(t, path, 1, (Change(span(0, 0, 0, 0), "x"),), origin)


def lane(lanes, kind):
    return next(lane for lane in lanes.lanes() if lane.kind == kind)


def test_typing_is_one_mark_until_it_pauses():
    lanes = Lanes()
    for t in (1.0, 1.5, 2.0, 9.0):
        lanes.heard(typed(t))
    first, second = lane(lanes, "edits").marks
    assert (first.t, first.until, first.count, first.text) == (1.0, 2.0, 3, "3 edits in a.py")
    assert second.text == "1 edit in a.py"
    assert lane(lanes, "edits").total == 4


def test_what_was_carried_out_is_not_typing():
    lanes = Lanes()
    lanes.heard(typed(1.0))
    lanes.heard(typed(1.1, origin="card"))
    assert [mark.tone for mark in lane(lanes, "edits").marks] == ["", "good"]


def test_a_command_lasts_as_long_as_it_took():
    lanes = Lanes()
    lanes.heard(Command(5.0, "make", 2, seconds=3.0))
    lanes.heard(Command(1.0, "make", 0, seconds=3.0))
    early, late = lane(lanes, "runs").marks
    assert (early.t, early.until, early.tone) == (0.0, 1.0, "good")
    assert (late.t, late.until, late.tone) == (2.0, 5.0, "bad")


def test_a_quarter_of_a_million_events_are_a_density():
    lanes = Lanes()
    for number in range(250_000):
        lanes.heard(Save(number * 0.3, f"{number % 7}.py"))
    saves = lane(lanes, "saves")
    assert saves.total == sum(mark.count for mark in saves.marks) == 250_000
    assert len(saves.marks) <= 2 * MOST_MARKS
    assert saves.marks[0].t == 0.0
    assert saves.marks[-1].until == 249_999 * 0.3
    assert [mark.t for mark in saves.marks] == sorted(mark.t for mark in saves.marks)


def test_what_happens_at_one_moment_is_folded_too():
    marks = [Mark(3.0, 3.0, f"m{number}") for number in range(1_000)]
    few = list(folded(marks, 10))
    assert len(few) == 10
    assert sum(mark.count for mark in few) == 1_000
    assert few[0].text == "100 in one stretch of time, first: m0"


def test_a_fold_keeps_what_went_wrong():
    marks = [Mark(float(t), t + 1.0, "ok", "good") for t in range(9)]
    few = list(folded([*marks, Mark(9.0, 9.0, "no", "bad")], 2))
    assert [mark.tone for mark in few][-1] == "bad"


def test_ticks_are_round_and_few():
    assert [name for _, name in ticks(23.0)] == ["0:00", "0:05", "0:10", "0:15", "0:20"]
    for end in (1.0, 61.0, 5_000.0, 90_000.0, 5e6, 1e9):
        assert 1 <= len(ticks(end)) <= 12
