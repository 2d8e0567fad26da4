"""`bench reward` over histories: how well the filter judges there, and how it is trained."""

import json
import math
import subprocess
from pathlib import Path

import msgspec
import pytest

from proactive_lsp.cli import run_command_line
from proactive_lsp.evaluation.filter_figures import Scored, figures_of
from proactive_lsp.reward import model
from tests.evaluation.histories import CLONES, FIXED, history_of
from tests.evaluation.test_training import rows, source

OURS = Path(__file__).parent.parent.parent
# A commit of ours, and how many that count before it are lived through.
THEN = "151cea084066eea05ed34f260e8cb03c06db8d45"
COMMITS = 20


@pytest.fixture
def ours(tmp_path):
    """Our own repository as it was then."""
    clone = tmp_path / "ours.git"
    subprocess.run(("git", "clone", "-q", "--bare", OURS, clone), check=True, capture_output=True)
    here = ("git", f"--git-dir={clone}")
    if subprocess.run((*here, "cat-file", "-e", THEN), check=False, capture_output=True).returncode:
        pytest.skip("a shallow clone has too few commits")
    subprocess.run((*here, "update-ref", "--no-deref", "HEAD", THEN), check=True)
    return clone


@pytest.fixture
def run(capsys):
    def run(*arguments):
        code = run_command_line(["bench", "reward", *map(str, arguments)])
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def dumps(tmp_path):
    """What `history --features FILE --json REPORT` wrote of three repositories."""
    files = []
    for name in ("one", "two", "three"):
        file = tmp_path / f"{name}.jsonl"
        file.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows(name)))
        report = {"repositories": [msgspec.structs.asdict(source(name))]}
        file.with_suffix(".json").write_bytes(msgspec.json.encode(report))
        files.append(file)
    return files


@pytest.mark.shipped_weights
def test_the_filter_reads_the_features(run, ours):
    """On our own commits, on which nothing was trained; with those of other places it knows no more
    than the kind."""
    code, out, err = run(ours, "--commits", COMMITS, "--json", "-")
    assert code == 0, err
    found = json.loads(out)["total"]
    assert found["n"] > 500
    assert found["auc"] > found["auc_prior_per_kind"] + 0.05
    assert found["auc_within_kind"] > 0.62
    assert found["auc_shuffled"] == pytest.approx(0.5, abs=0.03)


def test_figures_by_hand():
    """Two kinds; the likelier one is right more often, and within each the order is half right."""
    scored = [
        *[Scored("a", 0.9, 0.8, right=True)] * 30,
        *[Scored("a", 0.7, 0.8, right=False)] * 30,
        *[Scored("b", 0.2, 0.3, right=True)] * 30,
        *[Scored("b", 0.4, 0.3, right=False)] * 30,
    ]
    found = figures_of(scored)
    assert (found.n, found.right) == (120, 0.5)
    assert found.auc_within_kind == 0.5
    assert found.auc_prior_per_kind == 0.5
    assert found.auc == 0.5
    assert found.ece == pytest.approx((0.1 + 0.7 + 0.8 + 0.4) / 4)
    assert figures_of([]).auc is None
    assert figures_of([]) == figures_of(iter(()))


def test_a_small_repository_is_judged(run, tmp_path):
    root = history_of(tmp_path / "shapes", CLONES, FIXED)
    code, out, _ = run(root, "--json", "-")
    report = json.loads(out)
    assert code == 0
    assert [row["name"] for row in report["repositories"]] == ["shapes"]
    assert report["total"].keys() == set(figures_of([]).__struct_fields__)


def test_trained_from_dumps_and_read_again(run, dumps, tmp_path):
    out_file = tmp_path / "weights.json"
    code, out, err = run("--train", *dumps, "--out", out_file)
    assert (code, err) == (0, "")
    assert "1 kinds of need from 1440 candidates" in out
    loaded = model.read(out_file)
    assert loaded.problem == ""
    assert list(loaded.weights.rates) == ["line-clone"]
    again = tmp_path / "again.json"
    run("--train", *reversed(dumps), "--out", again)
    one, two = (model.read(file).weights.trees for file in (out_file, again))
    assert _close(msgspec.to_builtins(one), msgspec.to_builtins(two))


def _close(one, two):
    """Equal to four significant digits."""
    if isinstance(one, float | int):
        return math.isclose(one, two, rel_tol=5e-5, abs_tol=1e-12)
    if isinstance(one, str):
        return one == two
    return len(one) == len(two) and all(map(_close, one, two))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give repositories, or --data"),
        (("x", "--data", "y"), "give repositories, or --data"),
        (("x", "--train"), "--out FILE"),
        (("--train", "--data", "x", "--out", "y"), "--train wants repositories"),
        (("x", "--out", "y"), "--out has nothing to write"),
        (("no-such-folder",), "no such folder"),
        (("x", "--jobs", "0"), "jobs"),
    ],
)
def test_wrong_arguments_are_one_line(run, arguments, said):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def test_too_little_to_train_on_is_one_line(run, tmp_path):
    roots = [history_of(tmp_path / name, CLONES, FIXED) for name in ("one", "two")]
    code, _, err = run("--train", *roots, "--out", tmp_path / "weights.json")
    assert code == 2
    assert "no kind of need is in 100 commits" in err
    assert not (tmp_path / "weights.json").exists()


def test_without_the_library_it_says_what_to_install(run, dumps, tmp_path, monkeypatch):
    monkeypatch.setattr("proactive_lsp.evaluation.reward_commands.find_spec", lambda name: None)
    code, _, err = run("--train", *dumps, "--out", tmp_path / "weights.json")
    assert code == 2
    assert 'pip install "proactive-lsp[train]"' in err
