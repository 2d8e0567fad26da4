"""What answers teach."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proactive_lsp.memory import Counts, Memory, NoStore
from proactive_lsp.memory.tally import HALF_LIFE, MOST_IGNORED, MOST_WEIGHT
from proactive_lsp.reward.learning import (
    MOST_LIFT,
    MOST_SHIFT,
    learn,
    learned,
    learned_rows,
    prefix_of,
)
from proactive_lsp.reward.model import logit, prior, sigmoid
from tests.reward.cards import card, need

chances = st.floats(0.001, 0.999)
lessons = st.sampled_from(
    ["accepted", "dismissed", "ignored", "undone", "muted", "by_hand", "nearby"]
)
places = st.tuples(st.sampled_from(["save", "commit"]), st.sampled_from(["", "lib", "lib/deep"]))
histories = st.lists(st.tuples(places, lessons), max_size=40)


def taught(*lessons, trigger="save", prefix="lib"):
    """A memory of these lessons, in this order."""
    memory = Memory(NoStore())
    for lesson in lessons:
        memory.learn("line-clone", trigger, prefix, lesson)
    return memory


def shift(memory, p=0.7, *, trigger="save", path="lib/a.py", kind="line-clone"):
    return learned(memory, kind, trigger, path, p).shift


def test_no_answers_move_nothing():
    assert shift(taught()) == shift(taught("muted", "muted")) == 0.0
    assert learned(taught(), "line-clone", "save", "lib/a.py", 0.7).levels == ()


def test_yes_moves_up_and_no_moves_down():
    assert shift(taught("accepted")) > 0 > shift(taught("dismissed"))


def test_an_undo_says_more_than_a_no_and_an_ignored_card_less():
    undone, dismissed, ignored = (shift(taught(op)) for op in ("undone", "dismissed", "ignored"))
    assert undone < dismissed < ignored < 0


@pytest.mark.parametrize("before", [(), ("accepted",) * 9, ("dismissed",) * 9])
@pytest.mark.parametrize("p", [0.05, 0.5, 0.97])
def test_an_undo_takes_its_yes_back_before_it_says_no(before, p):
    taken_back = taught(*before, "accepted", "undone")
    assert shift(taken_back, p) < shift(taught(*before, "dismissed"), p)


@pytest.mark.parametrize("op", ["accepted", "dismissed", "ignored"])
@pytest.mark.parametrize("p", [0.05, 0.5, 0.97])
def test_one_answer_moves_a_probability_by_a_seventh_at_most(op, p):
    moved = sigmoid(logit(p) + shift(taught(op), p))
    assert abs(moved - p) <= 1 / 7


def test_ignoring_is_weak_however_often():
    memory = taught(*["ignored"] * 200)
    assert memory.weights("line-clone")["save", "lib"].ignored <= MOST_IGNORED
    assert shift(memory) > shift(taught("dismissed", "dismissed"))


@pytest.mark.parametrize("lesson", ["by_hand", "nearby"])
def test_what_was_done_by_hand_is_a_weaker_yes(lesson):
    assert shift(taught("accepted")) > shift(taught(lesson)) > 0
    no, both = taught("dismissed"), taught("dismissed", lesson)
    assert shift(taught("dismissed", "accepted")) > shift(both) > shift(no)


def test_of_itself_it_lifts_little():
    """Only those that were done are seen, not the many that were rightly silent."""
    assert shift(taught(*["by_hand"] * 100), 0.3) == pytest.approx(MOST_LIFT)


def test_the_nearest_answers_count_most():
    memory = taught("dismissed", "dismissed")
    here, deeper, beside, other_moment = (
        shift(memory),
        shift(memory, path="lib/deep/a.py"),
        shift(memory, path="src/a.py"),
        shift(memory, trigger="commit"),
    )
    assert here < deeper < 0
    assert here < beside < 0
    assert here < other_moment < 0
    assert shift(memory, kind="shape-clone") == 0.0


def test_each_answer_stands_at_one_level_alone():
    memory = taught("dismissed")
    memory.learn("line-clone", "save", "lib/deep", "accepted")
    memory.learn("line-clone", "commit", "lib", "accepted")
    memory.learn("line-clone", "save", "", "by_hand")
    levels = learned(memory, "line-clone", "save", "lib/deep/a.py", 0.7).levels
    assert [(level.trigger, level.folder) for level in levels] == [
        (None, ""),
        ("save", ""),
        ("save", "lib"),
        ("save", "lib/deep"),
    ]
    weights = [level.weights for level in levels]
    assert [each.accepted for each in weights] == [1.0, 0.0, 0.0, 1.0]
    assert weights[1].by_hand > 0 < weights[2].dismissed < 1


def test_a_folder_that_only_begins_alike_is_another_one():
    memory = taught("dismissed", prefix="library")
    levels = learned(memory, "line-clone", "save", "lib/a.py", 0.7).levels
    assert [level.weights.no for level in levels] == [0.0, 1.0, 0.0]


def test_a_deep_path_is_followed_so_far_and_no_further():
    prefix = "/".join("abcdefghijklmnop")
    memory = taught("dismissed", prefix=prefix)
    assert shift(memory, path=f"{prefix}/x.py") < 0
    assert len(learned(memory, "line-clone", "save", f"{prefix}/x.py", 0.7).levels) < 12


@settings(deadline=None)
@given(histories, chances, places)
def test_however_many_answers_the_shift_is_bounded(history, p, place):
    memory = Memory(NoStore())
    for where, lesson in history:
        memory.learn("line-clone", *where, lesson)
    trigger, prefix = place
    moved = learned(memory, "line-clone", trigger, f"{prefix}/a.py", p)
    assert -MOST_SHIFT <= moved.shift <= MOST_SHIFT
    for weights in memory.weights("line-clone").values():
        assert 0 <= weights.accepted <= MOST_WEIGHT
        assert 0 <= weights.dismissed + weights.undone <= 2 * MOST_WEIGHT


@settings(deadline=None)
@given(histories, chances, places, places, st.sampled_from(["accepted", "by_hand", "nearby"]))
def test_one_more_yes_never_moves_down(history, p, place, asked, yes):
    """Whatever was said before, and wherever the yes is said."""
    memory = Memory(NoStore())
    for where, lesson in history:
        memory.learn("line-clone", *where, lesson)
    trigger, prefix = asked
    before = learned(memory, "line-clone", trigger, f"{prefix}/a.py", p).shift
    memory.learn("line-clone", *place, yes)
    assert learned(memory, "line-clone", trigger, f"{prefix}/a.py", p).shift >= before - 1e-6


@settings(deadline=None)
@given(histories, chances, places, places)
def test_one_more_no_never_moves_up(history, p, place, asked):
    memory = Memory(NoStore())
    for where, lesson in history:
        memory.learn("line-clone", *where, lesson)
    trigger, prefix = asked
    before = learned(memory, "line-clone", trigger, f"{prefix}/a.py", p).shift
    memory.learn("line-clone", *place, "dismissed")
    assert learned(memory, "line-clone", trigger, f"{prefix}/a.py", p).shift <= before + 1e-6


def test_old_answers_fade_with_those_to_the_contrary():
    memory = taught(*["accepted"] * 10, *["dismissed"] * 9)
    weights = memory.weights("line-clone")["save", "lib"]
    assert weights.accepted == pytest.approx(
        taught(*["accepted"] * 10).weights("line-clone")["save", "lib"].accepted
        * 0.5 ** (9 / HALF_LIFE)
    )


def test_ten_thousand_answers_in_a_moment():
    begun = time.perf_counter()
    memory = taught(*["accepted", "dismissed"] * 5_000)
    assert time.perf_counter() - begun < 5
    assert memory.counts("line-clone", "save", "lib") == Counts(accepted=5_000, dismissed=5_000)
    assert abs(shift(memory, 0.5)) < 1


def test_noes_are_forgotten_as_moments_pass_in_silence():
    memory = taught(*["dismissed"] * 5)
    first = shift(memory)
    for _ in range(100):
        memory.forget_noes("line-clone")
    weights = memory.weights("line-clone")["save", "lib"]
    was = taught(*["dismissed"] * 5).weights("line-clone")["save", "lib"]
    assert weights.dismissed == pytest.approx(was.dismissed / 2)
    assert first < shift(memory) < 0
    memory.forget_noes("never-heard-of")
    assert memory.weights("never-heard-of") == {}


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


def test_everything_learned_can_be_listed():
    memory = taught("dismissed", "accepted")
    memory.learn("broken-call", "commit", "", "by_hand")
    memory.learn("docstring", "save", "lib", "muted")
    by_hand, answered = learned_rows(memory)
    assert (by_hand.kind, by_hand.trigger, by_hand.prefix) == ("broken-call", "commit", "")
    assert (by_hand.counts, by_hand.weights.by_hand > 0) == (Counts(), True)
    assert answered.counts == Counts(accepted=1, dismissed=1)
    shipped = sigmoid(prior("line-clone"))
    assert answered.shift == shift(memory, shipped)
    assert learned_rows(Memory(NoStore())) == []


def test_what_was_learned_can_be_forgotten():
    memory = taught("dismissed")
    memory.learn("broken-call", "save", "", "accepted")
    memory.dismiss(["id"])
    memory.mute("docstring")
    assert memory.forget_learned("line-clone") == ("line-clone",)
    assert shift(memory) == 0.0
    assert memory.counts("line-clone", "save", "lib") == Counts()
    assert memory.forget_learned() == ("broken-call",)
    assert (memory.forget_learned(), learned_rows(memory)) == ((), [])
    assert memory.dismissed() == {"id"}
    assert memory.muted() == {("docstring", "")}
