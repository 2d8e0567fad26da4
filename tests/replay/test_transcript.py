"""The JSON of a replay."""

import json

from proactive_lsp.events import Answer, span
from proactive_lsp.replay.metrics import Counts, metrics
from proactive_lsp.replay.transcript import (
    SessionRow,
    Transcriber,
    Transcript,
    encode,
    latencies,
    totals,
)


def test_the_json_has_the_keys_of_the_contract_in_order(made):
    """A card with its edit, rounded."""
    transcriber = Transcriber()
    outcome = made.offers(1.23456)
    plan = made.plan(outcome.offered, (span(0, 0, 0, 1), "y"))
    transcriber.decided(outcome, plan)
    transcriber.answered(Answer(2, outcome.offered.id, "accepted"))
    transcriber.answered(Answer(2, "unknown", "accepted"))
    row = SessionRow("s", 3, tuple(transcriber.rows), metrics(Counts()))
    content = encode(Transcript((row,), totals((row,), [Counts()], None)))
    assert content.endswith(b"}\n")
    read = json.loads(content)
    (session,) = read["sessions"]
    assert list(session) == ["name", "events", "suggestions", "metrics", "learned"]
    (card,) = session["suggestions"]
    assert list(card) == [
        *("id", "need", "title", "path", "range", "t", "p", "offered", "reason", "answer", "edit"),
        *("threshold", "trigger", "learned", "pushes", "facts", "places", "more_places", "tasks"),
    ]
    assert (card["t"], card["p"], card["offered"], card["reason"]) == (1.235, 0.75, True, None)
    assert card["answer"] == "accepted"
    edge = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 1}}
    assert card["range"] == edge
    assert card["edit"] == [{"path": "a.py", "edits": [{"range": edge, "newText": "y"}]}]
    assert list(session["metrics"]) == [
        *("precision", "recall", "f1", "false_alarm", "quiet_rate", "suggestions_per_100_edits")
    ]
    assert list(read["totals"]) == ["sessions", "events", "offered", "silent", "metrics"]


def test_a_silent_candidate_shows_once_per_change_of_state(made):
    """Seconds in a reason's text are no change."""
    transcriber = Transcriber()
    for outcome in (
        made.silences(1),
        made.silences(2, text="0.1 less"),
        made.silences(3, silence="too-soon"),
        made.offers(4),
        made.silences(4.5, silence="duplicate"),
        made.silences(5, silence="too-soon"),
        made.silences(6, silence="too-soon"),
    ):
        transcriber.decided(outcome, None)
    assert [(row.t, row.offered, row.reason) for row in transcriber.rows] == [
        (1, False, "below-threshold: too unlikely"),
        (3, False, "too-soon: too unlikely"),
        (4, True, None),
        (5, False, "too-soon: too unlikely"),
    ]
    assert transcriber.rows[0].p == 0.1235


def test_a_card_that_only_points_has_no_edit(made):
    """Null, not an empty list."""
    transcriber = Transcriber()
    outcome = made.offers(1)
    transcriber.decided(outcome, made.plan(outcome.offered))
    assert transcriber.rows[0].edit is None


def test_latencies_are_nearest_ranks():
    """And nothing without a boundary."""
    assert latencies([]).p50 is None
    hundred = latencies([number / 100 for number in range(100, 0, -1)])
    assert (hundred.boundaries, hundred.p50, hundred.p95) == (100, 0.5, 0.95)
    assert latencies([0.25]).p95 == 0.25
