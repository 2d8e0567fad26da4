"""The figures, computed by hand."""

import pytest

from proactive_lsp.evaluation.labels import Alarm, JudgedSpot
from proactive_lsp.evaluation.metrics import count, count_after, mean_metrics, metrics


def spot(*hunks, **known):
    return JudgedSpot("line-clone", False, hunks, **known)


RIGHT, EXACT, WRONG = spot(1), spot(2, exact=True), spot()
INEXACT = spot(2, exact=False)


def alarm(edits, *spots):
    return Alarm("line-clone", edits, spots)


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
    found = mean_metrics([[[BUSY]], [[SILENT] * 10]])
    assert found.recall == pytest.approx((2 / 3 + 0) / 2, abs=1e-4)
    assert found.alarm_precision == pytest.approx(2 / 3, abs=1e-4)


DONE, NOT_DONE = spot(later=True), spot(later=False)
RIGHT_ANYWAY = spot(1, later=True)


def test_within_10_counts_what_was_done_later():
    found = metrics(
        [count(4, [alarm(1, RIGHT_ANYWAY, NOT_DONE), alarm(2, DONE), alarm(3, NOT_DONE)])]
    )
    assert found.alarm_precision == pytest.approx(1 / 3, abs=1e-4)
    assert found.within_10.alarm_precision == pytest.approx(2 / 3, abs=1e-4)
    assert found.within_10.place_precision == pytest.approx(2 / 4)
    assert {"within_10_alarm_precision", "within_10_place_precision"} <= found.ci.keys()


def test_within_10_leaves_out_what_nothing_follows():
    """Commits at the head cannot say what was done later."""
    alone = metrics([BUSY])
    assert (alone.within_10.alarm_precision, alone.within_10.place_precision) == (None, None)
    both = metrics([BUSY, count(2, [alarm(1, DONE)])])
    assert both.within_10.alarm_precision == 1
    assert both.alarms == 4


def test_cards_after_the_commit_are_judged_by_what_comes_later_alone():
    found = metrics([count_after(4, [alarm(4, DONE, NOT_DONE)]), count_after(2, [alarm(2, WRONG)])])
    assert (found.alarms, found.alarm_precision, found.place_precision) == (1, 1, 0.5)
    assert found.within_10.alarm_precision == found.alarm_precision
    assert found.false_alarms_per_100_edits == 0
    assert (found.recall, found.quiet_rate, found.helped, found.lead) == (None, None, None, None)


def test_seeds_of_one_repository_are_drawn_together():
    """Twice the same run tells no more than once."""
    run = [BUSY, SINGLE, SILENT] * 5
    once, twice, apart = (mean_metrics(runs) for runs in ([[run]], [[run, run]], [[run], [run]]))
    assert (twice.recall, twice.ci) == (once.recall, once.ci)
    widths = [high - low for low, high in (each.ci["recall"] for each in (once, apart))]
    assert widths[1] < widths[0]
