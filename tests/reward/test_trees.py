"""Trees read without the library that grew them."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proactive_lsp.reward.trees import Common, Forest, Node

# Above .5 of `agree`, or far down: likely.
STUMP = Node("agree", 0.5, -0.25, -1.0, 2.0)
DEEP = Node("agree", 0.25, 0.5, Node("distance", 0.1, 0.0, 0.75, -0.75), 1.0)
features = st.dictionaries(
    st.sampled_from(["agree", "distance", "unheard-of"]), st.floats(0, 1, width=32)
)
# Few values, so that rows lie right at limits.
numbers = st.sampled_from([-1.0, 0.0, 0.25, 0.5, 1.0])
trees = st.recursive(
    st.floats(-2, 2),
    lambda tree: st.builds(
        Node, st.sampled_from("abcd"), numbers, st.floats(-1, 1), at_most=tree, above=tree
    ),
    max_leaves=40,
)
rows = st.dictionaries(st.sampled_from("abcdx"), numbers)


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


@given(st.lists(trees, max_size=6), rows, st.lists(rows, max_size=3))
def test_it_says_what_walking_the_trees_says(grown, common, many):
    shared = Common(Forest(grown), common)
    for own in many:
        row = {**common, **own}
        assert shared.score(own) == walked(grown, row) == Forest(grown).score(row)


def walked(grown, row):
    """The sum of the leaves that the answers lead to, question by question."""
    total = 0.0
    for tree in grown:
        node = tree
        while isinstance(node, Node):
            node = node.at_most if row.get(node.feature, 0.0) <= node.limit else node.above
        total += node
    return total


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
