"""The figures, computed by hand."""

import pytest

from proactive_lsp.evaluation.labels import Alarm, JudgedSpot
from proactive_lsp.evaluation.metrics import count, mean_metrics, metrics

RIGHT, EXACT, WRONG = JudgedSpot((1,)), JudgedSpot((2,), exact=True), JudgedSpot(())
INEXACT = JudgedSpot((2,), exact=False)


def alarm(edits, *spots):
    return Alarm("line-clone", edits, coarse=False, spots=spots)


# Four edits: a card after the first touches the second and third hunk and one place for nothing;
# a card after the second touches the third again; one after the last is wrong by nature.
BUSY = count(4, [alarm(1, RIGHT, EXACT, WRONG), alarm(2, INEXACT), alarm(4, WRONG)])
# A commit of one edit, and one of three, both in silence.
SINGLE, SILENT = count(1, []), count(3, [])


def test_figures_of_a_small_history():
    found = metrics([BUSY, SINGLE, SILENT], [0.004, 0.001, 0.002, 0.003])
    assert found.alarms == 3
    assert found.alarm_precision == pytest.approx(2 / 3, abs=1e-4)
    assert found.place_precision == pytest.approx(3 / 5)
    # Follow-ups: 3 + 0 + 2; hunks 1 and 2 were foreseen.
    assert found.recall == pytest.approx(2 / 5)
    assert found.exact_edit == pytest.approx(1 / 2)
    assert found.false_alarms_per_100_edits == pytest.approx(100 * 1 / 8)
    assert found.quiet_rate == pytest.approx(2 / 3, abs=1e-4)
    # Of the two commits with follow-ups, one was helped.
    assert found.helped == pytest.approx(1 / 2)
    # Hunk 1 came next (1), hunk 2 one later (2).
    assert found.lead == pytest.approx(1.5)
    assert (found.latency_ms.p50, found.latency_ms.p95) == (2.0, 4.0)
    low, high = found.ci["recall"]
    assert 0 <= low <= 0.4 <= high <= 2 / 3 + 1e-4


def test_intervals_are_the_same_every_time():
    assert metrics([BUSY, SINGLE, SILENT]) == metrics([BUSY, SINGLE, SILENT])


def test_where_nothing_can_be_divided_there_is_no_figure():
    found = metrics([SINGLE])
    assert (found.alarms, found.alarm_precision, found.recall, found.lead) == (0, None, None, None)
    assert found.quiet_rate == 1
    assert set(found.ci.values()) == {None}
    assert found.latency_ms.p50 is None


def test_the_mean_weighs_repositories_the_same():
    found = mean_metrics([[BUSY], [SILENT] * 10], [])
    assert found.recall == pytest.approx((2 / 3 + 0) / 2, abs=1e-4)
    assert found.alarm_precision == pytest.approx(2 / 3, abs=1e-4)
