"""Old lines and what became of them."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from proactive_lsp.needs.pairing import LineEdit, aligned, line_edits, parts_of
from proactive_lsp.workspace.hunks import LineHunk

LINES = st.lists(st.sampled_from(["a = f(1)", "a = f(2)", "b = g(a)", "", "  a = f(1)", "end"]))


def hunk(before: list[str], after: list[str]) -> LineHunk:
    return LineHunk("a.py", 4, tuple(before), 7, tuple(after))


@given(LINES, LINES)
def test_the_parts_are_the_hunk(before: list[str], after: list[str]):
    parts = parts_of(hunk(before, after))
    assert [line for part in parts for line in part.old] == before
    assert [line for part in parts for line in part.new] == after


@given(LINES, LINES)
def test_pairs_rise_on_both_sides(before: list[str], after: list[str]):
    pairs = aligned(tuple(before), tuple(after))
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))


def test_a_line_that_went_from_between_others_was_deleted():
    edits = list(line_edits(hunk(["a = f(1)", "b = g(a)", "c = h(b)"], ["a = f(2)", "c = h(a)"])))
    assert edits == [
        LineEdit("a = f(1)", ("a = f(2)",), 7, 0),
        LineEdit("b = g(a)", (), 8, 1),
        LineEdit("c = h(b)", ("c = h(a)",), 8, 2),
    ]


def test_of_lines_rewritten_together_nobody_knows_which_became_which():
    edits = list(line_edits(hunk(["one two", "three four"], ["(five)", "[six]", "{seven}"])))
    assert [edit.new for edit in edits] == [None, None]


def test_a_line_that_only_moved_in_is_no_edit():
    assert list(line_edits(hunk(["a = f(1)"], ["    a = f(1)"]))) == []
