"""How the words of a task lie to the events: the numbers, the shipped file, the push."""

import json
import logging
import math

import pytest
from msgspec.structs import replace

from proactive_lsp.events import Answer, Change, Edit, Save, SuggestionEvent, span
from proactive_lsp.reward import Pace, RewardSettings, judge, relevance
from proactive_lsp.reward.features import features
from proactive_lsp.reward.model import sigmoid
from proactive_lsp.reward.relevance import (
    MOST_DOWN,
    MOST_UP,
    PREFIX,
    Weights,
    probability,
    push,
    read,
)
from proactive_lsp.reward.told import told
from proactive_lsp.suggestions import Need, Place, Task
from tests.check import situation_of

EVENTS = (
    "The user opens a page about tomato seedlings.",
    "The user writes a function that waters the tomatoes.",
    "The terminal shows an error in parseValve: the valve has no pressure.",
)
NUMBERS = relevance.relevance("Fix the pressure of the valve", EVENTS)


def test_numbers_by_hand():
    """Of "fix pressure valve" the last event has two, both for the first time."""
    assert NUMBERS["last-count"] == pytest.approx(math.log2(3) / 3)
    assert NUMBERS["fresh"] == NUMBERS["last-count"]
    assert NUMBERS["unheard"] == pytest.approx(1 / 3)
    assert NUMBERS["before"] == NUMBERS["searched"] == NUMBERS["example"] == 0.0
    # It has terminal, show, error, parsevalve, pars, valv, pressure.
    assert 0.25 < NUMBERS["last-told"] < 0.35


def test_words_count_without_endings_in_any_case_and_within_names():
    one = relevance.relevance("Check VALVES", EVENTS)
    assert one["last-count"] == pytest.approx(1 / 3)
    snake = relevance.relevance("Rename parse_valve", EVENTS)
    assert snake["last-count"] == pytest.approx(math.log2(3) / 3)


def test_what_was_said_before_is_told_from_what_is_new():
    old = relevance.relevance("Water more tomatoes", EVENTS)
    assert (old["last-count"], old["fresh"]) == (0.0, 0.0)
    assert old["before"] == pytest.approx(math.log2(3) / 3)


def test_offers_of_help_are_about_nothing():
    empty = relevance.relevance("Provide additional help and relevant information", EVENTS)
    assert (empty["last-count"], empty["unheard"]) == (0.0, 0.0)


def test_verbs_and_searches():
    events = (*EVENTS, "The user searches for 'valve pressure'.")
    found = relevance.relevance("Summarize code snippets", events)
    assert (found["sums-up"], found["example"], found["searched"]) == (1.0, 1.0, 1.0)


def test_other_scripts_and_odd_texts():
    found = relevance.relevance("搜索 结果", ["用户 搜索", "用户 看 结果"])
    assert found["last-count"] == pytest.approx(math.log2(3) / 3)
    for task, events in (("", [""]), ("\0", ["\ud800"]), ("a" * 99_999, ["b " * 99_999] * 99)):
        assert all(0 <= value <= 3 for value in relevance.relevance(task, events).values())
    assert relevance.relevance("Fix it", []) == {}


def test_without_an_event_there_is_no_probability():
    assert probability("Fix it", [], weights(bias=0.0)) is None
    assert probability("Fix it", EVENTS, weights(bias=0.0)) == 0.5


def weights(bias=0.0, centre=0.0, **values):
    return Weights({}, bias, centre, 0.5, {name.replace("_", "-"): w for name, w in values.items()})


def test_a_push_is_centred_and_bounded():
    text = {f"{PREFIX}{name}": value for name, value in NUMBERS.items()}
    average = weights(centre=NUMBERS["fresh"], fresh=1.0)
    assert push(text, average) == 0.0
    assert push({"relevance": 1.0}, average) == 0.0
    assert push(text, weights(fresh=100.0)) == MOST_UP
    assert push(text, weights(fresh=-100.0)) == -MOST_DOWN


@pytest.mark.shipped_weights
def test_the_shipped_file_says_where_it_is_from():
    shipped = relevance.shipped()
    origin = shipped.provenance
    assert origin["paper"] == "arXiv 2410.12361"
    assert (origin["rows"], origin["tasks"], origin["sessions"]) == (1749, 1447, 16)
    assert all(len(digest) == 64 for digest in origin["sha256"].values())
    grouped = origin["grouped"]
    assert grouped["folds"] == 5
    assert grouped["tasks"]["auc"] >= 0.64
    assert grouped["test120"]["f1"] >= 0.70
    assert shipped.weights.keys() <= NUMBERS.keys()
    assert all(abs(weight) < 5 for weight in shipped.weights.values())


@pytest.mark.shipped_weights
def test_what_is_about_the_last_event_is_likelier_than_what_is_not():
    about = probability("Show an example of how the valve in parseValve gets pressure", EVENTS)
    assert about > 2 * probability("Offer keyboard shortcuts", EVENTS)


@pytest.mark.shipped_weights
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "No such file"),
        ("{broken", "malformed"),
        ('{"bias": 1}', "missing required field"),
        (
            '{"provenance": {}, "bias": 0, "centre": 0, "threshold": 0, "weights": {"luck": 1}}',
            "there is no number 'luck'",
        ),
    ],
)
def test_missing_or_broken_weights_are_said_once(tmp_path, monkeypatch, caplog, content, says):
    file = tmp_path / "relevance.json"
    if content is not None:
        file.write_text(content)
    monkeypatch.setattr(relevance, "SHIPPED", file)
    relevance.shipped.cache_clear()
    try:
        with caplog.at_level(logging.WARNING):
            assert [push({f"{PREFIX}fresh": 1.0}) for _ in range(3)] == [0.0] * 3
        (record,) = caplog.records
        assert says in record.getMessage()
        assert probability("Fix it", EVENTS) is None
    finally:
        relevance.shipped.cache_clear()


def test_a_file_is_read_back_as_it_was_written(tmp_path):
    from proactive_lsp.evaluation.reward_bench import encode_weights

    file = tmp_path / "w.json"
    file.write_bytes(encode_weights(weights(bias=0.25, fresh=1.5)))
    assert read(file) == weights(bias=0.25, fresh=1.5)
    assert json.loads(file.read_text())["weights"] == {"fresh": 1.5}


@pytest.fixture
def situation():
    before = {"pump.py": "def start():\n    pass\n"}
    situation = situation_of(before, {"pump.py": "def start(pressure):\n    pass\n"})
    memory = situation.memory
    line = Change(span(0, 0, 1, 0), "def start(pressure):\n")
    memory.append(Edit(1.0, "other.py", 1, (Change(span(0, 0, 0, 0), "seedlings = 3\n"),)))
    memory.append(Edit(2.0, "pump.py", 2, (line,)))
    memory.append(Save(3.0, "pump.py"))
    memory.append(SuggestionEvent(4.0, "abc", "offered", "valves", "x.py", span(0, 0, 0, 1)))
    memory.append(Answer(5.0, "abc", "ignored"))
    return situation


def task(title, *, by_model=True):
    place = Place("pump.py", span(0, 0, 0, 20), before="def start(pressure):")
    need = Need("predicted", "pump.py", place.range, place.before, title, (), (place,))
    return Task(need, title, "why", by_model=by_model)


def verdict(task, situation):
    return judge(task, situation, pace=Pace(), operation=None, settings=RewardSettings())


def test_events_of_one_file_are_told_together_and_ours_not_at_all(situation):
    first, last = told(situation)
    assert first.startswith('The user edited "other.py".')
    assert last.startswith('The user saved "pump.py". The user edited "pump.py".')
    assert "def start(pressure):" in last


def test_only_a_task_of_a_model_carries_the_numbers(situation):
    numbers = features(task("Check the pressure in start"), situation)
    assert numbers[f"{PREFIX}last-count"] > 0.5
    plain = features(task("Check the pressure in start", by_model=False), situation)
    assert not [name for name in plain if name.startswith(PREFIX)]


@pytest.mark.shipped_weights
def test_the_words_of_a_task_move_its_judgement(situation):
    near = verdict(task("Check the pressure when the pump starts"), situation)
    far = verdict(task("Sweep the yard"), situation)
    assert near.p > far.p
    for judgement in (near, far):
        pushed = dict(judgement.pushes)
        assert -MOST_DOWN <= pushed["relevance-text"] <= MOST_UP
        assert judgement.p == pytest.approx(sigmoid(sum(pushed.values())))
    assert "relevance-text" not in dict(verdict(task("x", by_model=False), situation).pushes)


def test_without_weights_the_prior_holds(situation):
    near, far = (verdict(task(title), situation) for title in ("Check the pump", "Sweep the yard"))
    assert near.p == far.p
    assert "relevance-text" not in dict(near.pushes)


def test_without_any_event_nothing_is_moved(situation):
    calm = replace(situation, memory=situation_of({}, {}).memory)
    assert told(calm) == ()
    assert "relevance-text" not in dict(verdict(task("Check the pump"), calm).pushes)
