"""`bench reward` on the sample: the leak, the folds, the figures, the file that ships."""

import json
import os
import subprocess
import sys

import pytest

from proactive_lsp.cli import run_command_line
from proactive_lsp.evaluation import reward_bench
from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.evaluation.proactivebench import Rewards, read_rewards
from proactive_lsp.evaluation.relevance_fit import examples, fit_relevance
from proactive_lsp.reward.relevance import read
from tests.evaluation.proactive_sample import write_sample

FIGURES = {"n", "accuracy", "precision", "recall", "f1", "auc", "ece"}


@pytest.fixture
def folder(tmp_path):
    return write_sample(tmp_path / "data")


@pytest.fixture
def run(capsys):
    def run(*arguments):
        code = run_command_line(["bench", *map(str, arguments)])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_the_json_is_what_the_contract_says(run, folder):
    code, out, err = run("reward", "--data", folder, "--json", "-")
    assert code == 0
    report = json.loads(out)
    assert {"always_yes", "lookup"} <= report["baselines"].keys()
    for rows in (report["published"], report["grouped"], *report["baselines"].values()):
        for part in ("all", "tasks", "test120"):
            assert rows[part].keys() >= FIGURES
            assert all(
                value is None or 0 <= value <= 1
                for name in FIGURES - {"n"}
                for value in [rows[part][name]]
            )
    assert [report["grouped"][part]["n"] for part in ("all", "tasks", "test120")] == [54, 36, 12]
    assert report["embeddings"] is None
    assert "The published split leaks: 12 of 12 test histories" in err


def test_a_table_alone(run, folder):
    code, out, err = run("reward", "--data", folder)
    assert (code, err) == (0, "")
    assert "published, leaks" in out
    assert "(lookup, unseen)" in out


def test_the_lookup_lives_on_the_leak(folder):
    """All test histories are known from training, and so is whether help was needed then."""
    report = reward_bench.measure(read_rewards(folder), folder).report
    assert (report.data.leaked, report.data.test) == (12, 12)
    assert report.baselines["lookup"].test120.f1 == 1.0
    # Five of six were needed: six tasks and six silences, of which 5 + 1 are right.
    assert report.baselines["always_yes"].test120.f1 == pytest.approx(2 * 6 / (6 + 12), abs=1e-4)
    unseen = report.baselines["lookup_unseen"]
    assert unseen.test120.f1 < report.grouped.test120.f1
    assert unseen.tasks.categories == {"Correct-Detection": 0.0, "False-Alarm": 1.0}


def test_words_tell_what_the_task_is_about_in_sessions_never_seen(folder):
    report = reward_bench.measure(read_rewards(folder), folder).report
    assert report.grouped.tasks.auc > 0.7


def test_no_session_is_on_both_sides_of_a_fold(folder, monkeypatch):
    seen = []

    def watched(given):
        seen.append({each.session for each in given})
        return fit_relevance(given)

    def predict(model, example):
        assert example.session not in seen[-1]
        return reward_bench._decided(example, 0.5, yes=True)

    monkeypatch.setattr(reward_bench, "fit_relevance", watched)
    monkeypatch.setattr(reward_bench, "_predict", predict)
    rewards = read_rewards(folder)
    given = examples((*rewards.train, *rewards.test))
    figures = reward_bench._grouped(given, len(rewards.train), lambda: None)
    assert figures.all.n == len(given)
    assert len(seen) == reward_bench.FOLDS


def test_what_is_held_out_is_held_out_of_ridge_and_threshold_too(folder):
    """Turning the labels of a session round changes nothing that predicts it."""
    from msgspec.structs import replace

    rewards = read_rewards(folder)
    rows = (*rewards.train, *rewards.test)
    turned = [
        replace(row, valid=not row.valid) if row.session.time == "boat 0" else row for row in rows
    ]
    one, other = (
        fit_relevance([e for e in examples(each) if e.session.time != "boat 0"])
        for each in (rows, turned)
    )
    assert one == other


def test_the_weights_can_ship(run, folder, tmp_path):
    out = tmp_path / "weights.json"
    assert run("reward", "--data", folder, "--out", out)[0] == 0
    weights = read(out)
    assert weights.weights["last-count"] > 0
    assert weights.provenance["rows"] == 54
    assert weights.provenance["sessions"] == 6
    assert weights.provenance["grouped"]["tasks"]["n"] == 36


def test_the_same_bytes_whatever_the_hash_seed(folder, tmp_path):
    files = []
    for seed in ("1", "2"):
        files.append(tmp_path / f"{seed}.json")
        command = ["-m", "proactive_lsp", "bench", "reward", "--data", folder, "--json", files[-1]]
        more = ["--out", tmp_path / f"{seed}-weights.json"]
        env = os.environ | {"PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, *command, *more], check=True, env=env, capture_output=True)
    assert files[0].read_bytes() == files[1].read_bytes()
    assert len({(tmp_path / f"{seed}-weights.json").read_bytes() for seed in "12"}) == 1


def test_too_few_sessions(folder):
    rewards = read_rewards(folder)
    few = [row for row in rewards.train if row.session.time[:2] in ("bo", "br")]
    with pytest.raises(EvaluationError, match="2 sessions; 5 folds need as many"):
        reward_bench.measure(Rewards(tuple(few), ()), folder)


def test_nothing_to_tell_apart(folder):
    rewards = read_rewards(folder)
    refused = [row for row in rewards.train if not row.valid]
    with pytest.raises(EvaluationError, match="no task that was accepted"):
        reward_bench.measure(Rewards(tuple(refused), rewards.test[:0]), folder)


@pytest.mark.parametrize("command", ["reward", "agent"])
def test_bad_input_is_one_line_and_code_2(run, folder, command):
    file = folder / "reward_train.jsonl"
    file.write_text(file.read_text().replace('"valid": false', '"valid": 0', 1))
    code, out, err = run(command, "--data", folder)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "reward_train.jsonl, line 1: Expected `bool`, got `int` - at `$.valid`" in err
    code, _, err = run(command, "--data", folder / "none")
    assert code == 2
    assert "no such folder" in err


def test_a_file_that_cannot_be_written_is_refused_first(run, folder):
    code, _, err = run("reward", "--data", folder, "--out", folder / "none" / "w.json")
    assert code == 2
    assert "w.json" in err


def test_an_embedding_that_is_not_installed_is_said_in_one_line(run, folder, monkeypatch):
    from proactive_lsp.evaluation import embeddings

    monkeypatch.setattr(embeddings, "MODEL", ("no_such_package", "model.onnx"))
    code, _, err = run("reward", "--data", folder, "--embeddings")
    assert (code, err.count("\n")) == (2, 1)
    assert "pip install proactive-lsp[embeddings]" in err


def test_an_embedding_adds_its_numbers(folder):
    """A vector by hand: one number for each letter, so that near means spelled alike."""
    from proactive_lsp.evaluation.embeddings import similarities

    def embed(text):
        counts = [text.lower().count(letter) for letter in "abcdefghijklmnopqrstuvwxyz"]
        length = sum(count * count for count in counts) ** 0.5
        return [count / length for count in counts]

    more = similarities(embed)
    rewards = read_rewards(folder)
    (same,) = {
        row for row in rewards.test if row.pred_task == "Fix the division by zero in buoyancy"
    }
    numbers = more(same)
    assert numbers["near-last"] > 0.8
    assert numbers["near-last"] - numbers["near-last-more"] < numbers["near-last"]
    report = reward_bench.measure(rewards, folder, more).report
    assert report.embeddings["grouped"].tasks.n == 36
    assert report.grouped == reward_bench.measure(rewards, folder).report.grouped
