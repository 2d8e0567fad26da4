"""Figures against values worked out by hand, and the small fit behind them."""

import math

import pytest

from proactive_lsp.evaluation.folds import deal
from proactive_lsp.evaluation.logistic import fit
from proactive_lsp.evaluation.scores import Predicted, auc, best_threshold, ece, scores


def predicted(*rows, **more):
    return [Predicted(label, p, yes, **more) for label, p, yes in rows]


def test_figures_of_five_rows():
    found = scores(
        [
            *predicted((True, 0.9, True), (True, 0.8, True), category="CD"),
            *predicted((True, 0.3, False), category="MN"),
            *predicted((False, 0.6, True), (False, 0.1, False), category="FA"),
        ]
    )
    assert (found.n, found.accuracy) == (5, 0.6)
    assert (found.precision, found.recall, found.f1) == (0.6667, 0.6667, 0.6667)
    # Of the six pairs one is the wrong way round: .3 for a yes below .6 for a no.
    assert found.auc == 0.8333
    # Each stands in a bin of its own: .1, .2, .7, .6 and .1 away.
    assert found.ece == pytest.approx((0.1 + 0.2 + 0.7 + 0.6 + 0.1) / 5)
    assert found.categories == {"CD": 1.0, "FA": 0.5, "MN": 0.0}


def test_nothing_to_divide_by_is_none():
    empty = scores([])
    assert (empty.n, empty.accuracy, empty.f1, empty.auc, empty.ece) == (0, None, None, None, None)
    calm = scores(predicted((False, 0.1, False)))
    assert (calm.accuracy, calm.precision, calm.recall, calm.auc) == (1.0, None, None, None)


def test_ties_count_half():
    assert auc([(0.5, True), (0.5, False)]) == 0.5
    assert auc([(0.5, True), (0.5, False), (0.1, False), (0.9, True)]) == 0.875


def test_calibration_weighs_bins_by_their_size():
    pairs = [(0.25, True), (0.25, False), (0.25, False), (0.25, False), (0.95, False)]
    assert ece(pairs) == pytest.approx((4 * 0.0 + 0.95) / 5)
    assert ece([(1.0, True), (0.0, False)]) == 0.0


def test_the_threshold_with_the_best_f1():
    pairs = [(0.9, True), (0.7, False), (0.6, True), (0.4, False), (0.2, False)]
    # From .6 on there are two hits of three said: F1 .8; halfway to .4.
    assert best_threshold(pairs) == pytest.approx(0.5)
    assert best_threshold([(0.3, False)]) == 0.5
    assert best_threshold([(0.3, True), (0.3, False)]) == pytest.approx(0.15)


def test_the_mean_within_sessions_ignores_what_lies_between_them():
    rows = [
        *predicted((True, 0.2, False), (False, 0.1, False), session="low"),
        *predicted((True, 0.9, True), (False, 0.8, True), session="high"),
    ]
    found = scores(rows)
    assert (found.within, found.auc, found.ci) == (1.0, 0.75, None)


def test_an_interval_holds_the_figure_and_is_the_same_each_time():
    rows = [
        row
        for number in range(8)
        for row in predicted(
            (True, 0.1 * number, True), (False, 0.35, False), (True, 0.5, True), session=number
        )
    ]
    found = scores(rows)
    low, high = found.ci
    assert low < found.auc < high
    assert scores(rows) == found


def test_folds_keep_a_group_together_and_are_even():
    groups = [*"aaaabbbccd" * 2, "e"]
    folds = deal(groups, 3)
    assert all(
        len({f for g, f in zip(groups, folds, strict=True) if g == name}) == 1 for name in "abcde"
    )
    assert sorted(folds.count(fold) for fold in range(3)) == [6, 7, 8]
    assert deal(["x"], 5) == (0,)


def test_a_fit_of_one_switch_gives_the_log_odds_of_its_two_cells():
    rows = [[0.0]] * 4 + [[1.0]] * 4
    labels = [True, False, False, False, True, True, True, False]
    found = fit(rows, labels, ridge=1e-9)
    assert found.bias == pytest.approx(math.log(1 / 3), abs=1e-6)
    assert found.log_odds([1.0]) == pytest.approx(math.log(3), abs=1e-6)
    # The price pulls the weight towards nothing, and the mean stays what it is.
    dear = fit(rows, labels, ridge=1e6)
    assert dear.weights[0] == pytest.approx(0, abs=1e-4)
    assert dear.bias == pytest.approx(0, abs=1e-4)


def test_a_fit_finds_where_the_slope_is_level():
    rows = [[0.1, 2.0], [0.4, 1.0], [0.35, 0.0], [0.8, 1.5], [0.9, 0.2], [0.2, 0.4]]
    labels = [False, True, False, True, True, False]
    found = fit(rows, labels, ridge=1e-6)
    rest = [
        label - 1 / (1 + math.exp(-found.log_odds(row)))
        for row, label in zip(rows, labels, strict=True)
    ]
    assert sum(rest) == pytest.approx(0, abs=1e-4)


def test_a_number_that_never_varies_weighs_nothing():
    found = fit([[1.0, 0.0], [1.0, 1.0], [1.0, 1.0], [1.0, 0.0]], [True, False, True, False], 1.0)
    assert found.weights[0] == 0.0
    with pytest.raises(ValueError, match="both labels"):
        fit([[1.0]], [True], 1.0)
