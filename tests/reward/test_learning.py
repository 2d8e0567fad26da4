"""What answers teach."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proactive_lsp.memory import Counts, Memory, NoStore
from proactive_lsp.reward.learning import MOST_SHIFT, PRIOR_ANSWERS, learn, prefix_of, shift
from proactive_lsp.reward.model import logit, sigmoid
from tests.reward.cards import card, need

counts = st.builds(Counts, *[st.integers(0, 10_000)] * 5)
chances = st.floats(0.001, 0.999)


def test_no_answers_move_nothing():
    assert shift(Counts(), 0.7) == shift(Counts(muted=3), 0.7) == 0.0


def test_yes_moves_up_and_no_moves_down():
    assert shift(Counts(accepted=1), 0.7) > 0 > shift(Counts(dismissed=1), 0.7)


def test_an_undo_says_more_than_a_no_and_an_ignored_card_less():
    undone, dismissed, ignored = (
        shift(Counts(**{op: 1}), 0.7) for op in ("undone", "dismissed", "ignored")
    )
    assert undone < dismissed < ignored < 0


@pytest.mark.parametrize("op", ["accepted", "dismissed", "ignored"])
@pytest.mark.parametrize("p", [0.05, 0.5, 0.97])
def test_one_answer_moves_a_probability_by_a_seventh_at_most(op, p):
    moved = sigmoid(logit(p) + shift(Counts(**{op: 1}), p))
    assert abs(moved - p) <= 1 / (PRIOR_ANSWERS + 1)


@given(counts, chances)
def test_however_many_answers_the_shift_is_bounded(counts, p):
    assert -MOST_SHIFT <= shift(counts, p) <= MOST_SHIFT


@given(counts, chances)
def test_one_more_yes_never_moves_down(counts, p):
    assert shift(counts.plus("accepted"), p) >= shift(counts, p) - 1e-9 or shift(counts, p) == 0


@pytest.mark.parametrize(
    ("path", "prefix"), [("a.py", ""), ("lib/a.py", "lib"), ("lib/deep/a.py", "lib/deep")]
)
def test_answers_are_counted_by_folder(path, prefix):
    assert prefix_of(path) == prefix


def test_each_kind_on_a_card_is_counted_once():
    memory = Memory(NoStore())
    merged = card(need("one"), need("two"), need("three", kind="line-clone"), trigger="commit")
    learn(memory, merged, "accepted")
    assert memory.counts("broken-call", "commit", "lib") == Counts(accepted=1)
    assert memory.counts("line-clone", "commit", "lib") == Counts(accepted=1)
    assert memory.counts("line-clone", "save", "lib") == Counts()
