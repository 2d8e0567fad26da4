"""Places of the last look, found in the text as the editor has it by now."""

from proactive_lsp.events import Change, Edit, span
from proactive_lsp.server.board import MOST_EDITS, Board, OpenDocument
from proactive_lsp.server.folders import ROOTLESS
from proactive_lsp.server.news import Cards

PLACE = span(3, 4, 3, 9)


def document(*changes: Change) -> OpenDocument:
    """An open document with one edit for each change, numbered from 1."""
    made = OpenDocument("file:///a.py", ROOTLESS, "a.py", 1)
    for number, change in enumerate(changes, 1):
        made.recent.append((number, Edit(0.0, "a.py", number, (change,))))
    return made


def test_a_place_moves_with_the_edits_before_it():
    """A line above, then a word on the same line."""
    above, before = Change(span(0, 0, 0, 0), "\n"), Change(span(4, 0, 4, 2), "four")
    assert document(above, before).now(PLACE) == span(4, 6, 4, 11)


def test_an_edited_place_is_unknown():
    """Also when the whole text was replaced, or too much was typed to follow."""
    assert document(Change(span(3, 5, 3, 6), "x")).now(PLACE) is None
    assert document(Change(None, "x")).now(PLACE) is None
    assert document(*[Change(span(9, 0, 9, 0), "x")] * MOST_EDITS).now(PLACE) is None


def test_what_a_look_has_seen_is_dropped():
    """Only edits after the look move its places."""
    board, line = Board(), Change(span(0, 0, 0, 0), "\n")
    made = board.open["file:///a.py"] = document(line, line, line)
    board.take(Cards(ROOTLESS, (), (), 2))
    assert made.now(PLACE) == span(4, 4, 4, 9)
