"""The model as judge: when it is asked for a yes or no, and what that is worth."""

import asyncio
import json
import math

import pytest

from proactive_lsp import asking
from proactive_lsp.agent.settings import AgentSettings
from proactive_lsp.asking import MODEL_SAYS, Asking
from proactive_lsp.events import Save, span
from proactive_lsp.llm import Reply
from proactive_lsp.suggestions import Judgement, Need, Place, Silence, Task
from tests.agent.asked import BELOW, FILES, GOOD, NOTHING, purposes, verdicts


class Opinionated:
    """Predicts what it is told to and says yes or no with these log probabilities."""

    name = "opinionated"

    def __init__(self, *predictions, logprobs):
        self.history = []
        self._predictions = list(predictions)
        self._logprobs = logprobs

    async def complete(self, request, *, heard=None):
        self.history.append(request)
        if request.purpose == "judge":
            return Reply("yes", logprobs=self._logprobs)
        return Reply(json.dumps(self._predictions.pop(0)))


def rule(p, kind="line-clone", line=0, silence=BELOW):
    place = Place("shop.py", span(line, 0, line, 12), "def area(r):")
    need = Need(kind, "shop.py", place.range, f"x{line}", "Do so", (), (place,))
    return Judgement(Task(need, need.title, ""), p, 0.8, silence, (("prior", 1.0),), (p,))


def judged_by(situation, model, *silences, judged=(), at=None):
    at = at or Asking(model, AgentSettings(judge=True))
    seen = situation([Save(1.0, "shop.py")], FILES)
    at.look(seen)
    return asyncio.run(at.predict(seen, judged, verdicts(*silences)[0]))


@pytest.fixture
def measured(monkeypatch):
    """As if a yes of that model had been measured: half of what it says counts."""
    monkeypatch.setattr(
        asking,
        "combined",
        lambda name, odds, said: odds + said / 2 if name == "opinionated" else None,
    )


@pytest.mark.usefixtures("measured")
@pytest.mark.parametrize(("yes", "accepted"), [(-0.1, True), (-3.0, False)])
def test_a_need_that_nearly_passed_is_judged_by_the_model(situation, yes, accepted):
    model = Opinionated(logprobs={"yes": yes, "no": -2.0})
    verdict = judged_by(situation, model, judged=(rule(0.3), rule(0.7, line=1)))
    (request,) = model.history
    assert (request.purpose, request.choices) == ("judge", ("yes", "no"))
    assert (verdict.accepted, verdict.task.need.anchor) == (accepted, "x1")
    push = (yes + 2.0) / 2
    assert verdict.pushes == (("prior", 1.0), (MODEL_SAYS, pytest.approx(push)))
    assert verdict.p == pytest.approx(1 / (1 + math.exp(-(math.log(0.7 / 0.3) + push))))
    assert verdict.odds == (pytest.approx(verdict.p),)
    if not accepted:
        assert verdict.silence.text.endswith("with the word of the model")


@pytest.mark.usefixtures("measured")
def test_its_own_proposal_is_judged_instead_of_refined(situation):
    model = Opinionated(GOOD, logprobs={"yes": -0.1, "no": -3.0})
    verdict = judged_by(situation, model, BELOW)
    assert purposes(model.history) == ["predict", "judge"]
    first, second = model.history
    assert second.messages[0] == first.messages[0]
    common = first.messages[1].content.removesuffix(" What is next?")
    assert second.messages[1].content.startswith(common)
    assert verdict.accepted


@pytest.mark.usefixtures("measured")
def test_where_the_filter_is_sure_the_model_is_not_asked_to_judge(situation):
    model = Opinionated(NOTHING, logprobs={})
    far = rule(0.3)
    said_no = rule(0.79, silence=Silence("dismissed", "no"))
    assert judged_by(situation, model, judged=(far, said_no)).kind == "nothing-left"
    assert purposes(model.history) == ["predict"]


@pytest.mark.usefixtures("measured")
def test_the_model_is_asked_about_a_need_once(situation):
    model = Opinionated(NOTHING, NOTHING, logprobs={"yes": -3.0, "no": -0.1})
    at = Asking(model, AgentSettings(judge=True))
    for _ in range(3):
        judged_by(situation, model, judged=(rule(0.7),), at=at)
    assert purposes(model.history) == ["judge", "predict", "predict"]


@pytest.mark.usefixtures("measured")
@pytest.mark.parametrize("logprobs", [None, {}, {"maybe": -0.1}])
def test_neither_yes_nor_no_is_a_silence(situation, logprobs):
    model = Opinionated(logprobs=logprobs)
    verdict = judged_by(situation, model, judged=(rule(0.7),))
    said = "opinionated says neither yes nor no"
    assert verdict == Silence("model-unavailable", said)


def test_a_model_that_nobody_measured_is_asked_to_judge_once_at_most(situation):
    model = Opinionated(NOTHING, logprobs={"yes": -0.1, "no": -3.0})
    at = Asking(model, AgentSettings(judge=True))
    verdict = judged_by(situation, model, judged=(rule(0.7),), at=at)
    assert verdict.text == "nobody measured what a yes of opinionated is worth"
    judged_by(situation, model, judged=(rule(0.75, line=1),), at=at)
    assert purposes(model.history) == ["judge", "predict"]


def test_it_does_not_judge_by_default(situation):
    model = Opinionated(NOTHING, logprobs={})
    at = Asking(model, AgentSettings())
    judged_by(situation, model, judged=(rule(0.79),), at=at)
    assert purposes(model.history) == ["predict"]
