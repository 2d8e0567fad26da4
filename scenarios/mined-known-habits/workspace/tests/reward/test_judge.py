"""The verdict on one task: what was said no to, how likely it is, and whether now is the time."""

import sys

import pytest
from msgspec.structs import replace

from proactive_lsp.events import span
from proactive_lsp.needs import broken_call
from proactive_lsp.reward import EAGERNESS, Pace, RewardSettings, judge, model
from proactive_lsp.reward.judge import COST, DOUBTFUL, PARTS, RARE, threshold_of
from proactive_lsp.reward.model import PRIORS, Scorer, logit, sigmoid
from proactive_lsp.situation import Boundary
from proactive_lsp.suggestions import Fact, Need, Place, Task
from tests.check import situation_of

BEFORE = {"lib/a.py": "def f(x, y):\n    return x, y\n", "b.py": "from lib.a import f\nf(1, 2)\n"}
AFTER = {"lib/a.py": "def f(x):\n    return x\n"}


@pytest.fixture
def situation():
    return situation_of(BEFORE, AFTER)


@pytest.fixture
def task(situation):
    (need,) = broken_call.detect(situation)
    return Task(need, need.title, need.facts[0].text)


def verdict(task, situation, *, pace=None, operation=None, **settings):
    return judge(
        task,
        situation,
        pace=pace or Pace(),
        operation=operation,
        settings=RewardSettings(**settings),
    )


def why(*args, **more):
    """The kind of the silence, None when it may be shown."""
    silence = verdict(*args, **more).silence
    return silence.kind if silence is not None else None


def test_a_likely_task_at_a_good_moment_may_be_shown(task, situation):
    judgement = verdict(task, situation)
    assert judgement.accepted
    assert judgement.p == pytest.approx(sigmoid(sum(push for _, push in judgement.pushes)))
    assert judgement.pushes[0] == ("prior", logit(PRIORS["broken-call"]))


@pytest.mark.parametrize("eagerness", EAGERNESS)
def test_the_threshold_is_where_gain_and_cost_are_even(task, situation, eagerness, monkeypatch):
    judgement = verdict(task, situation, eagerness=eagerness)
    assert judgement.threshold == threshold_of("broken-call", eagerness)
    kinds = {**PARTS, "line-clone": 1.0}
    made = model.Weights(rates=dict.fromkeys(kinds, 0.4), seen={"option-docs": (46, 0)})
    monkeypatch.setattr(sys.modules[judge.__module__], "weights", lambda: made)
    monkeypatch.setattr(model, "weights", lambda: made)
    for kind, part in {**kinds, "release": RARE, "option-docs": DOUBTFUL}.items():
        p = threshold_of(kind, eagerness)
        assert p * 1 == pytest.approx((1 - p) * part * COST[eagerness])


def test_a_place_that_would_not_be_shown_by_itself_wants_to_be_confirmed(situation, monkeypatch):
    need = Need(
        kind="line-clone",
        path="lib/a.py",
        range=span(0, 0, 0, 1),
        anchor="x",
        title="Change 2 equal lines",
        facts=(Fact("x", "lib/a.py", 0),),
        places=tuple(Place("b.py", span(n, 0, n, 1), "f", "g") for n in range(2)),
    )
    odds = iter([3.0, -0.2])
    monkeypatch.setattr(Scorer, "log_odds", lambda self, own: next(odds))
    judgement = verdict(Task(need, need.title, "why"), situation)
    assert sigmoid(-0.2) < judgement.threshold < sigmoid(3.0)
    likely, less = judgement.task.places
    assert (likely.certain, less.certain, less.note) == (True, False, "less likely")


def test_without_weights_no_kind_is_known_to_be_rare(monkeypatch):
    monkeypatch.setattr(sys.modules[judge.__module__], "problem", lambda: "weights.json: gone")
    assert threshold_of("line-clone", "medium") == COST["medium"] / (COST["medium"] + 1)


@pytest.mark.parametrize("kind", ["broken-call", "line-clone", "together"])
def test_the_more_eager_the_lower_the_threshold(kind):
    low, medium, high = (threshold_of(kind, eagerness) for eagerness in EAGERNESS)
    assert low > medium > high


def test_an_unlikely_one_is_below_the_threshold(task, situation):
    pointing = tuple(replace(place, after=None, certain=False) for place in task.places)
    unlikely = replace(task, need=replace(task.need, places=pointing))
    judgement = verdict(unlikely, situation)
    assert judgement.silence.kind == "below-threshold"
    assert judgement.silence.text == f"probability {judgement.p:.2f} is below 0.60"


def test_dismissed_by_its_id_or_by_what_it_is_about(task, situation):
    situation.memory.dismiss([task.need.id])
    assert why(task, situation) == "dismissed"
    fresh = situation_of(BEFORE, AFTER)
    other = replace(task, need=replace(task.need, kind="commit-owes"))
    fresh.memory.dismiss([task.need.matter])
    assert why(other, fresh) == "dismissed"
    assert task.need.id != other.need.id


@pytest.mark.parametrize(
    ("prefix", "muted"), [("", True), ("lib", True), ("li", False), ("lib/a.py", False)]
)
def test_muted_below_a_folder(task, situation, prefix, muted):
    situation.memory.mute("broken-call", prefix)
    situation.memory.mute("line-clone", "")
    assert why(task, situation) == ("muted" if muted else None)


def test_what_would_take_back_an_edit_is_silent(task, situation):
    inverse = Place("lib/a.py", span(0, 5, 0, 8), "(x)", "(x, y)")
    undo = replace(task, need=replace(task.need, places=(inverse,)))
    assert why(undo, situation) == "would-undo"
    onward = replace(task, need=replace(task.need, places=(inverse, *task.places)))
    assert why(onward, situation) is None


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"operation": "merge"}, "operation-in-progress"),
        ({"pace": Pace(snoozed_until=10.1)}, "snoozed"),
        ({"pace": Pace(snoozed_until=10.0)}, None),
        ({"pace": Pace(dismissed=9.0, dismissed_in_a_row=1)}, "too-soon"),
        ({"pace": Pace(offered=(1.0,) * 12)}, "budget-spent"),
        ({"pace": Pace(offered=(1.0,) * 11)}, None),
        ({"cards_per_hour": 0}, "budget-spent"),
    ],
)
def test_not_the_moment(task, situation, more, kind):
    """The moment is 10 s into the session."""
    assert why(task, situation, **more) == kind


def test_what_was_refused_for_good_is_said_before_the_moment(task, situation):
    situation.memory.dismiss([task.need.id])
    assert why(task, situation, operation="merge") == "dismissed"


def test_without_the_filter_nothing_is_silent(task, situation):
    situation.memory.dismiss([task.need.id])
    assert why(task, situation, operation="merge", filter=False) is None


def test_answers_move_the_probability(task, situation):
    plain = verdict(task, situation)
    for _ in range(20):
        situation.memory.learn("broken-call", "save", "lib", "dismissed")
    learned = verdict(task, situation)
    assert learned.p < plain.p
    assert learned.pushes[-1][0] == "your-answers"
    elsewhere = replace(situation, boundary=Boundary("commit", 10.0))
    pushes = [dict(verdict(task, each).pushes)["your-answers"] for each in (situation, elsewhere)]
    assert pushes[0] < pushes[1] < 0


def test_a_pause_is_a_worse_moment_than_a_save_and_a_commit_a_better_one(task, situation):
    p = {
        kind: verdict(task, replace(situation, boundary=Boundary(kind, 10.0))).p
        for kind in ("pause", "save", "commit")
    }
    assert p["pause"] < p["save"] < p["commit"]


def test_a_kind_nobody_measured_is_as_likely_as_not():
    scorer = Scorer("brand-new", {"places": 3.0})
    assert scorer.pushes({"same-file": 0.0}) == (("prior", 0.0),)
    assert scorer.log_odds({}) == 0.0


def test_odds_stay_finite():
    assert sigmoid(-1e9) == 0.0
    assert sigmoid(1e9) == 1.0
    assert 0 < sigmoid(logit(0.0)) < sigmoid(logit(1.0)) < 1
