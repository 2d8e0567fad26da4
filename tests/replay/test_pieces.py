"""A card's edit, place by place."""

from msgspec.structs import replace

from proactive_lsp.events import span
from proactive_lsp.replay.pieces import MOST_LINES, MOST_PIECES, pieces
from proactive_lsp.suggestions import FileEdit, Place, Plan, TextEdit

TEXT = "def f():\n    if a:\n        g(1, 2)\n\n    g(3, 4); g(5, 6)\n"


def place(line, character, end, note="", path="a.py", certain=True):
    """A call to be changed."""
    return Place(path, span(line, character, line, end), "", "", certain, note)


def cut(made, places, *edits, text=TEXT):
    """Heading, before and after of each piece."""
    card = replace(made.card(), places=tuple(places))
    plan = made.plan(card, *edits) if edits else None
    return [(one.heading, one.before, one.after) for one in pieces(card, plan, lambda path: text)]


def test_each_place_heads_its_lines_in_the_order_of_the_card(made):
    """Without the indentation that the lines share."""
    first, second = place(4, 9, 10, "in `f`"), place(2, 13, 14, "in `f`, inside")
    assert cut(made, [first, second], (second.range, "7"), (first.range, "8")) == [
        ("a.py:5  in `f`", ("g(3, 4); g(5, 6)",), ("g(3, 8); g(5, 6)",)),
        ("a.py:3  in `f`, inside", ("g(1, 2)",), ("g(1, 7)",)),
    ]


def test_places_on_one_line_are_one_piece(made):
    """With all that is to be said of them."""
    one, other = place(4, 6, 7, "left"), place(4, 18, 19, "right", certain=False)
    assert cut(made, [one, other], (one.range, "7"), (other.range, "8")) == [
        (
            "a.py:5  left; right (to be confirmed)",
            ("g(3, 4); g(5, 6)",),
            ("g(7, 4); g(5, 8)",),
        )
    ]


def test_a_place_without_an_edit_only_points(made):
    """Also in a file that cannot be read."""
    assert cut(made, [place(2, 8, 9, "no `b`")]) == [("a.py:3  no `b`", (), ())]
    card = replace(made.card(), places=(place(2, 8, 9),))
    assert [piece.heading for piece in pieces(card, None, lambda path: None)] == ["a.py:3"]


def test_an_edit_beside_all_places_has_a_piece_of_its_own(made):
    """Whatever a card changes is shown."""
    card = replace(made.card(), places=(place(2, 8, 9),))
    edit = TextEdit(span(0, 4, 0, 5), "h", certain=False, label="the name")
    plan = Plan(card.id, card.title, (FileEdit("b.py", None, (edit,)),))
    _, other = pieces(card, plan, lambda path: TEXT)
    assert other.heading == "b.py:1  the name (to be confirmed)"
    assert other.after == ("def h():",)


def test_lines_that_stay_are_not_shown(made):
    """An edit may span more than it changes."""
    where = span(0, 0, 5, 0)
    whole = Place("a.py", where, "", "")
    assert cut(made, [whole], (where, TEXT.replace("2", "9")))[0][1:] == (
        ("g(1, 2)",),
        ("g(1, 9)",),
    )
    assert cut(made, [whole], (where, TEXT + "\n\nx = 1\n"))[0][1:] == ((), ("", "", "x = 1"))


def test_large_edits_and_many_places_are_cut(made):
    """A timeline is no patch."""
    text = "".join(f"{n}\n" for n in range(40))
    places = [place(n, 0, 1) for n in range(0, 40, 2)]
    shown = cut(made, places, text=text)
    assert len(shown) == MOST_PIECES + 1
    assert shown[-1] == ("and 15 more", (), ())
    ((_, before, after),) = cut(made, places, (span(0, 0, 40, 0), ""), text=text)
    assert before == ("0", "1", "2", "3", "… 36 more lines")
    assert len(before) == MOST_LINES
    assert after == ()


def test_long_lines_show_their_change(made):
    """Not only how they begin."""
    text = f"{'x' * 5000}OLD{'y' * 5000}\n"
    where = span(0, 5000, 0, 5003)
    ((_, (before,), (after,)),) = cut(
        made, [Place("a.py", where, "", "")], (where, "NEW"), text=text
    )
    assert ("OLD" in before, "NEW" in after) == (True, True)
    assert max(len(before), len(after)) < 250
