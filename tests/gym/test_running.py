"""A run: the same whoever works, goes on where it stopped, and leaves nothing lying about."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from distributed import LocalCluster

from tests.gym.grounds import Line, shop
from tests.repositories import git

pytestmark = pytest.mark.shipped_weights


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return shop(tmp_path_factory.mktemp("grounds") / "shop")


@pytest.fixture
def line(capsys):
    return Line(capsys)


def content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def arguments(root: Path, out: Path, *more: object) -> tuple[object, ...]:
    run = ("gym", "run", "--user", "history", "--repo", root, "--commits", 3)
    return (*run, "--out", out, "--json", f"{out}.json", *more)


def test_whoever_works_the_bytes_are_the_same(root, tmp_path, line):
    one, two, three = (tmp_path / name for name in ("one", "two", "three"))
    assert line(*arguments(root, one))[0] == 0
    assert line(*arguments(root, two, "--jobs", 2))[0] == 0
    bench = ("bench", "history", root, "--commits", 3, "--json", "-")
    here = line(*bench)
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        code, _, err = line(*arguments(root, three, "--cluster", cluster.scheduler_address))
        assert code == 0, err
        there = line(*bench, "--cluster", cluster.scheduler_address)
    assert content(one) == content(two) == content(three)
    results = [Path(f"{each}.json").read_bytes() for each in (one, two, three)]
    assert results[0] == results[1] == results[2]
    assert here[0] == there[0] == 0
    assert _without_latency(here[1]) == _without_latency(there[1])


def _without_latency(text: str) -> object:
    def cut(value):
        if isinstance(value, dict):
            return {key: cut(each) for key, each in value.items() if key != "latency_ms"}
        return [cut(each) for each in value] if isinstance(value, list) else value

    return cut(json.loads(text))


def test_a_cluster_that_is_not_there_is_said_in_a_line(root, tmp_path, line, monkeypatch):
    monkeypatch.setattr("proactive_lsp.evaluation.workers._CONNECT_SECONDS", 1)
    for address in ("tcp://127.0.0.1:1", "nonsense"):
        code, _, err = line(*arguments(root, tmp_path / "out", "--cluster", address))
        assert code == 2
        assert "no Dask scheduler answers" in err.splitlines()[-1]


def test_dask_is_named_where_it_is_missing(root, tmp_path, line, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    code, _, err = line(*arguments(root, tmp_path / "out", "--cluster", "tcp://127.0.0.1:1"))
    assert code == 2
    assert "pip install 'proactive-lsp[cluster]'" in err
    assert err.count("\n") == 1


def test_a_run_goes_on_where_it_stopped(root, tmp_path, line):
    out = tmp_path / "out"
    assert line(*arguments(root, out))[0] == 0
    whole, result = content(out), Path(f"{out}.json").read_bytes()
    lost, *kept = sorted(out.glob("*.jsonl"))
    before = {file: file.stat().st_mtime_ns for file in kept}
    lost.unlink()
    # As a crash in the middle of a write leaves it.
    (out / ".mining-abc").write_bytes(b"half")
    assert line(*arguments(root, out))[0] == 0
    (out / ".mining-abc").unlink()
    assert content(out) == whole
    assert Path(f"{out}.json").read_bytes() == result
    assert {file: file.stat().st_mtime_ns for file in kept} == before


def test_other_options_want_another_folder(root, tmp_path, line):
    out = tmp_path / "out"
    assert line(*arguments(root, out))[0] == 0
    whole = content(out)
    for more, said in (
        (("--seed", 7), "seed 0"),
        (("--temperament", "busy"), 'temperament "patient"'),
        (("--labels",), "labels false"),
        (("--commits", 2), "other commits"),
    ):
        code, _, err = line(*arguments(root, out, *more))
        assert code == 2
        assert said in err
        assert "give another --out" in err
    assert content(out) == whole
    file = tmp_path / "file"
    file.touch()
    assert "this is no folder; give another --out" in line(*arguments(root, file))[2]
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "mine.jsonl").write_text("{}")
    code, _, err = line(*arguments(root, foreign))
    assert code == 2
    assert [each.name for each in foreign.iterdir()] == ["mine.jsonl"]


HOSTILE = """
[core]
    fsmonitor = touch {mark}; false
    hooksPath = {hooks}
    sshCommand = touch {mark}
[filter "evil"]
    clean = touch {mark}; cat
    smudge = touch {mark}; cat
    required = true
[diff "evil"]
    textconv = touch {mark}; cat
    command = touch {mark}
[merge "evil"]
    driver = touch {mark}
[gpg]
    program = touch {mark}
[commit]
    gpgSign = true
"""
HOOKS = ("pre-commit", "post-commit", "post-checkout", "commit-msg", "reference-transaction")


def test_a_hostile_repository_runs_nothing_and_is_left_as_it_was(tmp_path, line):
    root, mark, hooks = shop(tmp_path / "shop"), tmp_path / "ran", tmp_path / "hooks"
    for folder in (hooks, root / ".git" / "hooks"):
        folder.mkdir(exist_ok=True)
        for name in HOOKS:
            hook = folder / name
            hook.write_text(f"#!/bin/sh\ntouch {mark}\n")
            hook.chmod(0o755)
    (root / ".gitattributes").write_text("* filter=evil diff=evil merge=evil ident\n")
    (root / ".gitmodules").write_text('[submodule "x"]\n path = x\n url = ext::sh -c touch% /\n')
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},x")
    git(root, "add", ".gitattributes", ".gitmodules")
    git(root, "-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "Be hostile")
    (root / "README.md").write_text("# Shop\n\nChanged.\n")
    git(root, "-c", "core.hooksPath=/dev/null", "commit", "-q", "-a", "-m", "Change")
    mark.unlink(missing_ok=True)
    with (root / ".git" / "config").open("a") as config:
        config.write(HOSTILE.format(mark=mark, hooks=hooks))
    (root / "README.md").write_text("not committed\n")
    before = _everything(root)
    code, _, err = line(*arguments(root, tmp_path / "out"))
    assert code == 0, err
    assert not mark.exists()
    assert _everything(root) == before


def _everything(root: Path) -> dict[str, bytes]:
    files = (file for file in root.rglob("*") if file.is_file())
    return {str(file.relative_to(root)): file.read_bytes() for file in files}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_whoever_is_ended_leaves_no_folder_behind(root, tmp_path, number, line):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment = {**os.environ, "TMPDIR": str(temporary)}
    command = [sys.executable, "-m", "proactive_lsp", *map(str, arguments(root, tmp_path / "out"))]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not list(temporary.glob("proactive-gym-*/work/.git")) and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(number)
    process.wait(60)
    if number == signal.SIGKILL:
        # Nobody can tidy up then, so the next run does, and it goes on.
        again = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
        assert again.returncode == 0
        assert len(list((tmp_path / "out").glob("*.jsonl"))) == 3
    assert list(temporary.glob("proactive-gym-*")) == []


def test_a_full_disk_is_said_and_loses_nothing(root, tmp_path, line, monkeypatch):
    out = tmp_path / "out"
    real = Path.replace
    calls = []

    def fails(self, target):
        calls.append(target)
        if len(calls) > 3:
            raise OSError(28, "No space left on device", str(target))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", fails)
    before = set(Path(tempfile.gettempdir()).glob("proactive-gym-*"))
    code, _, err = line(*arguments(root, out))
    assert code == 2
    assert "No space left" in err
    assert set(Path(tempfile.gettempdir()).glob("proactive-gym-*")) <= before
    monkeypatch.setattr(Path, "replace", real)
    assert line(*arguments(root, out))[0] == 0
    assert len(list(out.glob("*.jsonl"))) == 3
