"""Token edits on other lines."""

from hypothesis import given
from hypothesis import strategies as st

from proactive_lsp.needs.carry import carried, changed_slots, shape, slots

NAMES = st.sampled_from(["width", "a.b", "x1", "read", '"text"', "42", "f'x'"])
LINES = st.lists(st.sampled_from(["width", "row", "(", ")", ", ", " = ", '"w"', "3"])).map("".join)


def test_a_name_that_the_edit_repeats_is_that_of_the_other_line():
    assert carried("a = f(a)", "a = f(a, key=a)", "b = f(b)") == "b = f(b, key=b)"


def test_nothing_where_the_edit_took_away_what_differs():
    assert carried("f(x, 1)", "f(x)", "f(x, 2)") is None


def test_nothing_for_a_line_of_another_shape():
    assert carried("f(x)", "g(x)", "f[x]") is None


@given(LINES, LINES)
def test_on_the_line_itself_the_edit_is_the_edit(old: str, new: str):
    assert carried(old, new, old) == (new if new != old else None)


@given(st.text(), st.text(), st.text())
def test_no_text_is_too_odd(old: str, new: str, other: str):
    made = carried(old, new, other)
    assert made is None or made != other
    assert shape(old).count("_") >= 0


@given(NAMES, NAMES, NAMES)
def test_what_the_edit_leaves_alone_stays(name: str, other: str, extra: str):
    """An argument is added behind; the names before it are those of the line."""
    made = carried(f"go({name})", f"go({name}, new={extra})", f"go({other})")
    added = other if extra == name else extra
    assert made == f"go({other}, new={added})"


@given(LINES, LINES)
def test_lines_of_a_shape_have_as_many_slots(one: str, other: str):
    if shape(one) == shape(other):
        assert len(slots(one)) == len(slots(other))
    assert changed_slots(one, one) == frozenset()
