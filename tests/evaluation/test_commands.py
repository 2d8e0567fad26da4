"""`mine` and `bench history` from the command line."""

import json
import subprocess

import pytest

from proactive_lsp.cli import run_command_line
from tests.evaluation.histories import CLONES, FIXED, history_of
from tests.repositories import git


@pytest.fixture
def run(capsys):
    def run(*arguments):
        code = run_command_line([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def root(tmp_path):
    calm = {"one.py": FIXED["one.py"] + "\n\nlast = 1\n", "README.md": "Hello.\n"}
    return history_of(tmp_path / "shapes", CLONES, FIXED, calm, *_many(9))


def _many(number):
    return ({"README.md": f"Hello {each}.\n"} for each in range(number))


def test_what_is_mined_can_be_replayed(run, root, tmp_path):
    code, out, err = run("mine", root, "--commits", 20, "--out", tmp_path / "D")
    assert (code, err) == (0, "")
    assert out.startswith("11 sessions in ")
    code, out, _ = run("replay", tmp_path / "D", "--repo", root, "--json", "-")
    read = json.loads(out)
    assert (code, len(read["sessions"])) == (0, 11)
    offered = [row for one in read["sessions"] for row in one["suggestions"] if row["offered"]]
    assert [card["need"] for card in offered] == ["line-clone"]
    (session,) = [one for one in read["sessions"] if one["suggestions"]]
    assert session["name"].startswith("shapes ")


def test_a_bare_clone_does_as_well(run, root, tmp_path):
    bare = tmp_path / "shapes.git"
    subprocess.run(("git", "clone", "-q", "--bare", root, bare), check=True)
    assert run("mine", bare, "--out", tmp_path / "D")[0] == 0
    assert run("replay", tmp_path / "D", "--repo", bare, "--json", "-")[0] == 0
    code, out, _ = run("bench", "history", bare, "--json", "-")
    assert (code, json.loads(out)["repositories"][0]["name"]) == (0, "shapes")


def test_mining_goes_on_where_it_stopped(run, root, tmp_path):
    folder = tmp_path / "D"
    run("mine", root, "--commits", 2, "--out", folder)
    kept = {path: path.stat().st_mtime_ns for path in folder.glob("*.jsonl")}
    _, out, _ = run("mine", root, "--commits", 5, "--out", folder)
    assert "5 sessions" in out
    assert "3 of them new" in out
    assert all(path.stat().st_mtime_ns == time for path, time in kept.items())
    assert not list(folder.glob(".mining-*"))


def test_a_mined_session_is_redacted(run, tmp_path):
    """As any other recording is, although the history has it in the clear."""
    secret = "ghp_" + "Ab3dE6gH9jK2mN5pQ8sT1vW4xY7zB0cD3fG6"
    root = history_of(tmp_path / "r", {"a.py": "x = 1\n"}, {"a.py": f'token = "{secret}"\n'})
    assert run("mine", root, "--out", tmp_path / "D")[0] == 0
    (session,) = (tmp_path / "D").glob("*.jsonl")
    assert secret not in session.read_text()
    assert run("replay", tmp_path / "D", "--repo", root)[0] == 0


def test_a_huge_tree_is_refused_in_one_line(run, root, monkeypatch):
    monkeypatch.setattr("proactive_lsp.evaluation.benchmark.MOST_FILES", 2)
    code, _, err = run("bench", "history", root)
    assert (code, err.count("\n")) == (2, 1)
    assert "more than 2 files" in err


def test_since_leaves_older_commits_out(run, root, tmp_path):
    _, out, _ = run("mine", root, "--since", "HEAD~3", "--out", tmp_path / "D")
    assert out.startswith("3 sessions")


def _without_latency(text):
    def strip(value):
        if isinstance(value, dict):
            return {key: strip(each) for key, each in value.items() if key != "latency_ms"}
        return [strip(each) for each in value] if isinstance(value, list) else value

    return strip(json.loads(text))


def test_the_json_is_the_same_whatever_jobs(run, root):
    read = [
        _without_latency(run("bench", "history", root, "--json", "-", "--jobs", jobs)[1])
        for jobs in (1, 2)
    ]
    assert read[0] == read[1]
    (row,) = read[0]["repositories"]
    assert (row["commits"], row["edits"], row["name"]) == (11, 14, "shapes")
    assert row["head"] == git(root, "rev-parse", "HEAD").strip()
    assert row["total"]["alarms"] == row["needs"]["line-clone"]["alarms"] == 1
    assert (row["total"]["alarm_precision"], row["total"]["exact_edit"]) == (1, 1)
    assert row["total"]["recall"] == pytest.approx(2 / 3, abs=1e-4)
    assert set(row["baselines"]) == {"nothing", "always-tests", "vanished-identifiers"}
    assert read[0]["mean"]["recall"] == row["total"]["recall"]


def test_a_mined_folder_stands_for_its_commits(run, root, tmp_path):
    """In the order they were mined in."""
    folder = tmp_path / "D"
    run("mine", root, "--order", "random", "--seed", 4, "--out", folder)
    read = [
        _without_latency(run("bench", "history", *arguments, "--json", "-")[1])
        for arguments in ((folder,), (root, "--order", "random", "--seed", 4))
    ]
    assert read[0] == read[1]


def test_a_folder_of_repositories_and_a_table(run, tmp_path):
    (tmp_path / "all").mkdir()
    for name in ("a", "b"):
        history_of(tmp_path / "all" / name, CLONES, FIXED)
    code, out, err = run("bench", "history", tmp_path / "all")
    assert (code, err) == (0, "")
    assert "a " in out
    assert out.splitlines()[-1].startswith("mean")
    assert max(map(len, out.splitlines())) <= 80


def test_features_are_written_with_labels(run, root, tmp_path):
    file = tmp_path / "features.jsonl"
    assert run("bench", "history", root, "--features", file)[0] == 0
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert lines[0]["repository"] == "shapes"
    clones = [line for line in lines if line["kind"] == "line-clone" and line["edits"] == 1]
    assert [line["right"] for line in clones] == [True, True]


def test_bad_input_is_one_line_and_2(run, root, tmp_path):
    empty, other = tmp_path / "empty", tmp_path / "other"
    empty.mkdir()
    git(empty, "init", "-q")
    other.mkdir()
    run("mine", root, "--out", tmp_path / "D")
    single = history_of(tmp_path / "single", {"a.py": "a\n"})
    for arguments in (
        ("bench", "history", tmp_path / "nowhere"),
        ("bench", "history", other),
        ("bench", "history", empty),
        ("bench", "history", single),
        ("bench", "history", root, "--commits", 0),
        ("bench", "history", root, "--order", "sorted"),
        ("mine", other, "--out", tmp_path / "E"),
        ("mine", single, "--out", tmp_path / "E"),
        ("mine", root),
        ("mine", root, "--since", "nowhere", "--out", tmp_path / "E"),
        ("mine", root, "--order", "random", "--out", tmp_path / "D"),
        ("mine", single, "--out", tmp_path / "D"),
        ("mine", root, "--out", root / "one.py"),
    ):
        code, out, err = run(*arguments)
        assert (code, out, err.count("\n")) == (2, "", 1), (arguments, out, err)
