"""The line that stands for a burst of typing."""

import pytest

from proactive_lsp.events import Change, Edit, span
from proactive_lsp.replay.burst import burst
from proactive_lsp.workspace.documents import apply_changes, split_lines

BEFORE = "def area(r):\n    return r\n\n\nprint(area(2))\n"


def at(line, character, end_line, end_character, text):
    """A change."""
    return Change(span(line, character, end_line, end_character), text)


def said(*changes, known=True):
    """What one edit per change came to."""
    edits = [Edit(n, "a.py", n, (change,)) for n, change in enumerate(changes)]
    entry = burst(edits, split_lines(apply_changes(BEFORE, changes)) if known else None)
    return (entry.text.removesuffix(f" ({len(edits)} edits)"), entry.excerpt)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ([at(1, 11, 1, 12, "3"), at(1, 12, 1, 12, " * r")], ("typed a.py:2", "return 3 * r")),
        ([at(1, 0, 2, 0, "    return 7\n")], ("typed a.py:2", "return 7")),
        ([at(1, 12, 1, 12, "\n    # done\n\n")], ("typed a.py:3", "# done")),
        ([at(1, 12, 1, 12, "\n")], ("typed a.py:2", "return r")),
        ([at(1, 10, 1, 12, "")], ("typed a.py:2", "return")),
        ([at(0, 0, 2, 0, "")], ("typed a.py:1", "took out 2 lines")),
        ([at(4, 6, 4, 10, "side"), at(0, 0, 2, 0, "")], ("typed a.py:3", "print(side(2))")),
        ([at(1, 4, 1, 12, "pass"), at(1, 0, 2, 0, "")], ("typed a.py:2", "took out 1 line")),
        ([at(4, 0, 4, 0, "x\n"), at(0, 0, 0, 0, "\n")], ("typed a.py:6", "x")),
        ([at(2, 0, 2, 0, "\n")], ("typed a.py:3", "")),
        ([Change(None, "1\n2")], ("typed a.py", "the whole text, 2 lines")),
        ([at(90, 0, 90, 0, "x")], ("typed a.py:91", "")),
        ([at(1, 12, 0, 9, "radius")], ("typed a.py:1", "def area(radius")),
    ],
)
def test_the_last_line_that_was_left_behind(changes, wanted):
    """With the text around it; what was taken out only when nothing else was done."""
    assert said(*changes) == wanted


def test_without_the_text_only_what_was_typed_is_known():
    """An edit of a file that nobody opened."""
    assert said(at(1, 12, 1, 12, " * r"), known=False) == ("typed a.py:2", "* r")


def test_a_burst_counts_its_edits_and_begins_with_the_first():
    """One edit is not counted."""
    edits = [Edit(5, "a.py", 1, (), since=3), Edit(6, "a.py", 2, ())]
    assert (burst(edits, None).t, burst(edits, None).text) == (3, "typed a.py (2 edits)")
    assert burst(edits[1:], None).text == "typed a.py"
