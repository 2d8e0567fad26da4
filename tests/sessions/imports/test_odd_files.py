"""Files that are broken, hostile, huge or of another kind."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from proactive_lsp.cli import run_command_line
from proactive_lsp.events import Close, Open, Save
from proactive_lsp.replay.session import SessionError
from proactive_lsp.sessions.imports import text as text_module
from tests.sessions.imports.making import events, imported, lost, reason, texts
from tests.sessions.imports.traffic import (
    ROOT,
    changed,
    database,
    initialize,
    opened,
    saved,
    trace,
    wire,
)

SAMPLES = Path(__file__).parents[1] / "samples"


def test_other_output_in_the_channel_is_passed_over(traced):
    text = "".join(
        (
            "hello\n[Info  - 10:00:00 AM] started\n",
            trace("10:00:00 AM", initialize()),
            "[Error - 10:00:01 AM] oh\n    at line\n",
            "[Trace - 10:00:01 AM] Sending notification 'textDocument/didOpen'.\nwarning: x\n",
            trace("10:00:01 AM", opened(text="x")).partition("\n")[2],
            "Traceback (most recent call last):\n",
            "[Trace - 10:00:02 AM] nonsense\n",
            "[Trace - 10:00:02 AM] Sending notification 'textDocument/didSave'.\nParams: {\n  \"te",
        )
    )
    done = traced(text)
    assert [type(event) for event in events(done.sessions[0][0])] == [Open]
    assert lost(done)["messages that do not parse"] == 1
    assert reason(done, "other output") == 3


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_files_in_other_encodings(traced, encoding):
    text = trace("10:00:00", initialize()) + trace("10:00:01", opened(text="é🛒"))
    assert texts(traced(text.replace("\n", "\r\n"), encoding).sessions[0][0]) == {"a.py": "é🛒"}


def test_bytes_that_are_no_text_are_said(tmp_path):
    file = tmp_path / "trace.log"
    text = trace("10:00:00", initialize()) + trace("10:00:01", opened(text="QQ"))
    file.write_bytes(text.encode().replace(b"QQ", b"\xff\xfe"))
    done = imported(file, tmp_path)
    assert reason(done, "no text") == 1


def test_a_trace_that_was_not_verbose_is_said(traced):
    text = "".join(
        f"[Trace - 10:00:0{n}] Sending notification 'textDocument/did{what}'.\n"
        for n, what in enumerate(("Open", "Save", "Close"))
    )
    with pytest.raises(SessionError, match="trace with `verbose`"):
        traced(text)


def test_a_trace_that_begins_in_the_middle(traced):
    done = traced(trace("10:00:00", opened(text="x")) + trace("10:00:01", saved()))
    assert [event.path for event in events(done.sessions[0][0])] == ["a.py", "a.py"]
    assert any("in the middle" in note for note in done.notes)


@pytest.mark.parametrize(
    "body",
    [
        {"textDocument": None},
        {"textDocument": {"uri": 7}},
        {"textDocument": {"uri": f"{ROOT}/a.py"}, "contentChanges": [{"range": None}]},
        {"textDocument": {"uri": f"{ROOT}/a.py"}, "contentChanges": 7},
        {
            "textDocument": {"uri": f"{ROOT}/a.py", "version": "x"},
            "contentChanges": [{"range": {"start": {"line": -1, "character": 0}}, "text": ""}],
        },
        [],
        None,
        7,
    ],
)
def test_parameters_of_any_shape(recorded, body):
    methods = ("didOpen", "didChange", "didSave", "didClose")
    wrong = [(f"textDocument/{name}", body) for name in methods]
    done = recorded(initialize(), opened(), *wrong)
    assert isinstance(events(done.sessions[0][0])[0], Open)
    assert sum(number for _, number in done.lost) >= 2


def test_very_many_edits_in_one_message(recorded):
    changes = [(0, n, 0, n, "x") for n in range(20_000)]
    done = recorded(initialize(), opened(), changed(*changes))
    assert texts(done.sessions[0][0]) == {"a.py": "x" * 20_000}


def test_signs_that_move_a_terminal_are_told_by_their_numbers(tmp_path, capsys):
    messages = (initialize(), opened("a\u202e.py", "\x1b[2J"), ("\x1b[31m\u202ehover", {}))
    file = database(tmp_path / "\u202eodd.db", messages)
    out = tmp_path / "out"
    assert run_command_line(["sessions", "import", str(file), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert not {"\x1b", "\u202e"} & set(said)
    assert [path.name for path in out.iterdir()] == ["odd.jsonl"]


def test_nothing_is_written_but_in_the_folder_and_nothing_is_lost_there(tmp_path):
    file = database(tmp_path / "run.db", (initialize(), opened(text="x")))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "run.jsonl").write_text("precious")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    done = imported(file, tmp_path)
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert {*after} - {*before} == {done.sessions[0][0]}
    assert before.items() <= after.items()


def test_the_same_file_makes_the_same_session(tmp_path):
    first, second = (imported(SAMPLES / "vscode-11.log", tmp_path).sessions[0][0] for _ in range(2))
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "looks like none of"),
        (b"hello\n", "say which with --format"),
        (b"Content-Length: 10\r\n\r\n{}", "--to-sqlite"),
        (b"SQLite format 3\0broken", "no whole recording"),
        (b'{"jsonrpc":"2.0","method":"exit"}\n', "nothing in it became an event"),
        (b"[" * 100_000, "looks like none of"),
        (b'{"jsonrpc":"2.0","method":"exit"}\n' + b"[" * 100_000, "do not parse"),
    ],
)
def test_files_of_another_kind_are_one_line(tmp_path, content, message, capsys):
    file = tmp_path / "file"
    file.write_bytes(content)
    out = tmp_path / "out"
    assert run_command_line(["sessions", "import", str(file), "--out", str(out)]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert list(out.iterdir()) == []


def test_wrong_arguments_are_one_line(tmp_path, capsys):
    sample, out = str(SAMPLES / "lsp-devtools.db"), str(tmp_path / "out")
    for arguments, message in (
        ([str(tmp_path / "none"), "--out", out], "no such file"),
        ([str(tmp_path), "--out", out], "not a regular file"),
        ([sample, "--out", sample], "a file; name a folder"),
        ([sample, "--out", out, "--workspace", str(tmp_path / "none")], "--workspace"),
        ([sample], "--out"),
    ):
        assert run_command_line(["sessions", "import", *arguments]) == 2
        assert message in capsys.readouterr().err


def test_a_database_that_would_compute_for_ever_is_refused(tmp_path):
    file = tmp_path / "evil.db"
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"
    with closing(sqlite3.connect(file)) as db, db:
        db.execute(f"CREATE VIEW messages AS SELECT x metadata, x body FROM ({endless})")
    with pytest.raises(SessionError, match="not one of lsp-devtools"):
        imported(file, tmp_path)


def test_a_recording_that_was_not_ended_is_read_with_what_is_pending(tmp_path):
    file = tmp_path / "live.db"
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE messages (metadata JSON, headers JSON, body JSON)")
        for message in (initialize(), opened(text="x")):
            db.execute(
                "INSERT INTO messages VALUES (?, ?, ?)", ("{}", "{}", json.dumps(wire(message)))
            )
        db.commit()
        assert texts(imported(file, tmp_path).sessions[0][0]) == {"a.py": "x"}


@pytest.mark.parametrize("time", ["NaN", "Infinity", "1e999", "1" + "0" * 400, "-1e308"])
def test_times_that_are_none_leave_a_session_that_is_whole(tmp_path, time):
    file = database(tmp_path / "odd.db", [initialize(), opened(text="x"), saved()])
    with closing(sqlite3.connect(file)) as db, db:
        row = json.dumps({"timestamp": 0}).replace("0", time)
        db.execute("UPDATE messages SET metadata = ? WHERE rowid = 2", (row,))
    done = imported(file, tmp_path)
    assert [type(event) for event in events(done.sessions[0][0])] == [Open, Save]


def test_values_without_end_in_a_database_are_not_held(tmp_path):
    file = database(tmp_path / "long.db", [initialize(), opened(text="x"), saved()])
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("UPDATE messages SET metadata = hex(zeroblob(100000)) WHERE rowid = 2")
    assert len(events(imported(file, tmp_path).sessions[0][0])) == 2
    computed = tmp_path / "computed.db"
    with closing(sqlite3.connect(computed)) as db, db:
        made = "body TEXT GENERATED ALWAYS AS (hex(zeroblob(400000000))) VIRTUAL"
        db.execute(f"CREATE TABLE messages (metadata TEXT, {made})")
        db.execute("INSERT INTO messages (metadata) VALUES ('{}')")
    with pytest.raises(SessionError, match="too big"):
        imported(computed, tmp_path)


def test_an_edit_in_a_line_that_is_too_long_is_known_to_be_lost(tmp_path, monkeypatch):
    monkeypatch.setattr(text_module, "MAX_LINE", 2_000)
    edits = [(0, 0, 0, 0, "x")] * 100
    messages = (initialize(), opened(text="1"), changed(*edits), changed((0, 1, 0, 1, "y")))
    file = tmp_path / "run.jsonl"
    file.write_text("".join(json.dumps(wire(each)) + "\n" for each in messages))
    done = imported(file, tmp_path)
    assert [type(event) for event in events(done.sessions[0][0])] == [Open, Close]
    assert reason(done, "text is unknown") == 1
