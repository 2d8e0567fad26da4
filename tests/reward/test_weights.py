"""The shipped weights: readable, of kinds there are, and trained on the work repositories alone."""

import json
import math
from itertools import pairwise

import pytest

from proactive_lsp.needs import KINDS
from proactive_lsp.reward import model
from proactive_lsp.reward.trees import Node

# Those that figures are reported on are none of these.
WORK_REPOSITORIES = frozenset(
    {
        *("flask", "click", "attrs", "structlog", "datasette", "pytest", "starlette"),
        *("got", "zod"),
    }
)
GOOD = json.dumps(
    {"format": 2, "rates": {"release": 0.5}, "calibration": [[-1, -2], [1, 2]], "trees": [0.5]}
)

pytestmark = pytest.mark.shipped_weights


def test_trained_on_the_work_repositories_alone():
    provenance = model.weights().provenance
    assert {each["name"] for each in provenance.repositories} == WORK_REPOSITORIES
    assert all(len(each["head"]) == 40 for each in provenance.repositories)
    assert all(each["commits"] > 0 for each in provenance.repositories)
    assert {each["order"] for each in provenance.repositories} == {"canonical", "random"}
    assert provenance.date
    assert provenance.rows > 100_000


def test_what_was_held_out_is_written_down_and_was_good_enough():
    held_out = model.weights().provenance.held_out
    assert held_out["auc"] >= held_out["auc_prior_per_kind"] + 0.05
    assert held_out["auc_within_kind"] >= 0.62
    assert held_out["ece"] <= 0.06


def test_every_kind_is_one_that_is_looked_for():
    assert model.weights().rates
    assert model.weights().rates.keys() <= set(KINDS)


def test_every_number_is_sane_and_the_calibration_rises():
    weights = model.weights()
    assert all(0 < rate < 1 for rate in weights.rates.values())
    assert all(math.isfinite(leaf) and abs(leaf) < 10 for leaf in leaves(weights.trees))
    assert all(
        x < next_x and y < next_y for (x, y), (next_x, next_y) in pairwise(weights.calibration)
    )


def leaves(trees):
    for tree in trees:
        if isinstance(tree, Node):
            yield from leaves((tree.at_most, tree.above))
        else:
            yield tree


def test_the_file_is_small_and_has_a_line_for_each_tree():
    text = model.WEIGHTS.read_text(encoding="utf-8")
    assert len(text) < 200_000
    assert text.count("\n") >= len(model.weights().trees)


def test_a_kind_without_weights_keeps_its_estimate():
    assert not model.is_fitted("commit-owes")
    ((name, prior), *_) = model.Scorer("commit-owes", {}).pushes({})
    assert (name, prior) == ("prior", model.logit(model.PRIORS["commit-owes"]))


@pytest.mark.parametrize("kind", ["line-clone", "commit-owes"])
def test_pushes_add_up_to_the_log_odds(kind):
    scorer = model.Scorer(kind, {"at-pause": 1.0, "places": 0.3, "edit-added": 0.2})
    own = {"same-file": 1.0, "agree": 1 / 3, "length": 0.5, "diagnosed": 1.0}
    pushes = scorer.pushes(own)
    assert sum(push for _, push in pushes) == pytest.approx(scorer.log_odds(own))
    assert dict(pushes)["at-pause"] == model.MOMENTS["at-pause"]
    assert pushes[0][0] == "prior"


def test_agreement_of_several_kinds_speaks_for_a_place():
    scorer = model.Scorer("line-clone", {})
    one = {"same-file": 1.0, "length": 0.5}
    assert scorer.log_odds({**one, "agree": 2 / 3}) > scorer.log_odds(one)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "No such file"),
        ("", "truncated"),
        ("{", "truncated"),
        ('{"trees": "none"}', "trees"),
        ('{"format": 1, "shared": {}}', "format 1, not 2"),
        ('{"format": 3}', "format 3, not 2"),
        ("{}", "no trees"),
        (GOOD.replace("[1, 2]", "[1, -3]"), "no calibration"),
        (GOOD.replace("0.5]", '["agree", 0.5]]'), "trees"),
        (GOOD.replace("0.5]", '["agree", 0.5, 0, 1, NaN]]'), "malformed"),
        ("[" * 100_000, ""),
    ],
)
def test_a_broken_file_is_said_and_estimates_are_used(tmp_path, text, said):
    file = tmp_path / "weights.json"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    loaded = model.read(file)
    assert loaded.weights == model.Weights()
    assert loaded.problem.startswith(f"{file}: ")
    assert said in loaded.problem
    assert "estimates" in loaded.problem
    assert "\n" not in loaded.problem


def test_a_good_file_is_read(tmp_path):
    file = tmp_path / "weights.json"
    file.write_text(GOOD, encoding="utf-8")
    loaded = model.read(file)
    assert (loaded.problem, loaded.weights.trees) == ("", (0.5,))
    assert model.calibrated(0.5, loaded.weights.calibration) == 1.0
    assert model.calibrated(-3.0, loaded.weights.calibration) == -6.0
