"""Trees read without the library that grew them."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proactive_lsp.reward.trees import Forest, Node

# Above .5 of `agree`, or far down: likely.
STUMP = Node("agree", 0.5, -0.25, -1.0, 2.0)
DEEP = Node("agree", 0.25, 0.5, Node("distance", 0.1, 0.0, 0.75, -0.75), 1.0)
features = st.dictionaries(
    st.sampled_from(["agree", "distance", "unheard-of"]), st.floats(0, 1, width=32)
)


@pytest.mark.parametrize(
    ("given_", "score"),
    [
        ({}, -1.0 + 0.75),
        ({"agree": 0.5}, -1.0 + 1.0),
        ({"agree": 0.51}, 2.0 + 1.0),
        ({"distance": 0.2}, -1.0 - 0.75),
        ({"unheard-of": 9.0}, -1.0 + 0.75),
    ],
)
def test_at_most_the_limit_or_above(given_, score):
    forest = Forest([STUMP, DEEP])
    assert forest.score(forest.row(given_)) == pytest.approx(score)


def test_a_row_goes_on_top_of_another():
    forest = Forest([STUMP, DEEP])
    base = forest.row({"agree": 1.0, "distance": 1.0})
    assert forest.row({"distance": 0.5}, base) == forest.row({"agree": 1.0, "distance": 0.5})
    assert base == forest.row({"agree": 1.0, "distance": 1.0})


@given(features)
def test_pushes_add_up_to_the_score(given_):
    forest = Forest([STUMP, DEEP, 0.125])
    start, pushes = forest.pushes(given_)
    assert start == pytest.approx(-0.25 + 0.5 + 0.125)
    assert start + sum(pushes.values()) == pytest.approx(forest.score(forest.row(given_)))
    assert pushes.keys() <= {"agree", "distance"}


def test_a_tree_reads_as_it_was_written():
    written = msgspec.json.encode(DEEP)
    assert written == b'["agree",0.25,0.5,["distance",0.1,0.0,0.75,-0.75],1.0]'
    assert msgspec.json.decode(written, type=Node) == DEEP
