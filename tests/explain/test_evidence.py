"""What is kept of a card or a silence: bounded, and its pushes still add up."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from proactive_lsp.explain.evidence import (
    CARD,
    MOST_TASKS,
    OTHER,
    SILENT,
    explained_card,
    explained_silence,
    strongest,
)
from proactive_lsp.reward.card import merge
from proactive_lsp.reward.model import sigmoid
from proactive_lsp.settings import Settings
from proactive_lsp.situation import Boundary
from proactive_lsp.suggestions import Fact
from tests.desk import Desk
from tests.reward.cards import card, judged, need, place

NAMES = st.text("abcdefgh-", min_size=1, max_size=6)
PUSHES = st.lists(st.tuples(NAMES, st.floats(-30, 30)), unique_by=lambda each: each[0])


@given(PUSHES, st.integers(1, 12))
def test_whatever_is_left_out_the_sum_stays(pushes, most):
    kept = strongest(pushes, most)
    assert len(kept) <= most + 1
    assert sum(push for _, push in kept) == pytest.approx(sum(p for _, p in pushes), abs=0.01)
    named = [abs(push) for name, push in kept if name != OTHER]
    assert named == sorted(named, reverse=True)


def test_equal_pushes_stand_by_name_and_nothing_is_no_push():
    assert strongest([("b", 1.0), ("a", -1.0), ("c", 0.0)], 5) == (("a", -1.0), ("b", 1.0))


@pytest.mark.shipped_weights
def test_the_pushes_of_every_judgement_add_up_to_its_log_odds():
    """Also those of a silence, of which few are listed."""
    desk = Desk({"a.py": "one = 1\ntimeout = 30\nretry = 30\n", "b.py": "timeout = 30\n"})
    desk.engine.settings = Settings()
    outcome = desk.work("a.py", "timeout = 30", "timeout = 60")
    assert outcome.judgements
    for judgement in outcome.judgements:
        kept = explained_silence(judgement, t=1.0, trigger="save")
        total = sum(push for _, push in kept.pushes)
        assert sigmoid(total) == pytest.approx(judgement.p, abs=2e-4)


def test_a_large_card_is_small():
    """However many tasks, facts and places there are, and however long their texts."""
    tasks = [need(f"n{n}", *(place(100 * n + line) for line in range(50))) for n in range(20)]
    facts = tuple(Fact("x" * 10_000, "a.py", line) for line in range(100))
    judgements = [
        replace(
            judged(each),
            task=replace(judged(each).task, need=replace(each, facts=facts), title="t" * 5000),
            pushes=tuple((f"f{n}", n / 10) for n in range(60)),
        )
        for each in tasks
    ]
    made = merge(judgements, Boundary("save", 1.0))
    kept = explained_card(made, [replace(each, odds=()) for each in judgements])
    assert len(kept.facts) == CARD.facts + 1
    assert kept.facts[-1].text == f"and {100 - CARD.facts} more"
    assert (len(kept.places), kept.more_places) == (CARD.places, len(made.places) - CARD.places)
    assert len(kept.tasks) == MOST_TASKS
    assert len(kept.pushes) == CARD.pushes + 1
    assert len(msgspec.json.encode(replace(kept, title=""))) < 25_000
    silent = explained_silence(judgements[0], t=1.0, trigger="save")
    assert (len(silent.pushes), len(silent.facts)) == (SILENT.pushes + 1, SILENT.facts + 1)
    assert (silent.places, silent.more_places) == ((), 50)


def test_what_answers_pushed_stands_by_itself():
    pushes = (("prior", 1.0), ("your-answers", -0.5))
    assert explained_card(card(need()), [replace(judged(need()), pushes=pushes)]).learned == -0.5
    assert explained_card(card(need()), [judged(need())]).learned == 0
