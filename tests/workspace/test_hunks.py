"""Which lines differ, and that finding out stays cheap."""

import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from proactive_lsp.workspace.hunks import LineHunk, line_hunks

LINES = st.lists(st.sampled_from(["", "a", "b", "c", "}"]), max_size=30)


def check(before: str, after: str, *hunks: tuple[int, str, int, str]) -> None:
    """Each letter is a line."""
    assert line_hunks("a.py", list(before), list(after)) == tuple(
        LineHunk("a.py", start, tuple(old), to, tuple(new)) for start, old, to, new in hunks
    )


def test_nothing_changed():
    check("abc", "abc")
    check("", "")


def test_replaced_inserted_and_removed_lines():
    check("abc", "axc", (1, "b", 1, "x"))
    check("ab", "axb", (1, "", 1, "x"))
    check("axb", "ab", (1, "x", 1, ""))
    check("", "ab", (0, "", 0, "ab"))


def test_edits_far_apart_are_separate_hunks():
    check("abcdefg", "aXcdeYg", (1, "b", 1, "X"), (5, "f", 5, "Y"))


def test_a_moved_line_is_removed_and_added():
    check("abcde", "bcdae", (0, "a", 0, ""), (4, "", 3, "a"))


def test_repeated_lines_alone_do_not_confuse_it():
    check("}}x}}y}}", "}}z}}w}}", (2, "x", 2, "z"), (5, "y", 5, "w"))


def test_line_ends_are_no_difference():
    hunks = line_hunks("a.py", ["a\r\n", "b\r\n", ""], ["a\n", "c\n", ""])
    assert hunks == (LineHunk("a.py", 1, ("b",), 1, ("c",)),)


@given(LINES, LINES)
def test_the_hunks_turn_before_into_after(before, after):
    made = list(before)
    hunks = line_hunks("a.py", before, after)
    for hunk in reversed(hunks):
        assert tuple(before[hunk.before_start :][: len(hunk.before)]) == hunk.before
        assert hunk.before != hunk.after
        made[hunk.before_start : hunk.before_start + len(hunk.before)] = hunk.after
    assert made == after
    for one, next_one in pairwise(hunks):
        assert one.before_start + len(one.before) < next_one.before_start


def test_large_files_and_rewrites_end_soon():
    numbered = [f"line {n}" if n % 3 else "" for n in range(10_000)]
    edited = ["first", *numbered[1:9_000], "far", *numbered[9_001:]]
    alike = ["a", "b"] * 5_000
    begun = time.process_time()
    assert len(line_hunks("a.py", numbered, edited)) == 2
    line_hunks("a.py", numbered, numbered[::-1])
    line_hunks("a.py", alike, ["b", "b", "a"] * 3_000)
    assert time.process_time() - begun < 3
