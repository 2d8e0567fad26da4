"""What was left alone comes back once the user begins with it."""

from proactive_lsp.reward.left_alone import MOST_NEEDS, LeftAlone
from tests.reward.cards import need, place

TWO = need("one", place(1), place(2))
ONE = need("one", place(2))


def left(*needs, found=None):
    made = LeftAlone()
    made.leave(needs, needs if found is None else found)
    return made


def test_it_stays_away_while_nothing_of_it_is_done():
    made = left(TWO)
    made.look([TWO])
    made.look([])
    assert list(made.ids) == [TWO.id]


def test_it_is_back_when_one_of_its_places_is_done():
    assert ONE.id == TWO.id
    made = left(TWO)
    made.look([ONE])
    assert not made.ids


def test_done_as_a_whole_it_is_not_back():
    made = left(TWO)
    made.look([need("one")])
    assert list(made.ids) == [TWO.id]


def test_places_that_were_not_on_the_card_count_too():
    made = left(ONE, found=[TWO])
    made.look([TWO])
    assert list(made.ids) == [TWO.id]
    made.look([ONE])
    assert not made.ids


def test_what_is_remembered_is_bounded():
    made = left(*(need(f"n{number}") for number in range(MOST_NEEDS + 3)))
    assert len(made.ids) == MOST_NEEDS
    assert need("n0").id not in made.ids
