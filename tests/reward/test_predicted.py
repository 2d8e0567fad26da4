"""The filter for what a model predicts: what it sees of a place, and what it makes of it."""

import json

import pytest

from proactive_lsp.agent.settings import AgentSettings
from proactive_lsp.events import span
from proactive_lsp.llm.scripted import ScriptedModel
from proactive_lsp.memory import Memory, NoStore
from proactive_lsp.needs import KINDS, NeedsSettings
from proactive_lsp.reward import Pace, RewardSettings, judge, model
from proactive_lsp.reward.judge import COST, PARTS, threshold_of
from proactive_lsp.reward.learning import learned
from proactive_lsp.reward.model import PREDICTION, logit, sigmoid
from proactive_lsp.reward.place_features import NO_AGREEMENT, Agreement
from proactive_lsp.reward.predicted import model_features
from proactive_lsp.settings import Settings
from proactive_lsp.suggestions import Fact, Need, Place, Task
from tests.check import situation_of
from tests.desk import Desk
from tests.reward.test_weights import WORK_REPOSITORIES

PUMP = "".join(f"def step_{n}(flow):\n    return flow * {n}\n\n\n" for n in range(30))
BEFORE = {"pump.py": PUMP, "test_pump.py": "import pump\n", "other.py": "x = 1\n"}
AFTER = {"pump.py": PUMP.replace("flow * 3\n", "flow_rate * 3\n")}


@pytest.fixture
def situation():
    return situation_of(BEFORE, AFTER)


def task_at(situation, path, line):
    text = situation.lines(path)[line]
    place = Place(path, span(line, 0, line, len(text)), before=text)
    fact = Fact("a local model points at this line", path, line)
    need = Need(PREDICTION, path, place.range, text.strip(), "Go on", (fact,), (place,))
    return Task(need, "Go on", "It is next", by_model=True)


def numbers_at(situation, path, line, agreement=NO_AGREEMENT):
    _, (own,) = model_features(task_at(situation, path, line), situation, agreement)
    return own


def verdict(situation, path, line, **more):
    return judge(
        task_at(situation, path, line),
        situation,
        pace=Pace(),
        operation=None,
        settings=RewardSettings(**more),
    )


# What is seen.


def test_a_place_is_seen_from_the_edit_made_last(situation):
    near, far = numbers_at(situation, "pump.py", 17), numbers_at(situation, "pump.py", 101)
    assert 0 < near["distance"] < far["distance"]
    assert (near["below"], near["same-file"]) == (1.0, 1.0)
    assert near["nearest-edit"] < far["nearest-edit"]
    assert numbers_at(situation, "other.py", 0)["same-file"] == 0.0


def test_a_line_that_was_just_written_is_known(situation):
    assert numbers_at(situation, "pump.py", 13)["written"] == 1.0
    assert numbers_at(situation, "pump.py", 17)["written"] == 0.0


def test_words_that_went_or_came_are_looked_for_in_the_line(situation):
    assert numbers_at(situation, "pump.py", 17)["recent-gone"] > 0
    assert numbers_at(situation, "other.py", 0)["recent-gone"] == 0.0


def test_the_name_of_a_file_is_held_against_those_that_were_edited(situation):
    assert numbers_at(situation, "test_pump.py", 0)["path-alike"] == 0.5
    assert numbers_at(situation, "other.py", 0)["path-alike"] == 0.0


def test_what_rules_say_of_the_line_counts(situation):
    agreement = Agreement(odds={("pump.py", 18): 0.4, ("pump.py", 40): 0.9})
    assert numbers_at(situation, "pump.py", 17, agreement)["rule-odds"] == 0.4
    assert numbers_at(situation, "pump.py", 60, agreement)["rule-odds"] == 0.0


def test_without_any_edit_the_place_stands_for_itself():
    calm = situation_of(BEFORE, BEFORE)
    common, (own,) = model_features(task_at(calm, "pump.py", 3), calm, NO_AGREEMENT)
    assert common["edit-unknown"] == 1.0
    assert own["written"] == own["recent-like"] == 0.0


def test_a_file_that_is_gone_is_no_error(situation):
    place = Place("gone.py", span(4, 0, 4, 1), before="x")
    need = Need(PREDICTION, "gone.py", place.range, "x", "Go on", (Fact("f"),), (place,))
    _, (own,) = model_features(Task(need, "Go on", "", True), situation, NO_AGREEMENT)
    assert own["length"] == 0.0


# What is made of it.


def test_without_the_file_there_is_an_estimate(situation):
    judged = verdict(situation, "pump.py", 17)
    assert dict(judged.pushes)["prior"] == logit(model.PRIORS[PREDICTION])


@pytest.mark.shipped_weights
def test_the_shipped_trees_are_of_the_work_repositories_and_read_the_features():
    weights = model.predicted_weights()
    assert list(weights.rates) == [PREDICTION]
    assert PREDICTION in KINDS
    told = weights.provenance
    assert {each["name"] for each in told.repositories} <= WORK_REPOSITORIES
    assert {each["order"] for each in told.repositories} == {"canonical", "random"}
    assert told.held_out["auc"] > 0.8
    assert told.held_out["auc_shuffled"] == pytest.approx(0.5, abs=0.05)
    assert told.held_out["ece"] < 0.03


@pytest.mark.shipped_weights
def test_the_next_of_a_row_is_likelier_than_a_line_anywhere(situation):
    near = verdict(situation, "pump.py", 17).p
    assert near > 2 * verdict(situation, "other.py", 0).p
    assert near > verdict(situation, "pump.py", 13).p


@pytest.mark.shipped_weights
def test_the_pushes_add_up_and_name_features(situation):
    judged = verdict(situation, "pump.py", 17)
    assert judged.p == pytest.approx(sigmoid(sum(push for _, push in judged.pushes)))
    names = {name for name, _ in judged.pushes}
    assert {"prior", "distance", "nearest-edit"} <= names


@pytest.mark.shipped_weights
def test_the_threshold_follows_from_the_cost():
    cost = PARTS[PREDICTION] * COST["medium"]
    assert threshold_of(PREDICTION, "medium") == pytest.approx(cost / (cost + 1))


# What is learned on top.


def test_five_noes_of_five_silence_what_was_likely_enough():
    """At a place that the filter alone would find twice as likely as it must be."""
    memory = Memory(NoStore())
    for _ in range(5):
        memory.learn(PREDICTION, "save", "lib", "dismissed")
    cost = PARTS[PREDICTION] * COST["medium"]
    likely = 2 * cost / (2 * cost + 1)
    shift = learned(memory, PREDICTION, "save", "lib/a.py", likely).shift
    assert sigmoid(logit(likely) + shift) < cost / (cost + 1)


def hint(line):
    return json.dumps(
        {
            **{"purpose": "go on", "help_wanted": True, "kind": "update", "task": "Go on here"},
            **{"path": "pump.py", "quoted_line": f"    return flow * {line}", "why": "it is next"},
        }
    )


def test_a_model_that_is_said_no_to_falls_silent_at_the_desk():
    others = NeedsSettings(off=tuple(kind for kind in KINDS if kind != PREDICTION))
    settings = Settings(
        needs=others,
        reward=RewardSettings(cooldown_seconds=0.0, eagerness="high"),
        agent=AgentSettings(refine=0),
    )
    replies = [hint(line) for line in range(12, 19)]
    desk = Desk(BEFORE, settings=settings, model=ScriptedModel(replies))
    shown: list[bool] = []
    for number in range(1, 7):
        desk.work("pump.py", f"flow * {number}\n", f"rate * {number}\n")
        shown.append(bool(desk.cards))
        if desk.cards:
            desk.answer("dismissed")
            desk.wait(60)
    assert shown[0]
    assert not any(shown[-1:])
    (judged,) = desk.outcomes[-1].judgements
    assert judged.silence is not None
    assert judged.silence.kind == "below-threshold"
    assert dict(judged.pushes)["your-answers"] < -0.5
