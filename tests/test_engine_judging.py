"""The model as judge in the engine, by the numbers that ship for the small model."""

import math

import pytest

from proactive_lsp.agent.settings import AgentSettings
from proactive_lsp.asking import MODEL_SAYS
from proactive_lsp.llm import Reply
from proactive_lsp.needs import KINDS, NeedsSettings
from proactive_lsp.reward import RewardSettings
from proactive_lsp.reward.model import logit, sigmoid
from proactive_lsp.reward.opinion import shipped
from proactive_lsp.settings import Settings
from tests.desk import Desk

NAME = "smollm2:135m"
TOTALS = """\
def one(x):
    total = price(x) * 2
    return total


def two(y):
    total = price(y) * 2
    return total
"""
# One detector alone, whose second place the filter nearly lets pass.
LOOKED_FOR = ("shape-clone", "predicted")
NEEDS = NeedsSettings(off=tuple(kind for kind in KINDS if kind not in LOOKED_FOR))


class Opinionated:
    """Says yes or no with these log probabilities, and knows no task."""

    name = NAME

    def __init__(self, yes, no):
        self.history = []
        self._logprobs = {"yes": yes, "no": no}

    async def complete(self, request, *, heard=None):
        self.history.append(request)
        assert request.purpose == "judge", "where a rule nearly passed, nothing is predicted"
        return Reply("yes", logprobs=self._logprobs)


def lived(model, *, judge=True):
    """What the rules thought, and what was thought once the model was asked."""
    settings = Settings(
        needs=NEEDS,
        reward=RewardSettings(eagerness="low"),
        agent=AgentSettings(judge=judge, model=NAME),
    )
    desk = Desk({"totals.py": TOTALS}, settings=settings, model=model)
    desk.work("totals.py", "price(x) * 2", "price(x) * 3")
    return [judged for outcome in desk.outcomes for judged in outcome.judgements]


@pytest.mark.parametrize(("yes", "no"), [(-0.1, -2.5), (-2.5, -0.1), (-0.7, -0.7)])
def test_its_word_counts_as_was_measured(yes, no):
    model = Opinionated(yes, no)
    before, after = lived(model)
    assert [request.purpose for request in model.history] == ["judge"]
    assert before.silence.kind == "below-threshold"
    known = shipped().models[NAME]
    expected = sigmoid(known.log_odds(logit(before.p), yes - no))
    assert after.p == pytest.approx(expected)
    ((name, push),) = after.pushes[len(before.pushes) :]
    assert name == MODEL_SAYS
    assert push == pytest.approx(logit(expected) - logit(before.p))
    assert after.accepted == (expected >= after.threshold)


def test_what_it_says_moves_a_judgement_no_further_than_it_was_measured():
    known = shipped().models[NAME]
    reach = abs(known.said) * (known.high - known.low)
    sure, unsure = (lived(Opinionated(*said))[1].p for said in ((-0.01, -12.0), (-12.0, -0.01)))
    assert abs(logit(sure) - logit(unsure)) <= reach + 1e-9
    assert math.copysign(1, sure - unsure) == math.copysign(1, known.said) or sure == unsure
