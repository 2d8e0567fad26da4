"""The shipped weights: readable, of kinds there are, and fitted to the work repositories alone."""

import math

import pytest

from proactive_lsp.needs import KINDS
from proactive_lsp.reward import model

# Those that figures are reported on are none of these.
WORK_REPOSITORIES = frozenset(
    {
        *("flask", "click", "attrs", "structlog", "datasette", "pytest", "starlette"),
        *("got", "zod"),
    }
)

pytestmark = pytest.mark.shipped_weights


def test_fitted_to_the_work_repositories_alone():
    provenance = model.weights().provenance
    repositories = provenance["repositories"]
    assert {each["name"] for each in repositories} == WORK_REPOSITORIES
    assert all(len(each["head"]) == 40 and each["commits"] > 0 for each in repositories)
    assert {each["order"] for each in repositories} == {"canonical", "random"}


def test_every_kind_is_one_that_is_looked_for():
    assert model.weights().kinds.keys() <= set(KINDS)


def test_every_weight_is_a_sane_number():
    weights = model.weights()
    own = [value for kind in weights.kinds.values() for value in kind.weights.values()]
    priors = [kind.prior for kind in weights.kinds.values()]
    numbers = [*weights.shared.values(), *own, *priors]
    assert len(numbers) > 50
    assert all(math.isfinite(number) and abs(number) < 10 for number in numbers)


def test_a_kind_without_weights_keeps_its_estimate():
    ((name, prior), *_) = model.pushes("commit-owes", {})
    assert (name, prior) == ("prior", model.logit(model.PRIORS["commit-owes"]))


def test_agreement_of_several_kinds_speaks_for_a_place():
    one = dict(model.pushes("line-clone", {"same-file": 1.0}))
    two = dict(model.pushes("line-clone", {"same-file": 1.0, "agree": 1 / 3}))
    assert sum(two.values()) > sum(one.values())
