"""`mine` and `bench history` from the command line."""

import json
import subprocess

import pytest

from proactive_lsp.cli import run_command_line
from proactive_lsp.evaluation.history import evaluate
from proactive_lsp.evaluation.later import Later
from proactive_lsp.workspace.git_history import History
from tests.desk import OTHERS_OFF
from tests.evaluation.contract import problems
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


# Worker processes judge by the shipped weights, which may change.
PLAINLY = ("--no-filter", *(f"--disable={kind}" for kind in OTHERS_OFF.off))


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
    return _bare(json.loads(text))


def _bare(value):
    if isinstance(value, dict):
        return {key: _bare(each) for key, each in value.items() if key != "latency_ms"}
    return [_bare(each) for each in value] if isinstance(value, list) else value


def test_the_json_is_the_same_whatever_jobs(run, root):
    read = [
        _without_latency(run("bench", "history", root, "--json", "-", "--jobs", jobs, *PLAINLY)[1])
        for jobs in (1, 2)
    ]
    assert read[0] == read[1]
    assert problems(json.loads(run("bench", "history", root, "--json", "-")[1])) == []
    (row,) = read[0]["repositories"]
    assert row["total"]["within_10"] == {"alarm_precision": 1, "place_precision": 1}
    assert row["after_commit"]["within_10"]["alarm_precision"] is None
    assert read[0]["means"] == {"canonical": read[0]["mean"]}
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


def test_several_orders_and_seeds_are_rows_of_their_own(run, root):
    """The canonical order knows no seed; nothing is lived through twice."""
    arguments = ("--order", "canonical", "--order", "random", "--seed", 1, "--seed", 2, "--seed", 2)
    code, out, _ = run("bench", "history", root, *arguments, "--json", "-", "--jobs", 2, *PLAINLY)
    report = json.loads(out)
    rows = [(row["order"], row["seed"]) for row in report["repositories"]]
    assert (code, rows) == (0, [("canonical", 1), ("random", 1), ("random", 2)])
    assert problems(report) == []
    recalls = [row["total"]["recall"] for row in report["repositories"]]
    assert report["mean"]["recall"] == pytest.approx(sum(recalls) / 3, abs=1e-4)
    assert report["means"]["random"]["recall"] == pytest.approx(sum(recalls[1:]) / 2, abs=1e-4)
    alone = json.loads(run("bench", "history", root, "--json", "-", *arguments[2:6], *PLAINLY)[1])
    assert _bare(alone["repositories"][0]) == _bare(report["repositories"][1])


def test_what_is_done_later_shows_beside_the_figures(run, tmp_path):
    """The first commit changes one of three clones, the next one the others."""
    rest = {name: text for name, text in FIXED.items() if name != "one.py"}
    root = history_of(tmp_path / "r", CLONES, {"one.py": FIXED["one.py"]}, rest, {"a.py": "x\n"})
    (row,) = json.loads(run("bench", "history", root, "--json", "-")[1])["repositories"]
    total = row["total"]
    assert (total["alarms"], total["alarm_precision"]) == (2, 0.5)
    assert total["within_10"] == {"alarm_precision": 1, "place_precision": 1}
    assert row["needs"]["line-clone"]["within_10"] == total["within_10"]


def test_what_comes_later_is_read_only_once_the_engine_has_spoken(run, root, monkeypatch):
    """And by nobody but the labels: the engine is given no history at all."""
    told = []

    class Late(Later):
        def __init__(self, history, head, commits):
            told.append("later")
            super().__init__(history, head, commits)

    def living(commit, base, past, options):
        assert not isinstance(past, History)
        assert "later" not in told
        told.append(commit.id)
        return evaluate(commit, base, past, options)

    monkeypatch.setattr("proactive_lsp.evaluation.benchmark.Later", Late)
    monkeypatch.setattr("proactive_lsp.evaluation.benchmark.evaluate", living)
    assert run("bench", "history", root)[0] == 0
    assert (len(told), told[-1]) == (12, "later")


def test_a_page_and_a_table_are_written(run, root, tmp_path):
    """The same every time: nothing in them is timed or dated today."""
    files = [tmp_path / name for name in ("1.html", "1.md", "2.html", "2.md")]
    for html, markdown in (files[:2], files[2:]):
        assert run("bench", "history", root, "--html", html, "--markdown", markdown)[0] == 0
    texts = [file.read_text() for file in files]
    assert texts[:2] == texts[2:]
    day = git(root, "show", "-s", "--format=%cd", "--date=format-local:%Y-%m-%d").strip()
    assert day in texts[0]
    assert f"| shapes `{git(root, 'rev-parse', 'HEAD')[:10]}` ({day}) | canonical |" in texts[1]


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
    assert sorted(line["hunks"] for line in clones) == [[1], [2]]


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
        ("mine", tmp_path / "nowhere", "--out", tmp_path / "E"),
        ("bench", "history", root, "--disable", "nowhere"),
        ("bench", "history", root, "--html", tmp_path / "nowhere" / "a.html"),
        ("bench", "history", root, "--features", tmp_path),
    ):
        code, out, err = run(*arguments)
        assert (code, out, err.count("\n")) == (2, "", 1), (arguments, out, err)


def test_what_is_in_the_way_of_a_folder_is_said(run, root):
    code, _, err = run("mine", root, "--out", root / "one.py")
    assert (code, "this is no folder; give another --out" in err) == (2, True)
    code, _, err = run("mine", root / "nowhere", "--out", root / "E")
    assert (code, "no such folder; give a clone" in err) == (2, True)
