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
