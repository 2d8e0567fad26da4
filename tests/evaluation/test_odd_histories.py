"""Whatever a repository holds, the benchmark has figures for it, or one clear line."""

import json
import subprocess

import pytest

from proactive_lsp.cli import run_command_line
from proactive_lsp.evaluation.commits import select
from tests.evaluation.contract import problems
from tests.evaluation.histories import CLONES, FIXED, LINE, NEW, history_of, lived, opened
from tests.repositories import commit, git, write

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 12\n"


@pytest.fixture
def bench(capsys):
    """Runs the benchmark; the report of one that succeeded, else the error."""

    def bench(*arguments):
        words = ("bench", "history", *map(str, arguments), "--json", "-")
        code = run_command_line(words)
        out, err = capsys.readouterr()
        if code:
            assert (code, out, err.count("\n")) == (2, "", 1), err
            return err
        report = json.loads(out)
        assert problems(report) == []
        return report

    return bench


def counted(root):
    """The files and numbers of hunks of each commit that counts, newest first."""
    history = opened(root)
    try:
        return [
            {file.path: len(file.hunks) for file in found.files}
            for found in select(history, "HEAD")
        ]
    finally:
        history.close()


def clone(root, to, *options):
    subprocess.run(("git", "clone", "-q", *options, f"file://{root}", to), check=True)
    return to


def test_a_shallow_clone(tmp_path, bench):
    """What it has counts; where nothing does, that is said."""
    root = history_of(tmp_path / "r", CLONES, FIXED, {"one.py": "x = 1\n"})
    shallow = clone(root, tmp_path / "two", "--bare", "--depth", "2")
    assert bench(shallow)["repositories"][0]["commits"] == 1
    assert "shallow" in bench(clone(root, tmp_path / "one", "--bare", "--depth", "1"))


def test_a_clone_without_blobs(tmp_path, bench):
    """Nothing is fetched for it."""
    root = history_of(tmp_path / "r", CLONES, FIXED)
    git(root, "config", "uploadpack.allowFilter", "true")
    partial = clone(root, tmp_path / "p", "--bare", "--filter=blob:none")
    assert "no commit counts" in bench(partial)


def test_submodules(tmp_path, bench):
    """One that comes, moves and goes is no file; inside of it is a repository like any other."""
    inner = history_of(tmp_path / "inner", {"lib.py": "x = 1\n"}, {"lib.py": "x = 2\n"})
    root = history_of(tmp_path / "r", CLONES)
    git(root, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner), "sub")
    write(root, {"one.py": FIXED["one.py"]})
    commit(root, "Add it")
    git(root / "sub", "checkout", "-q", "HEAD~1")
    write(root, {"two.py": FIXED["two.py"]})
    commit(root, "Move it")
    git(root, "rm", "-q", "-f", "sub")
    write(root, {"three.py": FIXED["three.py"]})
    commit(root, "Remove it")
    assert counted(root) == [
        {".gitmodules": 1, "three.py": 1},
        {"two.py": 1},
        {".gitmodules": 1, "one.py": 1},
    ]
    (row,) = bench(root)["repositories"]
    assert row["commits"] == 3
    git(root, "revert", "--no-edit", "HEAD")
    git(root, "-c", "protocol.file.allow=always", "submodule", "update", "-q", "--init")
    git(root / "sub", "checkout", "-q", "origin/main")
    assert bench(root / "sub")["repositories"][0]["commits"] == 1


def test_pointers_to_large_files(tmp_path):
    states = [{"model.bin": POINTER.format(number), "a.py": f"a = {number}\n"} for number in "012"]
    assert counted(history_of(tmp_path / "r", *states)) == [{"a.py": 1}, {"a.py": 1}]


def test_modes_line_ends_and_what_is_no_text(tmp_path):
    """A file that becomes binary or loses its encoding has no hunks, then or later."""
    root = history_of(tmp_path / "r", {**CLONES, "a.py": "a = 1\n"})
    (root / "one.py").chmod(0o755)
    commit(root, "Executable")
    write(root, {"two.py": CLONES["two.py"].replace("\n", "\r\n")})
    commit(root, "Line ends")
    for content in (b"\0\1\2", b"\0\1\3", b"caf\xe9\n", b"caf\xe8\n", b"a = 4\n"):
        (root / "one.py").write_bytes(content)
        commit(root, "No text")
    git(root, "commit", "-q", "--allow-empty", "-m", "Nothing")
    write(root, {"a.py": "a = 2\n"})
    (root / "one.py").write_bytes(b"caf\xe9\n")
    commit(root, "Both")
    assert counted(root) == [{"a.py": 1}]


def test_line_ends_of_windows(tmp_path):
    """Cards come and are right as anywhere else."""
    before, after = (
        {name: text.replace("\n", "\r\n") for name, text in state.items()}
        for state in (CLONES, FIXED)
    )
    first, *_ = lived(history_of(tmp_path / "r", before, after)).alarms
    assert sorted(spot.hunks for spot in first.spots) == [(1,), (2,)]
    assert [spot.exact for spot in first.spots] == [True, True]


@pytest.mark.parametrize("seed", range(4))
def test_a_commit_that_deletes_what_a_card_names(tmp_path, seed):
    """A deletion is no edit: the place is neither right nor followed."""
    root = history_of(tmp_path / "r", CLONES, {"one.py": FIXED["one.py"], "three.py": None})
    for options in ({}, {"order": "random", "seed": seed}):
        result = lived(root, **options)
        assert result.edits == 1
        for alarm in (*result.alarms, *result.after):
            assert [spot.hunks for spot in alarm.spots] == [()] * len(alarm.spots)
            assert {spot.end.path for spot in alarm.spots if spot.end} <= {"two.py"}


def test_a_file_that_is_deleted_after_its_edits(tmp_path, bench):
    """By a later commit, or under another name in the same one."""
    root = history_of(
        tmp_path / "r",
        CLONES,
        {"one.py": FIXED["one.py"]},
        {"two.py": None, "one.py": None, "uno.py": FIXED["one.py"].replace("one", "uno")},
        {"three.py": None},
    )
    (row,) = bench(root)["repositories"]
    assert (row["commits"], row["edits"]) == (2, 2)
    assert row["total"]["within_10"]["alarm_precision"] in (None, 0)


def test_only_deletions_do_not_count(tmp_path, bench):
    root = history_of(tmp_path / "r", CLONES, {"one.py": None}, {"two.py": None})
    assert "no commit counts" in bench(root)


def test_a_renamed_file_with_edits(tmp_path):
    """Its places have the old name before, the new name after."""
    body = "".join(f"line_{number} = {number}\n" for number in range(30))
    before = {"one.py": CLONES["one.py"], "old.py": body + LINE, "two.py": CLONES["two.py"]}
    after = {
        **{"one.py": FIXED["one.py"], "two.py": FIXED["two.py"]},
        **{"old.py": None, "new.py": body.replace("= 7\n", "= 8\n") + NEW},
    }
    root = history_of(tmp_path / "r", before, after)
    for seed in range(4):
        result = lived(root, order="random", seed=seed)
        assert result.edits == 4
        right = {hunk for alarm in result.alarms for spot in alarm.spots for hunk in spot.hunks}
        assert right


def test_neither_tests_nor_a_changelog(tmp_path, bench):
    (row,) = bench(history_of(tmp_path / "r", CLONES, FIXED))["repositories"]
    assert row["baselines"]["always-tests"]["alarm_precision"] == 0
    assert row["total"]["alarm_precision"] > 0


def test_a_folder_of_a_repository(tmp_path, bench):
    """Only what lies in it counts, now and later."""
    states = [{f"pkg/{name}": text for name, text in state.items()} for state in (CLONES, FIXED)]
    root = history_of(tmp_path / "r", *states, {"other.py": "x = 1\n"}, {"pkg/one.py": "x = 1\n"})
    (row,) = bench(root / "pkg")["repositories"]
    assert (row["name"], row["commits"]) == ("pkg", 2)
    assert row["total"]["within_10"]["alarm_precision"] > 0


def test_a_tree_that_is_too_large_for_some_commits(tmp_path, monkeypatch, capsys):
    """Those are left out, which is said; the others count."""
    root = history_of(tmp_path / "r", CLONES, FIXED, {"four.py": "x = 1\n"}, {"four.py": "x = 2\n"})
    monkeypatch.setattr("proactive_lsp.evaluation.benchmark.MOST_FILES", 3)
    assert run_command_line(["bench", "history", str(root)]) == 0
    out, _ = capsys.readouterr()
    assert "2 commits, " in out
    assert "1 left out, each tree missing or of more than 3 files" in out


def test_names_that_are_no_plain_text(tmp_path, bench):
    """Spaces, quotes, line breaks and other alphabets; of no encoding at all, left out."""
    names = ("a b.py", "it's.py", 'say "x".py', "été.py", "名前.py", "two\nlines.py", "-r.py")
    root = history_of(tmp_path / "r", dict.fromkeys(names, LINE), dict.fromkeys(names, NEW))
    (root.joinpath("x").parent / "bad").mkdir()
    with open(bytes(root / "bad") + b"/\xff.py", "w") as file:  # noqa: PTH123 - bytes
        file.write(LINE)
    write(root, {"plain.py": LINE})
    commit(root, "Bad name")
    assert set(counted(root)[0]) == {"plain.py"}
    assert bench(root)["repositories"][0]["commits"] == 2
