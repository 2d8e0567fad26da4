"""The commands that make other sessions of recorded ones, by the command line."""

import json
import zipfile
from pathlib import Path

import pytest

from proactive_lsp.cli import run_command_line
from proactive_lsp.events import (
    Answer,
    Close,
    CommittedFile,
    Git,
    Open,
    Save,
    SuggestionEvent,
    span,
)
from proactive_lsp.replay.session import (
    Expect,
    FilesWorkspace,
    FolderWorkspace,
    Quiet,
    read_header,
    read_items,
    scan,
)
from proactive_lsp.sessions.moment import Moment
from proactive_lsp.workspace.tree import FilesTree
from tests.hour import events as hour_events
from tests.hour import files as hour_files
from tests.sessions.making import opened, session, typed

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def run(*arguments: object) -> int:
    return run_command_line(["sessions", *map(str, arguments)])


def items(file: Path) -> list:
    return [item for _, item in read_items(file)]


def state(file: Path) -> dict[str, str]:
    """Every text at the end of a session."""
    workspace = read_header(file).workspace
    assert isinstance(workspace, FilesWorkspace)
    moment = Moment(FilesTree(workspace.files))
    for item in items(file):
        if not isinstance(item, Expect | Quiet):
            moment.apply(item)
    texts = {path: moment.saved.read(path) or "" for path in moment.saved.paths()}
    return texts | {opened.path: opened.text for opened in moment.opens(0)}


# Trim.


@pytest.mark.parametrize("cut", [0.0, 600.0, 1_800.0, 3_000.0])
def test_a_trimmed_session_ends_as_the_whole_one(tmp_path, cut):
    """An hour's work: wherever it is cut, its second part ends with the same texts."""
    whole = session(tmp_path / "whole.jsonl", hour_events(), files=hour_files())
    assert run("trim", whole, "--from", cut, "-o", tmp_path / "part.jsonl") == 0
    assert state(tmp_path / "part.jsonl") == state(whole)
    assert scan(tmp_path / "part.jsonl").end == pytest.approx(scan(whole).end - cut)


def test_a_piece_begins_with_the_workspace_of_its_moment(tmp_path):
    """What was saved or committed is in the files, what was typed in the buffer alone."""
    whole = session(
        tmp_path / "whole.jsonl",
        [
            opened(1, "a.py", "one\n"),
            typed(2, "a.py", 1, "two\n"),
            Save(3, "a.py"),
            typed(4, "a.py", 2, "three\n", version=3),
            Git(5, "commit", paths=("a.py",), message="Count"),
            Git(6, "checkout", files=(CommittedFile("b.py", "b\n", None),)),
            Expect(t=9, need="broken-call", path="a.py", within=5),
            typed(10, "a.py", 3, "four\n", version=4),
            Quiet(11, 12),
            Save(20, "a.py"),
        ],
        files={"a.py": "one\n", "b.py": "b\n", "c.py": "c\n"},
    )
    part = tmp_path / "part.jsonl"
    assert run("trim", whole, "--from", 10, "--to", 15, "-o", part) == 0
    header = read_header(part)
    assert header.workspace == FilesWorkspace(
        {"a.py": "one\ntwo\n", "c.py": "c\n"}, (("a.py",),), ("Count",)
    )
    assert header.created == "2026-01-01T09:00:10.000+00:00"
    assert items(part) == [
        Open(0, "a.py", 3, "python", "one\ntwo\nthree\n"),
        typed(0, "a.py", 3, "four\n", version=4),
        Quiet(1, 2),
    ]


def test_a_folder_is_still_found_from_elsewhere(tmp_path):
    part = tmp_path / "part.jsonl"
    assert run("trim", SCENARIOS / "renamed-function", "--to", 1e6, "-o", part) == 0
    assert isinstance(read_header(part).workspace, FolderWorkspace)
    assert run_command_line(["replay", str(part), "--check"]) == 0


def test_nothing_to_trim_is_said(tmp_path, capsys):
    whole = session(tmp_path / "whole.jsonl", [Save(1, "a")])
    assert run("trim", whole, "--from", 5, "-o", tmp_path / "part.jsonl") == 2
    assert "nothing happened from 5" in capsys.readouterr().err
    assert not (tmp_path / "part.jsonl").exists()


# Redact.


def test_todays_rules_mask_what_an_old_session_has(tmp_path):
    """In the texts, the edits, the past, and labels; lines and lengths stay."""
    key = "sk-proj-" + "aB3dE5gH7jK9mN1pQ3sT5vX7zA2cD4fG6hJ8kL0"
    line = f'API_KEY = "{key}"\n'
    whole = session(
        tmp_path / "old.jsonl",
        [
            opened(0, "a.py", line),
            typed(1, "a.py", 1, line),
            Expect(t=1, need="line-clone", path="a.py", within=5, after=line),
        ],
        files={"a.py": line},
    )
    assert key in whole.read_text()
    assert run("redact", whole, "-o", tmp_path / "new.jsonl") == 0
    assert key[8:] not in (tmp_path / "new.jsonl").read_text()
    assert [len(str(item)) for item in items(tmp_path / "new.jsonl")] == [
        len(str(item)) for item in items(whole)
    ]


def test_structure_replays_with_the_same_moments(tmp_path, capsys):
    """Work without its words: as many events, boundaries and edits, none of its text."""
    events = [event for event in hour_events() if event.t < 400]
    whole = session(tmp_path / "whole.jsonl", events, files=hour_files())
    shaped = tmp_path / "shaped.jsonl"
    assert run("redact", whole, "--structure", "-o", shaped) == 0
    capsys.readouterr()
    counts = []
    for file in (whole, shaped):
        assert run("stats", file, "--json") == 0
        counts.append(json.loads(capsys.readouterr().out))
    same = ("duration", "events", "boundaries", "characters", "answers")
    assert [counts[0][name] for name in same] == [counts[1][name] for name in same]
    assert list(counts[0]["edited"].values()) == list(counts[1]["edited"].values())
    assert run_command_line(["replay", str(shaped), "--json", "-"]) == 0
    assert set(hour_files()) & set(state(shaped)) <= {"CHANGELOG.md", "README.md"}


# Export.


def test_an_exported_session_needs_nothing_else(tmp_path, monkeypatch, capsys):
    out = tmp_path / "one.jsonl"
    assert run("export", SCENARIOS / "renamed-function", "-o", out) == 0
    assert isinstance(read_header(out).workspace, FilesWorkspace)
    monkeypatch.chdir(tmp_path)
    assert run_command_line(["replay", "one.jsonl", "--check"]) == 0


def test_a_zip_has_the_answers_of_the_model(tmp_path):
    out = tmp_path / "one.zip"
    assert run("export", SCENARIOS / "failing-test", "-o", out) == 0
    with zipfile.ZipFile(out) as archive:
        assert archive.namelist() == ["one/session.jsonl", "one/session.answers.json"]
        archive.extractall(tmp_path)
    assert run_command_line(["replay", str(tmp_path / "one"), "--check"]) == 0


# Merge.


def test_two_recordings_are_told_in_the_order_of_the_clock(tmp_path):
    """One is told of ten seconds later than the other; its open file waits until it is free."""
    files = {"a.py": "a\n", "b.py": "b\n"}
    one = session(
        tmp_path / "one.jsonl",
        [opened(0, "a.py", "a\n"), Save(12, "a.py"), Close(20, "a.py")],
        files=files,
    )
    other = session(
        tmp_path / "other.jsonl",
        [opened(1, "a.py", "a\n"), opened(3, "b.py", "b\n"), typed(15, "a.py", 0, "x\n")],
        files=files,
        created="2026-01-01T10:00:10+01:00",
    )
    out = tmp_path / "both.jsonl"
    assert run("merge", other, one, "-o", out) == 0
    assert items(out) == [
        opened(0, "a.py", "a\n"),
        Save(12, "a.py"),
        opened(13, "b.py", "b\n"),
        Close(20, "a.py"),
        opened(20, "a.py", "a\n"),
        typed(25, "a.py", 0, "x\n"),
    ]


def test_a_file_changed_in_both_cannot_be_merged(tmp_path, capsys):
    files = {"a.py": "a\n"}
    one, other = (
        session(
            tmp_path / f"{name}.jsonl",
            [opened(0, "a.py", "a\n"), typed(at, "a.py", 0, "x\n")],
            files=files,
        )
        for name, at in (("one", 5), ("other", 6))
    )
    assert run("merge", one, other, "-o", tmp_path / "both.jsonl") == 2
    assert "a.py was changed in both at 6 s" in capsys.readouterr().err
    assert not (tmp_path / "both.jsonl").exists()


def test_recordings_of_different_workspaces_are_refused(tmp_path, capsys):
    one = session(tmp_path / "one.jsonl", [Save(1, "a")], files={"a": ""})
    other = session(tmp_path / "other.jsonl", [Save(1, "b")], files={"b": ""})
    assert run("merge", one, other, "-o", tmp_path / "both.jsonl") == 2
    assert "not recorded over the same workspace" in capsys.readouterr().err


# Look.


def test_stats_count_everything(tmp_path, capsys):
    where = span(0, 0, 0, 1)
    file = session(
        tmp_path / "s.jsonl",
        [
            opened(0, "a.py", "a\n"),
            typed(1, "a.py", 0, "xyz\n"),
            typed(4, "a.py", 0, "x\n", version=3),
            Save(4.5, "a.py"),
            SuggestionEvent(4.5, "1", "offered", "broken-call", "a.py", where),
            Answer(6, "1", "accepted"),
            Quiet(7, 8),
        ],
    )
    assert run("stats", file, "--json") == 0
    counted = json.loads(capsys.readouterr().out)
    assert counted["events"] == {"answer": 1, "edit": 2, "open": 1, "save": 1, "suggestion": 1}
    assert counted["boundaries"] == {"pause": 1, "save": 1}
    assert (counted["answers"], counted["suggestions"]) == ({"accepted": 1}, {"offered": 1})
    assert (counted["labels"], counted["characters"], counted["duration"]) == ({"quiet": 1}, 6, 7.0)
    assert run("stats", file) == 0
    assert "edit 2" in capsys.readouterr().out


def test_list_tells_of_each_recording(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    session(tmp_path / "one.jsonl", [Save(1, "a"), Save(3_723, "a")], files={"a": ""})
    (tmp_path / "two.jsonl").write_text("nothing\n")
    assert run("list", tmp_path) == 0
    out = capsys.readouterr().out
    one = next(line for line in out.splitlines() if line.startswith("one "))
    assert "2026-01-01 09:00:00" in one
    assert "1:02:03" in one
    assert "1 file" in one
    assert "no session header" in " ".join(out.split())


def test_list_without_recordings_says_where_they_would_be(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert run("list") == 0
    assert capsys.readouterr().out.startswith("Nothing is recorded in ")


@pytest.mark.parametrize("command", ["trim", "redact", "export", "capture"])
def test_nothing_is_ever_overwritten(tmp_path, capsys, command):
    file = session(tmp_path / "s.jsonl", [opened(0, "a.py", "a\n")], files={"a.py": "a\n"})
    there = tmp_path / "there.jsonl"
    there.write_text("mine")
    assert run(command, file, "-o", there) == 2
    assert "it is there already" in capsys.readouterr().err
    assert there.read_text() == "mine"
