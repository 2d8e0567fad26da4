"""The cards before the user."""

import pytest

from proactive_lsp.reward.standing import MOST_CARDS, MOST_PAST, Standing
from proactive_lsp.situation import Boundary
from tests.reward.cards import judged, need, place

SAVE = Boundary("save", 1.0)
ONE, TWO = need("one", place(1)), need("two", place(2))


def standing(*needs):
    """These needs on one card."""
    made = Standing()
    made.offer([judged(each) for each in needs], SAVE)
    return made


def test_what_passed_is_offered_and_what_did_not_is_kept_with_its_reason():
    made = Standing()
    silent = judged(TWO, silence="snoozed")
    offer = made.offer([judged(ONE), silent], SAVE)
    assert made.cards == (offer.card,)
    assert offer.judgements == (judged(ONE), silent)


def test_what_stands_is_a_duplicate():
    made = standing(ONE)
    offer = made.offer([judged(ONE)], SAVE)
    assert offer.card is None
    assert [each.silence.kind for each in offer.judgements] == ["duplicate"]


def test_every_judgement_that_is_not_on_the_card_has_a_reason():
    made = standing(ONE)
    offer = made.offer([judged(need("same place", place(1)))], SAVE)
    assert offer.card is None
    assert offer.judgements[0].silence.text == "all its places are on a card already"


def test_the_oldest_gives_way():
    made = Standing()
    offers = [
        made.offer([judged(need(f"n{line}", place(line)))], SAVE) for line in range(MOST_CARDS + 2)
    ]
    assert len(made.cards) == MOST_CARDS
    assert [old.title for offer in offers for old, _ in offer.withdrawn] == ["Fix n0", "Fix n1"]


def test_what_is_not_found_again_is_withdrawn():
    made = standing(ONE)
    ((card, reason),) = made.look_again([], SAVE)
    assert (card.title, reason, made.cards) == ("Fix one", "done, or no longer needed", ())
    assert made.find(card.id) is None
    assert made.known(card.id) == card


def test_what_is_left_of_a_card_keeps_its_id():
    made = standing(ONE, TWO)
    (before,) = made.cards
    assert made.look_again([judged(TWO)], SAVE) == ()
    (after,) = made.cards
    assert (after.id, after.title, after.t, after.trigger) == (before.id, "Fix two", 1.0, "save")
    assert made.judgements(after) == (judged(TWO),)
    assert made.offer([judged(ONE)], SAVE).card is None


def test_places_follow():
    made = standing(ONE)
    made.look_again([judged(need("one", place(5)))], SAVE)
    assert made.cards[0].places == (place(5),)


@pytest.mark.parametrize("silence", ["dismissed", "muted", "would-undo"])
def test_a_lasting_silence_takes_a_card_away(silence):
    made = standing(ONE)
    ((_, reason),) = made.look_again([judged(ONE, silence=silence)], SAVE)
    assert reason == f"because {silence}"


@pytest.mark.parametrize(
    "silence", ["snoozed", "too-soon", "budget-spent", "operation-in-progress", "below-threshold"]
)
def test_a_silence_of_the_moment_leaves_it(silence):
    made = standing(ONE)
    assert made.look_again([judged(ONE, silence=silence)], SAVE) == ()


def test_after_a_checkout_it_must_be_likely_again():
    made = standing(ONE)
    unlikely = judged(ONE, silence="below-threshold")
    assert len(made.look_again([unlikely], Boundary("checkout", 2.0))) == 1


def test_an_answered_card_is_known_for_a_while():
    made = standing(ONE)
    (card,) = made.cards
    made.drop(card)
    assert made.cards == ()
    assert made.known(card.id) == card


def test_what_is_kept_is_bounded():
    made = Standing()
    first = None
    for number in range(200):
        offer = made.offer([judged(need(f"n{number}")), judged(ONE, silence="snoozed")], SAVE)
        first = first or offer.card
    assert made.known(first.id) is None
    assert sum(made.known(need(f"n{n}").id) is not None for n in range(200)) == MOST_PAST
