"""`proactive-lsp forget --learned`: one line that says what was forgotten, or why nothing was."""

import sqlite3
from contextlib import closing

import pytest

from proactive_lsp.cli import run_command_line
from proactive_lsp.events import Save
from proactive_lsp.memory import Memory, SqliteStore, store_path


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A workspace folder whose user keeps state in a place of this test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    root = tmp_path / "workspace"
    root.mkdir()
    return root


def taught(folder):
    memory = Memory(SqliteStore(store_path(folder, None)))
    memory.learn("line-clone", "save", "lib", "dismissed")
    memory.learn("broken-call", "save", "lib", "accepted")
    memory.dismiss(["one"])
    memory.mute("docstring")
    memory.close()


def test_says_what_was_forgotten_and_keeps_every_no(folder, capsys):
    taught(folder)
    assert run_command_line(["forget", "--learned", "--workspace", str(folder)]) == 0
    assert capsys.readouterr().out == (
        "Forgot what was learned of broken-call, line-clone; the shipped weights hold again.\n"
    )
    again = Memory(SqliteStore(store_path(folder, None)))
    assert again.learned_kinds() == ()
    assert again.weights("line-clone") == {}
    assert (again.dismissed(), again.muted()) == ({"one"}, {("docstring", "")})
    again.close()
    assert run_command_line(["forget", "--learned", "--workspace", str(folder)]) == 0
    assert capsys.readouterr().out == "Nothing was learned.\n"


def test_events_are_forgotten_by_themselves_or_with_the_rest(folder, capsys):
    taught(folder)
    memory = Memory(SqliteStore(store_path(folder, None)))
    memory.append(Save(1.0, "a.py"))
    memory.close()
    assert run_command_line(["forget", "--events", "--workspace", str(folder)]) == 0
    assert capsys.readouterr().out == "Forgot 1 event.\n"
    again = Memory(SqliteStore(store_path(folder, None)))
    assert (again.number, len(again.learned_kinds()), again.dismissed()) == (0, 2, {"one"})
    again.close()
    assert run_command_line(["forget", "--events", "--learned", "--workspace", str(folder)]) == 0
    assert capsys.readouterr().out == (
        "No event was remembered.\n"
        "Forgot what was learned of broken-call, line-clone; the shipped weights hold again.\n"
    )


def test_here_is_where_it_looks(folder, capsys, monkeypatch):
    taught(folder)
    monkeypatch.chdir(folder)
    assert run_command_line(["forget", "--learned"]) == 0
    assert "broken-call, line-clone" in capsys.readouterr().out


def test_where_nothing_was_learned_nothing_is_made(folder, capsys):
    assert run_command_line(["forget", "--learned", "--workspace", str(folder)]) == 0
    assert capsys.readouterr().out == "Nothing was learned.\n"
    assert not store_path(folder, None).exists()


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ([], "forget: say what; give --learned or --events, or both"),
        (["--learned", "--workspace", "nowhere"], "--workspace nowhere: no such folder"),
    ],
)
def test_bad_arguments_are_one_line(folder, capsys, arguments, error):
    assert run_command_line(["forget", *arguments]) == 2
    assert capsys.readouterr().err == f"proactive-lsp: {error}\n"


def test_a_store_of_a_newer_version_is_left_alone(folder, capsys):
    taught(folder)
    file = store_path(folder, None)
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA user_version = 99")
    assert run_command_line(["forget", "--learned", "--workspace", str(folder)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "nothing was forgotten" in line
    assert "update proactive-lsp" in line


def test_a_locked_store_is_said(folder, capsys):
    taught(folder)
    with closing(sqlite3.connect(store_path(folder, None), isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        assert run_command_line(["forget", "--learned", "--workspace", str(folder)]) == 2
        db.execute("ROLLBACK")
    assert "nothing was forgotten" in capsys.readouterr().err
