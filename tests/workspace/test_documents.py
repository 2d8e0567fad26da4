"""The mirror of the editor's documents: against pygls', settled, and shifted."""

import time
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types
from pygls.workspace import TextDocument

from proactive_lsp.events import Change, Edit, Open, Position, Range, span
from proactive_lsp.workspace.documents import (
    Document,
    Documents,
    apply_changes,
    bare,
    locate,
    position_of,
    range_of,
    shift_range,
    split_lines,
    text_in,
    utf16_index,
    utf16_length,
)


def texts(*pieces: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(["a", "é", "😀", "b c", *pieces]), max_size=12).map("".join)


# Line ends on which pygls (str.splitlines) and LSP agree.
ANY_TEXT = texts("\n", "\r\n", "\r")
# Without a lone \r, no two edits can make one line end out of two.
PLAIN_TEXT = texts("\n", "\r\n")


def opened(text: str, path: str = "a.py") -> Documents:
    documents = Documents()
    documents.open(Open(0.0, path, 1, "python", text))
    return documents


def edit(*changes: Change, t: float = 1.0, version: int = 2, origin: str | None = None) -> Edit:
    return Edit(t, "a.py", version, changes, origin)


def replace(line: int, character: int, end_line: int, end: int, text: str) -> Change:
    return Change(span(line, character, end_line, end), text)


def document(documents: Documents) -> Document:
    found = documents.get("a.py")
    assert found is not None
    return found


def settled(documents: Documents) -> Edit:
    found = documents.settle("a.py")
    assert found is not None
    return found


def real_positions(lines: Sequence[str]) -> list[Position]:
    """Every place between two characters of a text."""
    return [
        position_of(lines, row, index)
        for row, line in enumerate(lines)
        for index in range(len(bare(line)) + 1)
    ]


def any_positions(lines: Sequence[str]) -> list[Position]:
    """Real places, and some behind a line or the text, where pygls agrees with LSP."""
    behind_lines = [
        Position(row, utf16_length(bare(line)) + extra)
        for row, line in enumerate(lines[:-1])
        for extra in (2, 99)
    ]
    behind_text = [Position(len(lines), 0), Position(len(lines) + 7, 3)]
    return [*real_positions(lines), *behind_lines, *behind_text]


def draw_change(
    data: st.DataObject,
    text: str,
    positions: Callable[[Sequence[str]], list[Position]],
    fresh: st.SearchStrategy[str],
) -> Change:
    lines = split_lines(text)
    places = positions(lines)
    pair = data.draw(st.tuples(st.sampled_from(places), st.sampled_from(places)))
    first, last = sorted(pair, key=lambda place: locate(lines, place))
    return Change(Range(first, last), data.draw(fresh))


def pygls_after(document: TextDocument, change: Change) -> str:
    where = change.range
    assert where is not None
    document.apply_change(
        types.TextDocumentContentChangePartial(
            range=types.Range(
                types.Position(where.start.line, where.start.character),
                types.Position(where.end.line, where.end.character),
            ),
            text=change.text,
        )
    )
    return document.source


@given(ANY_TEXT, st.data())
def test_agrees_with_pygls_on_any_edits(text: str, data: st.DataObject) -> None:
    """UTF-16 columns, every line end, ranges past the end, several changes in one edit."""
    theirs, documents, expected = TextDocument("file:///a.py", text), opened(text), text
    for version in range(2, data.draw(st.integers(2, 8))):
        changes: list[Change] = []
        for _ in range(data.draw(st.integers(1, 3))):
            change = draw_change(data, expected, any_positions, ANY_TEXT)
            changes.append(change)
            expected = pygls_after(theirs, change)
        documents.edit(edit(*changes, version=version))
        if data.draw(st.booleans()):
            assert document(documents).text == expected
    assert document(documents).text == expected
    assert document(documents).lines == split_lines(expected)


@given(ANY_TEXT, st.data())
def test_settled_edits_lead_from_one_settled_text_to_the_next(
    text: str, data: st.DataObject
) -> None:
    documents, previous = opened(text), text
    for round_number in range(3):
        current = previous
        for _ in range(data.draw(st.integers(0, 6))):
            if data.draw(st.integers(0, 9)) == 0:
                change = Change(None, data.draw(ANY_TEXT))
            else:
                change = draw_change(data, current, real_positions, ANY_TEXT)
            current = apply_changes(current, [change])
            documents.edit(edit(change, version=round_number + 2))
        one = documents.settle("a.py")
        if one is None:
            assert current == previous
        else:
            assert current != previous
            assert apply_changes(previous, one.changes) == current
            assert in_whole_lines(previous, one.changes)
        assert documents.unsettled() == ()
        previous = current


def in_whole_lines(text: str, changes: Sequence[Change]) -> bool:
    """Whether the changes replace whole lines, from the bottom up and none beside another."""
    lines = split_lines(text)
    end = Position(len(lines) - 1, utf16_length(lines[-1]))
    above = len(lines) + 1
    for change in changes:
        assert change.range is not None
        start, last = change.range.start, change.range.end
        if start.character or (last.character and last != end) or last.line >= above:
            return False
        above = start.line
    return True


@given(ANY_TEXT, st.data())
def test_settling_a_settled_edit_changes_nothing_about_it(text: str, data: st.DataObject) -> None:
    """So a replay of a recording settles to what the recording says."""
    documents, current = opened(text), text
    for _ in range(4):
        change = draw_change(data, current, real_positions, ANY_TEXT)
        current = apply_changes(current, [change])
        documents.edit(edit(change))
    first = documents.settle("a.py")
    if first is not None:
        again = opened(text)
        again.edit(first)
        assert settled(again) == first


@given(PLAIN_TEXT, st.data())
def test_a_shifted_range_holds_the_same_text(text: str, data: st.DataObject) -> None:
    lines = split_lines(text)
    places = sorted(data.draw(st.lists(st.sampled_from(real_positions(lines)), min_size=2)))
    place = Range(places[0], places[-1])
    changes: list[Change] = []
    current = text
    for _ in range(data.draw(st.integers(1, 4))):
        changes.append(draw_change(data, current, real_positions, PLAIN_TEXT))
        current = apply_changes(current, changes[-1:])
    shifted = shift_range(place, changes)
    if shifted is not None:
        assert text_in(split_lines(current), shifted) == text_in(lines, place)


@given(ANY_TEXT, st.data())
def test_a_range_shifts_over_settled_edits_whatever_the_line_ends(
    text: str, data: st.DataObject
) -> None:
    lines = split_lines(text)
    places = sorted(data.draw(st.lists(st.sampled_from(real_positions(lines)), min_size=2)))
    place = Range(places[0], places[-1])
    documents = opened(text)
    documents.edit(edit(draw_change(data, text, real_positions, ANY_TEXT)))
    one = documents.settle("a.py")
    shifted = shift_range(place, one.changes if one is not None else ())
    if shifted is not None:
        assert text_in(document(documents).lines, shifted) == text_in(lines, place)


def test_a_line_ends_only_where_lsp_says_so() -> None:
    """pygls follows str.splitlines here, and so would put the edit into another line."""
    text = "a\x0cb\u2028c\x85d\x1ce\nf"
    assert split_lines(text) == ["a\x0cb\u2028c\x85d\x1ce\n", "f"]
    change = replace(1, 0, 1, 1, "F")
    assert apply_changes(text, [change]) == "a\x0cb\u2028c\x85d\x1ce\nF"
    assert pygls_after(TextDocument("file:///a.py", text), change) != "a\x0cb\u2028c\x85d\x1ce\nF"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("a", ["a"]),
        ("a\n", ["a\n", ""]),
        ("a\r\nb\rc\n\r", ["a\r\n", "b\r", "c\n", "\r", ""]),
        ("\r\r\n", ["\r", "\r\n", ""]),
    ],
)
def test_lines_keep_their_ends(text: str, lines: list[str]) -> None:
    assert split_lines(text) == lines


def test_a_column_inside_a_surrogate_pair_is_its_start() -> None:
    line = "x😀y😀\r\n"
    assert [utf16_index(line, column) for column in range(9)] == [0, 1, 1, 2, 3, 3, 4, 4, 4]
    assert utf16_length(line) == 8


def test_typing_between_cr_and_lf_lines_joins_them_as_the_editor_does() -> None:
    """Deleting what stands between a \\r and a \\n makes them one line end."""
    documents = opened("a\rb\nc")
    documents.edit(edit(replace(1, 0, 1, 1, "")))
    assert document(documents).lines == ["a\r\n", "c"]
    assert settled(documents).changes == (replace(0, 0, 2, 0, "a\r\n"),)


def test_reversed_ranges_are_swapped() -> None:
    assert apply_changes("abc\ndef", [replace(1, 1, 0, 1, "-")]) == "a-ef"
    assert apply_changes("abc", [replace(0, 2, 0, 1, "-")]) == "a-c"
    assert text_in(["abc\n", "def"], span(1, 1, 0, 1)) == "bc\nd"
    assert shift_range(span(2, 0, 2, 1), [replace(1, 0, 0, 0, "")]) == span(1, 0, 1, 1)


def test_a_column_past_a_line_stays_in_the_line() -> None:
    assert apply_changes("ab\ncd", [replace(0, 99, 0, 99, "!")]) == "ab!\ncd"
    assert apply_changes("ab\r\ncd", [replace(0, 3, 0, 3, "!")]) == "ab!\r\ncd"


def test_a_burst_becomes_one_edit_in_whole_lines() -> None:
    documents = opened("one\ntwo\nthree\n")
    for n, letter in enumerate("key"):
        change = replace(1, 3 + n, 1, 3 + n, letter)
        documents.edit(edit(change, t=1.0 + n / 2, version=2 + n))
    assert documents.unsettled() == ("a.py",)
    assert documents.settle("a.py") == Edit(
        t=2.0, path="a.py", version=4, changes=(replace(1, 0, 2, 0, "twokey\n"),), since=1.0
    )
    assert documents.settle("a.py") is None


def test_since_is_there_only_for_a_burst_and_outlives_settling_again() -> None:
    documents = opened("one\n")
    documents.edit(edit(replace(0, 0, 0, 0, "x")))
    assert settled(documents).since is None
    documents.edit(Edit(5.0, "a.py", 3, (replace(0, 0, 0, 0, "x"),), since=3.0))
    assert settled(documents).since == 3.0


def test_lines_far_apart_are_separate_changes_from_the_bottom_up() -> None:
    documents = opened("".join(f"{n}\n" for n in range(9)))
    documents.edit(edit(replace(1, 0, 1, 0, "new\n"), replace(7, 0, 7, 1, "six")))
    assert settled(documents).changes == (
        replace(6, 0, 7, 0, "six\n"),
        replace(1, 0, 1, 0, "new\n"),
    )


def test_a_whole_new_text_settles_to_what_differs() -> None:
    documents = opened("a\nb\nc\nd")
    documents.edit(edit(Change(None, "a\nB\nc\nd")))
    assert settled(documents).changes == (replace(1, 0, 2, 0, "B\n"),)


def test_the_last_line_settles_up_to_its_end() -> None:
    documents = opened("a\n😀")
    documents.edit(edit(replace(1, 2, 1, 2, "\n")))
    assert settled(documents).changes == (replace(1, 0, 1, 2, "😀\n"),)


def test_typing_and_taking_it_back_settles_to_nothing() -> None:
    documents = opened("one\n")
    documents.edit(edit(replace(0, 3, 0, 3, "x")))
    documents.edit(edit(replace(0, 3, 0, 4, "")))
    assert documents.settle("a.py") is None
    assert documents.unsettled() == ()


def test_the_origin_survives_only_when_it_is_that_of_every_edit() -> None:
    documents = opened("one\n")
    documents.edit(edit(replace(0, 0, 0, 0, "x"), origin="abc"))
    documents.edit(edit(replace(0, 0, 0, 0, "x"), origin="abc"))
    assert settled(documents).origin == "abc"
    documents.edit(edit(replace(0, 0, 0, 0, "x"), origin="abc"))
    documents.edit(edit(replace(0, 0, 0, 0, "x")))
    assert settled(documents).origin is None


def test_unsettled_documents_come_in_the_order_of_their_first_edit() -> None:
    documents = opened("")
    for path in ("b.py", "c.py"):
        documents.open(Open(0.0, path, 1, "python", ""))
    for path in ("c.py", "a.py", "c.py"):
        documents.edit(Edit(1.0, path, 2, ()))
    assert documents.unsettled() == ("c.py", "a.py")
    documents.close("c.py")
    assert documents.unsettled() == ("a.py",)


def test_an_edit_of_an_unknown_document_is_counted_and_ignored() -> None:
    documents = Documents()
    assert not documents.edit(edit(replace(0, 0, 0, 0, "x")))
    assert (documents.ignored_edits, documents.paths(), documents.unsettled()) == (1, (), ())
    assert documents.settle("a.py") is None
    documents.close("a.py")


def test_a_version_that_goes_backwards_is_accepted_and_counted() -> None:
    documents = opened("")
    assert documents.edit(edit(replace(0, 0, 0, 0, "x"), version=9))
    assert documents.edit(edit(replace(0, 0, 0, 0, "y"), version=3))
    found = document(documents)
    assert (found.text, found.version, found.version_gaps) == ("yx", 3, 1)


def test_lines_handed_out_stay_as_they_were() -> None:
    documents = opened("one\n")
    before = document(documents).lines
    documents.edit(edit(replace(0, 0, 0, 3, "two")))
    assert document(documents).lines == ["two\n", ""]
    assert before == ["one\n", ""]


def test_opening_again_starts_over() -> None:
    documents = opened("one")
    documents.edit(edit(replace(0, 0, 0, 0, "x")))
    documents.open(Open(2.0, "a.py", 7, "python", "fresh"))
    assert documents.settle("a.py") is None
    assert (document(documents).text, document(documents).version) == ("fresh", 7)


def test_a_range_moves_with_its_text() -> None:
    place = span(2, 4, 2, 8)
    assert shift_range(place, [replace(0, 0, 0, 0, "a\nb\n")]) == span(4, 4, 4, 8)
    assert shift_range(place, [replace(2, 0, 2, 4, "😀")]) == span(2, 2, 2, 6)
    assert shift_range(place, [replace(1, 5, 2, 4, "xx")]) == span(1, 7, 1, 11)
    assert shift_range(place, [replace(2, 8, 3, 0, "")]) == place


def test_a_range_is_gone_once_its_inside_or_everything_changed() -> None:
    place = span(2, 4, 2, 8)
    assert shift_range(place, [replace(2, 5, 2, 5, "x")]) is None
    assert shift_range(place, [replace(2, 0, 2, 5, "")]) is None
    assert shift_range(place, [replace(0, 0, 9, 0, "")]) is None
    assert shift_range(place, [Change(None, "")]) is None


def test_ranges_are_made_from_code_points() -> None:
    lines = ["x😀y\n", "é😀"]
    assert range_of(lines, 0, 2, 1, 2) == span(0, 3, 1, 3)
    assert text_in(lines, span(0, 3, 1, 3)) == "y\né😀"
    assert locate(lines, Position(9, 0)) == (1, 2)


def test_a_burst_in_a_long_document_catches_up_fast() -> None:
    """500 keystrokes in 2 000 lines, with room for a slow machine: 2 ms is what is wanted."""
    text = "    some text of usual length\n" * 2000

    def catch_up() -> float:
        documents = opened(text)
        for n in range(500):
            documents.edit(edit(replace(1000, 4 + n, 1000, 4 + n, "x"), version=n + 2))
        start = time.perf_counter()
        assert len(document(documents).lines[1000]) == 530
        return time.perf_counter() - start

    assert min(catch_up() for _ in range(5)) < 0.01
