"""Conflict markers in files."""

from msgspec import structs

from proactive_lsp.needs import merge_conflict
from tests.check import situation_of


def block(ours, theirs, base=None):
    middle = f"||||||| 1234567\n{base}" if base is not None else ""
    return f"<<<<<<< HEAD\n{ours}{middle}=======\n{theirs}>>>>>>> side\n"


def needs(text, conflicts=("a.py",)):
    situation = situation_of({"a.py": text, "b.py": "x = 1\n"}, {"b.py": "x = 2\n"})
    return list(merge_conflict.detect(structs.replace(situation, conflicts=conflicts)))


def fixed(text):
    (need,) = needs(text)
    (place,) = need.places
    return place.after


def test_settles_a_conflict_whose_sides_are_alike():
    text = "top\n" + block("x = 1\n", "x  =  1 \n") + "end\n"
    (need,) = needs(text)
    assert need.title == "Resolve 1 conflict in a.py"
    assert need.facts[0].text == "`a.py` has conflicts"
    (place,) = need.places
    assert place.before == block("x = 1\n", "x  =  1 \n")
    assert (place.after, place.certain) == ("x = 1\n", True)
    assert (place.range.start.line, place.range.end.line) == (1, 6)


def test_takes_the_side_that_differs_from_the_base():
    assert fixed(block("old\n", "new\n", base="old\n")) == "new\n"
    assert fixed(block("new\n", "old\n", base="old\n")) == "new\n"
    assert fixed(block("", "old\n", base="old\n")) == ""


def test_points_at_what_takes_a_person():
    for text in (block("one\n", "two\n"), block("one\n", "one\ntwo\n"), block("a\n", "b\n", "c\n")):
        (need,) = needs(text)
        assert need.title == "Look at 1 conflict in a.py"
        assert need.places[0].after is None


def test_an_indentation_is_a_difference():
    assert fixed(block("  x = 1\n", "x = 1\n")) is None


def test_looks_into_files_that_were_edited_though_git_did_not_name_them():
    situation = situation_of({"a.py": "x = 1\n"}, {"a.py": block("x = 1\n", "x = 2\n")})
    (need,) = merge_conflict.detect(situation)
    assert need.facts[0].text == "`a.py` holds conflict markers"


def test_several_conflicts_are_one_need():
    (need,) = needs(block("a\n", "a\n") + "\n" + block("b\n", "c\n"))
    assert [place.after for place in need.places] == ["a\n", None]


def test_stays_quiet_without_markers_that_belong_together():
    for text in (
        "x = 1\n",
        "<<<<<<< HEAD\nx\n=======\n",
        "Title\n=======\n",
        ">>>>>>> side\n=======\n<<<<<<< HEAD\n",
        "<<<<<<<HEAD\nx\n=======\ny\n>>>>>>> side\n",
    ):
        assert needs(text) == []


def test_stays_quiet_about_files_that_nobody_touched():
    assert needs(block("a\n", "b\n"), conflicts=()) == []


def test_keeps_line_ends_and_a_missing_last_one():
    text = block("größe 😀 = 1\n", "größe 😀 = 1\n").replace("\n", "\r\n")
    (place,) = needs(text)[0].places
    assert (place.before, place.after) == (text, "größe 😀 = 1\r\n")
    (place,) = needs(block("x\n", "x\n").rstrip("\n"))[0].places
    assert place.range.end == type(place.range.end)(4, len(">>>>>>> side"))


def test_half_typed_sides_are_text_like_any_other():
    assert fixed(block("def f(\n", "def f(\n")) == "def f(\n"
