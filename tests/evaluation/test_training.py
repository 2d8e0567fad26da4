"""Training the reward filter: from candidates to a file that is read without the library."""

from itertools import pairwise
from random import Random

import msgspec
import numpy as np
import pytest

from proactive_lsp.evaluation import training
from proactive_lsp.evaluation.candidates import Candidates, Row, Source, of_file
from proactive_lsp.evaluation.data import gather
from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.evaluation.training import calibration, encode, train
from proactive_lsp.reward import model
from proactive_lsp.reward.model import Scorer, Weights, sigmoid

DATE = "2026-11-28"


def source(name, order="random"):
    return Source(name, "c0ffee" * 6 + "beef", "2026-01-01", order, 1, True, 40)


def rows(name, *, commits=40, kind="line-clone", seed=0):
    """Places of which those that look alike were worked on nine times of ten, others never."""
    random = Random(f"{name} {kind} {seed}")
    for commit in range(commits):
        for line in range(12):
            alike = random.random()
            yield Row(
                repository=name,
                commit=f"{commit:040x}",
                edits=1,
                follow_ups=3,
                look=1,
                kind=kind,
                path="a.py",
                line=line,
                features={
                    "alike": round(alike, 4),
                    "length": round(random.random(), 4),
                    "at-save": 1.0,
                    "relevance": 1.0,
                    "diagnosed": 1.0,
                },
                hunks=(2,) if alike > 0.6 and random.random() < 0.9 else (),
                later=None,
            )


def runs(*names, **more):
    return [Candidates(source(name), rows(name, **more)) for name in names]


@pytest.fixture(scope="module")
def trained():
    return train(gather(runs("one", "two", "three")), date=DATE)


def judged(weights, monkeypatch, own, kind="line-clone"):
    monkeypatch.setattr(model, "weights", lambda: weights)
    return sigmoid(Scorer(kind, {}).log_odds(own))


def test_what_was_learned_is_what_happened(trained, monkeypatch):
    likely = judged(trained.weights, monkeypatch, {"alike": 0.9, "length": 0.5})
    unlikely = judged(trained.weights, monkeypatch, {"alike": 0.3, "length": 0.5})
    assert likely == pytest.approx(0.9, abs=0.06)
    assert unlikely < 0.05


def test_the_same_file_is_written_again_and_reads_back(trained, tmp_path):
    again = train(gather(runs("one", "two", "three")), date=DATE)
    text = encode(trained.weights)
    assert text == encode(again.weights)
    file = tmp_path / "weights.json"
    file.write_bytes(text)
    assert model.read(file).weights == trained.weights


def test_our_reading_of_the_trees_is_the_librarys(trained):
    data = gather(runs("one", "two", "three"))
    chosen = np.ones(len(data.right), bool)
    grown = training._grow(data, chosen, training.rates_of(data, chosen))
    theirs = grown.predict(data.matrix[:50], raw_score=True)
    forest = trained.weights.forest
    for number, row in enumerate(list(rows("one"))[:50]):
        ours = forest.score(forest.row({**row.features, "kind-line-clone": 1.0}))
        assert ours == pytest.approx(theirs[number], abs=0.01)


def test_the_provenance_says_where_it_is_from(trained):
    provenance = trained.weights.provenance
    assert provenance.date == DATE
    assert provenance.rows == 3 * 40 * 12
    assert [each["name"] for each in provenance.repositories] == ["one", "three", "two"]
    assert provenance.held_out["auc"] > 0.85
    assert provenance.held_out["auc_prior_per_kind"] == 0.5
    assert provenance.held_out["auc_shuffled"] == pytest.approx(0.5, abs=0.05)


def test_moments_are_not_learned_from_histories(trained):
    assert trained.weights.forest.features <= {"alike", "length", "kind-line-clone"}


def test_a_repository_is_judged_by_trees_that_have_not_seen_it():
    """One repository with labels the other way round: seen, they would be learned by heart."""
    contrary = [
        msgspec.structs.replace(row, repository="contrary", hunks=() if row.hunks else (2,))
        for row in rows("contrary")
    ]
    data = gather([*runs("one", "two", "three", "four"), Candidates(source("contrary"), contrary)])
    odds = train(data, date=DATE).held_out[data.repositories == "contrary"]
    right = data.right[data.repositories == "contrary"]
    assert odds[right].mean() < odds[~right].mean()


def test_a_kind_of_few_commits_keeps_its_estimate():
    few = runs("one", kind="release", commits=20)
    trained = train(gather([*runs("one", "two", "three"), *few]), date=DATE)
    assert list(trained.weights.rates) == ["line-clone"]
    assert np.isnan(trained.held_out).sum() == 12 * 20


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ([], "nothing was noticed"),
        (runs("one"), "one repository alone"),
        (runs("one", "two", commits=3), "is in 100 commits"),
    ],
)
def test_too_little_is_said(given_, said):
    with pytest.raises(EvaluationError, match=said):
        train(gather(given_), date=DATE)


def test_repositories_that_contradict_each_other_are_said():
    one, two = ([*rows(name, commits=60)] for name in ("one", "two"))
    two = [msgspec.structs.replace(row, hunks=() if row.hunks else (2,)) for row in two]
    with pytest.raises(EvaluationError, match="does not hold in the others"):
        train(gather([Candidates(source("one"), one), Candidates(source("two"), two)]), date=DATE)


def test_a_calibration_rises_also_where_the_trees_were_wrong():
    raw = np.linspace(-3, 3, 1_000)
    right = np.sin(raw * 2) > 0
    points = calibration(raw, right)
    assert all(x < next_x for (x, _), (next_x, _) in pairwise(points))
    assert all(y < next_y for (_, y), (_, next_y) in pairwise(points))


def test_a_dump_is_read_with_its_report_beside_it(tmp_path):
    file = tmp_path / "one.jsonl"
    given_ = list(rows("one", commits=1))
    file.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in given_))
    report = {"repositories": [msgspec.structs.asdict(source("one"))], "mean": {}}
    file.with_suffix(".json").write_bytes(msgspec.json.encode(report))
    found = of_file(file)
    assert (found.source, list(found.rows)) == (source("one"), given_)


def test_what_is_wrong_with_a_dump_is_said(tmp_path):
    file = tmp_path / "one.jsonl"
    file.write_bytes(msgspec.json.encode(next(rows("one"))) + b"\n{}\n")
    with pytest.raises(EvaluationError, match=r"one.json: No such file"):
        of_file(file)
    file.with_suffix(".json").write_text('{"repositories": []}', encoding="utf-8")
    with pytest.raises(EvaluationError, match="wants one repository"):
        of_file(file)
    report = {"repositories": [msgspec.structs.asdict(source("one"))]}
    file.with_suffix(".json").write_bytes(msgspec.json.encode(report))
    with pytest.raises(EvaluationError, match=r"one.jsonl:2: .*missing required field"):
        list(of_file(file).rows)


def test_nothing_learned_is_nothing_to_read():
    assert Weights().forest.score({}) == 0.0


def test_in_whatever_order_candidates_come_the_same_is_learned(trained):
    backwards = [
        Candidates(source(name), list(rows(name))[::-1]) for name in ("three", "two", "one")
    ]
    assert encode(train(gather(backwards), date=DATE).weights) == encode(trained.weights)
