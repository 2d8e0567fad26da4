"""How often is too often."""

from proactive_lsp.reward import Pace
from proactive_lsp.reward.pace import HOUR, MOST_DOUBLINGS


def test_no_rest_before_the_first_dismissal():
    assert Pace().rests_until(30.0) is None


def test_the_rest_doubles_with_each_dismissal_up_to_a_bound():
    pace, rests = Pace(), []
    for _ in range(MOST_DOUBLINGS + 3):
        pace = pace.after_dismissal(100.0)
        rests.append(pace.rests_until(30.0) - 100.0)
    assert rests[:4] == [30.0, 60.0, 120.0, 240.0]
    assert max(rests) == rests[-1] == 30.0 * 2**MOST_DOUBLINGS


def test_an_acceptance_ends_the_rest():
    pace = Pace().after_dismissal(1.0).after_dismissal(2.0).after_acceptance()
    assert pace.rests_until(30.0) is None
    assert pace.after_dismissal(5.0).rests_until(30.0) == 35.0


def test_only_the_last_hour_counts_and_is_kept():
    pace = Pace()
    for t in range(0, 10 * int(HOUR), 600):
        pace = pace.after_offer(float(t))
    assert pace.shown_within_hour(float(t)) == len(pace.offered) == 6
    assert pace.shown_within_hour(t + HOUR) == 0


def test_a_clock_that_is_set_back_prolongs_nothing():
    """Rests and budgets last from now on as long as they would have."""
    pace = Pace().after_offer(5_000.0).after_dismissal(5_010.0)
    back = pace.at(100.0)
    assert back.rests_until(30.0) == 130.0
    assert back.shown_within_hour(100.0) == 1
    assert back.shown_within_hour(100.0 + HOUR) == 0
    assert back.dismissed_in_a_row == 1


def test_a_clock_that_jumped_far_ahead_and_back_costs_no_more_than_an_hour():
    pace = Pace().after_offer(10.0)
    for _ in range(12):
        pace = pace.after_offer(1e12)
    assert pace.at(20.0).shown_within_hour(20.0) == 12
    assert pace.at(20.0).shown_within_hour(20.0 + HOUR) == 0
    assert Pace().after_dismissal(1e12).at(20.0).rests_until(30.0) == 50.0


def test_time_that_goes_on_changes_nothing():
    pace = Pace().after_offer(1.0).after_dismissal(2.0)
    assert pace.at(2.0) == pace.at(1e12) == pace
    assert Pace().at(0.0) == Pace()
