"""One card per boundary."""

from proactive_lsp.events import span
from proactive_lsp.reward.card import MOST_PLACES, merge
from proactive_lsp.situation import Boundary
from proactive_lsp.suggestions import Place
from tests.reward.cards import judged, need, place

NOW = Boundary("commit", 7.0)


def test_nothing_passed_is_no_card():
    assert merge([], NOW) is None


def test_one_task_is_its_card():
    only = need("one", place(3))
    made = merge([judged(only, 0.8)], NOW)
    assert (made.id, made.need, made.title, made.path) == (
        only.id,
        "broken-call",
        "Fix one",
        "lib/a.py",
    )
    assert (made.p, made.t, made.trigger, made.places) == (0.8, 7.0, "commit", (place(3),))


def test_the_likeliest_names_it_and_stands_first():
    one, two, three = need("one", place(1)), need("two", place(2)), need("three", place(3))
    made = merge([judged(one, 0.7), judged(two, 0.9), judged(three, 0.7)], NOW)
    assert made.id == two.id
    assert made.title == "Fix two, and 2 more"
    assert [task.title for task in made.tasks] == ["Fix two", "Fix one", "Fix three"]
    assert made.places == (place(2), place(1), place(3))


def test_two_titles_are_joined():
    made = merge([judged(need("one", place(1))), judged(need("two", place(2)))], NOW)
    assert made.title == "Fix one; fix two"


def test_a_place_that_overlaps_is_listed_once():
    wide, inside, beside = place(1, 0, 9), place(1, 2, 4), place(1, 9, 12)
    made = merge([judged(need("one", wide), 0.9), judged(need("two", inside, beside), 0.8)], NOW)
    assert made.places == (wide, beside)
    assert len(made.tasks) == 2


def test_a_task_whose_places_are_all_taken_is_left_out():
    made = merge([judged(need("one", place(1)), 0.9), judged(need("two", place(1)), 0.8)], NOW)
    assert [task.title for task in made.tasks] == ["Fix one"]
    assert merge([judged(need("two", place(1)))], NOW, [place(1)]) is None


def test_places_of_other_files_do_not_overlap():
    elsewhere = place(1, path="lib/b.py")
    assert merge([judged(need("one", place(1)))], NOW, [elsewhere]).places == (place(1),)


def test_a_task_without_places_is_kept():
    assert merge([judged(need("one"))], NOW, [place(1)]).places == ()


def test_not_more_places_than_a_person_would_look_through():
    many = [place(line) for line in range(200)]
    assert len(merge([judged(need("one", *many))], NOW).places) == MOST_PLACES


def test_an_edit_of_several_lines_goes_before_places_that_point_into_it():
    block = Place("lib/a.py", span(1, 0, 3, 0), "old\nold\n", "new\n")
    pointed, behind = place(2, after=None), place(3, after=None)
    made = merge([judged(need("one", block), 0.86), judged(need("two", pointed, behind), 0.9)], NOW)
    assert made.places == (block, behind)
