"""The recorded scenarios hold, and each of them can fail."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from proactive_lsp.needs import DETECTORS, KINDS

ROOT = Path(__file__).parent.parent
SCENARIOS = ROOT / "scenarios"
LANGUAGES = {
    "python": "Python",
    "javascript": "JavaScript",
    "typescript": "TypeScript",
    "go": "Go",
    "rust": "Rust",
    "java": "Java",
    "markdown": "Markdown",
}


def labels(session: Path) -> list[dict[str, object]]:
    """The label lines of a session."""
    lines = map(json.loads, session.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line.get("type") in ("expect", "quiet")]


SESSIONS = sorted(SCENARIOS.glob("*/session.jsonl"))
SPEAKING = [file for file in SESSIONS if any(one["type"] == "expect" for one in labels(file))]
QUIET = [file for file in SESSIONS if any(one["type"] == "quiet" for one in labels(file))]


def replay(*arguments: str | Path, seed: str = "0") -> subprocess.CompletedProcess[bytes]:
    """The command line as a user has it."""
    command = [sys.executable, "-m", "proactive_lsp", "replay", *map(str, arguments)]
    environment = os.environ | {"PYTHONHASHSEED": seed}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)


def test_there_are_enough():
    assert len([file for file in SPEAKING if file not in QUIET]) >= 4
    assert len(QUIET) >= 4
    with (SCENARIOS / "results.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    speaking = [row for row in rows if "speak" in row["label"]]
    silent = [row for row in rows if row["label"] == "quiet"]
    assert len(speaking) >= 25
    assert len(silent) >= 25
    readme = (SCENARIOS / "README.md").read_text(encoding="utf-8")
    for language, name in LANGUAGES.items():
        counts = [
            sum(language in row["languages"].split() for row in some) for some in (speaking, silent)
        ]
        assert all(counts), language
        assert f"| {name} | {counts[0]} | {counts[1]} |" in readme
    assert {kind for row in speaking for kind in row["needs"].split()} == set(KINDS)


def test_all_labels_are_kept():
    done = replay(SCENARIOS, "--check")
    assert done.returncode == 0, done.stdout.decode()


def test_they_come_to_what_is_committed(tmp_path: Path):
    """Whoever changes what is said or kept back looks at the difference, and commits it."""
    results = SCENARIOS / "results.csv"
    done = replay(SCENARIOS, "--check", "--against", results)
    assert done.returncode == 0, f"{done.stdout.decode()}\nmake scenarios-results accepts it"
    # Another table is seen, and told line by line.
    other = tmp_path / "results.csv"
    other.write_bytes(results.read_bytes().replace(b"line-clone,speak", b"line-clone,quiet", 1))
    done = replay(SCENARIOS, "--against", other)
    assert done.returncode == 1
    assert b"\n-line-clone,quiet" in done.stdout
    assert b"\n+line-clone,speak" in done.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--against", "nowhere.csv"), "No such file or directory; write it with"),
        (("--against", "README.md"), "no table of results; write it with"),
        (("--csv", "-", "--json", "-"), "there is one stdout"),
        (("--csv", "no/folder/a.csv"), "there is no folder no/folder"),
    ],
)
def test_what_cannot_be_compared_or_written_is_refused(options: tuple[str, ...], said: str):
    done = replay(SCENARIOS / "line-clone", *options)
    assert (done.returncode, done.stdout) == (2, b"")
    assert said in done.stderr.decode()
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("kind", [detector.KIND for detector in DETECTORS])
def test_no_detector_can_be_missed(kind: str):
    wanting = [
        file.parent for file in SPEAKING if any(one.get("need") == kind for one in labels(file))
    ]
    assert wanting
    for folder in wanting:
        assert replay(folder, "--check", "--disable", kind).returncode == 1, folder.name


def test_what_a_model_foresaw_is_missed_without_its_answers():
    wanting = [
        file.parent
        for file in SPEAKING
        if any(one.get("need") == "predicted" for one in labels(file))
    ]
    assert wanting
    for folder in wanting:
        assert replay(folder, "--check", "--model", "none").returncode == 1, folder.name


def test_every_expectation_compares_the_text():
    for file in SPEAKING:
        for label in labels(file):
            assert label["type"] != "expect" or label.get("after"), file.parent.name


def test_half_of_the_quiet_ones_need_the_filter():
    failing = [
        file.parent.name
        for file in QUIET
        if replay(file.parent, "--check", "--no-filter").returncode == 1
    ]
    assert 2 * len(failing) >= len(QUIET), failing


def test_the_same_bytes_under_any_seed_and_number_of_jobs():
    first = replay(SCENARIOS, "--json", "-")
    assert first.returncode == 0
    assert json.loads(first.stdout)["totals"]["offered"] > 0
    for seed, jobs in (("0", "1"), ("1", "1"), ("2", "2")):
        again = replay(SCENARIOS, "--json", "-", "--jobs", jobs, seed=seed)
        assert again.stdout == first.stdout


def test_a_replay_leaves_the_workspaces_alone():
    before = {path: path.stat().st_mtime_ns for path in SCENARIOS.rglob("workspace/**/*")}
    replay(SCENARIOS)
    assert {path: path.stat().st_mtime_ns for path in SCENARIOS.rglob("workspace/**/*")} == before
