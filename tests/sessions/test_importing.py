"""Traffic that others recorded becomes sessions, and whatever cannot is told."""

import json
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proactive_lsp.cli import run_command_line
from proactive_lsp.events import Close, Edit, FileOperation, Focus, Open, Save
from proactive_lsp.replay.session import SessionError, read_header, read_items, scan
from proactive_lsp.sessions.importing import Format, import_file
from proactive_lsp.workspace.documents import apply_changes
from tests.sessions.traffic import (
    ROOT,
    answer,
    changed,
    closed,
    database,
    initialize,
    opened,
    saved,
    trace,
    wire,
)

SAMPLES = Path(__file__).parent / "samples"
STORY = json.loads((SAMPLES / "story.json").read_text("utf-8"))


def imported(file, tmp_path, format=Format.AUTO, workspace=None):
    out = tmp_path / "out"
    out.mkdir(exist_ok=True)
    return import_file(file, format, workspace, out)


def events(path):
    assert scan(path)
    return [item for _, item in read_items(path)]


def texts(path):
    """The texts in the end, also of documents that were closed."""
    found = {}
    for event in events(path):
        if isinstance(event, Open):
            found[event.path] = event.text
        elif isinstance(event, Edit):
            found[event.path] = apply_changes(found[event.path], event.changes)
    return found


def lost(done):
    return dict(done.lost)


def reason(done, part):
    return sum(number for text, number in done.lost if part in text)


@pytest.fixture
def recorded(tmp_path):
    """What comes of messages that lsp-devtools recorded."""

    def recorded(*messages, step=1.0, **given):
        file = database(tmp_path / "run.db", messages, step)
        return imported(file, tmp_path, **given)

    return recorded


@pytest.fixture
def traced(tmp_path):
    """What comes of a trace of VS Code."""

    def traced(text, encoding="utf-8"):
        file = tmp_path / "trace.log"
        file.write_bytes(text.encode(encoding))
        return imported(file, tmp_path)

    return traced


# What the real tools recorded.


@pytest.mark.parametrize(
    "name",
    [
        *("vscode-9.log", "vscode-9-json.log", "vscode-11.log", "vscode-11-json.log"),
        *("lsp-devtools.jsonl", "lsp-devtools.db"),
    ],
)
def test_a_recording_of_a_real_tool_tells_the_story(name, tmp_path):
    before = (SAMPLES / name).read_bytes()
    done = imported(SAMPLES / name, tmp_path)
    ((path, count),) = done.sessions
    told = events(path)
    kinds = (Open, Edit, Save, Open, Edit, Save, FileOperation, Close)
    assert tuple(map(type, told)) == kinds
    assert count == len(kinds)
    assert texts(path) == {
        "prices.py": STORY["files"]["prices.py"].replace("rate", "tax"),
        "cart.py": STORY["files"]["cart.py"].replace('cart"', 'cart 🧺"'),
    }
    assert read_header(path).workspace.files == STORY["files"]
    assert read_header(path).name == "shop"
    assert told[-2].to == "basket.py"
    assert reason(done, "textDocument/hover") == 1
    assert 1 < told[-1].t < 20
    assert (SAMPLES / name).read_bytes() == before
    assert sorted(each.name for each in SAMPLES.iterdir() if name in each.name) == [name]


def test_the_command_says_what_became_of_it(tmp_path, capsys):
    out = tmp_path / "new" / "out"
    files = [str(SAMPLES / "vscode-9.log"), str(SAMPLES / "lsp-devtools.jsonl")]
    assert run_command_line(["sessions", "import", *files, "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert f"{out}/vscode-9.jsonl: 8 events of {files[0]} (vscode-trace)" in said
    assert "note: times are whole seconds" in said
    assert "note: no times were recorded" in said
    assert "lost: 1 textDocument/hover, which no event stands for" in said
    assert run_command_line(["replay", str(out)]) == 0


# Times.


def test_times_of_day_go_on_past_noon_and_midnight(traced):
    clocks = ("11:59:58 AM", "12:00:01 PM", "1:00:00 PM", "11:59:59 PM", "12:00:02 AM")
    messages = (initialize(), opened(), saved(), saved(), saved())
    done = traced("".join(map(trace, clocks, messages)))
    assert [event.t for event in events(done.sessions[0][0])] == [3.0, 3602.0, 43201.0, 43204.0]


@pytest.mark.parametrize(
    ("clocks", "seconds"),
    [
        (("23:59:58", "0:00:01", "00:00:02"), [3.0, 4.0]),
        (("12:59:58", "1:00:01", "1:00:02"), [3.0, 4.0]),
        (("11:59:58\u202fPM", "12:00:01\u202fAM", "12:00:02\u202fAM"), [3.0, 4.0]),
        (("\u4e0a\u534811:59:58", "\u4e0b\u534812:00:01", "\u4e0b\u534812:00:02"), [3.0, 4.0]),
        (("13.59.58", "14.00.01", "14.00.02"), [3.0, 4.0]),
        (("noon", "10:00:00", "later"), [0.0, 0.0]),
    ],
)
def test_times_in_the_spellings_of_other_languages(traced, clocks, seconds):
    done = traced("".join(map(trace, clocks, (initialize(), opened(), saved()))))
    assert [event.t for event in events(done.sessions[0][0])] == seconds


def test_time_that_goes_backwards_stands_still(recorded):
    done = recorded(initialize(), opened(), -30.0, saved(), saved())
    times = [event.t for event in events(done.sessions[0][0])]
    assert times == sorted(times) == [1.0, 1.0, 2.0]
    assert reason(done, "backwards") == 1


# Positions.


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_columns_of_other_encodings_are_converted(recorded, encoding):
    line = 'x = "🛒é" + y'
    index = line.index("y")
    column = {
        "utf-8": len(line[:index].encode()),
        "utf-16": len(line[:index].encode("utf-16-le")) // 2,
        "utf-32": index,
    }[encoding]
    edit = changed((0, column, 0, column + 1, "zed"))
    done = recorded(initialize(), answer(encoding), opened(text=line), edit)
    assert texts(done.sessions[0][0]) == {"a.py": 'x = "🛒é" + zed'}


TEXT = st.text(alphabet="ab\né🛒\r", max_size=12)
EDITS = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), TEXT), min_size=1, max_size=4)


@given(start=TEXT, edits=EDITS, encoding=st.sampled_from(["utf-8", "utf-16", "utf-32"]))
@settings(max_examples=40, deadline=None)
def test_any_edits_make_the_text_that_they_made(tmp_path_factory, start, edits, encoding):
    """Several changes in one message, each counting in the text that the one before made."""
    text, changes = start, []
    for first, last, new in edits:
        first, last = sorted((first % (len(text) + 1), last % (len(text) + 1)))
        if text[first - 1 : first + 1] == "\r\n" or text[last - 1 : last + 1] == "\r\n":
            continue
        changes.append((*place(text, first, encoding), *place(text, last, encoding), new))
        text = text[:first] + new + text[last:]
    folder = tmp_path_factory.mktemp("any")
    messages = (initialize(), answer(encoding), opened(text=start), changed(*changes))
    done = imported(database(folder / "run.db", messages), folder)
    assert texts(done.sessions[0][0]) == {"a.py": text}


def place(text, index, encoding):
    before = text[:index].replace("\r\n", "\n").replace("\r", "\n")
    line = before.rsplit("\n", 1)[-1]
    size = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    coded = line.encode({1: "utf-8", 2: "utf-16-le", 4: "utf-32-le"}[size])
    return before.count("\n"), len(coded) // size


# Secrets.


def test_a_key_that_was_typed_letter_by_letter_is_masked(recorded):
    key = "ghp_" + "".join(random.Random(7).choices("abcdefXYZ0123456789", k=36))
    start = 'TOKEN = ""\n'
    typed = [changed((0, 9 + n, 0, 9 + n, letter), version=2 + n) for n, letter in enumerate(key)]
    told = f'send("{key}")\n'
    done = recorded(
        initialize(), opened(text=start), *typed, saved(), opened("b.py", told), step=0.05
    )
    path = done.sessions[0][0]
    assert key not in path.read_text("utf-8")
    assert key[:20] not in path.read_text("utf-8")
    assert texts(path)["a.py"] == f'TOKEN = "{"x" * 40}"\n'


# What has no place in a session.


def test_paths_outside_the_workspace_are_left_out(recorded):
    elsewhere = (
        *("file:///etc/passwd", "file:///home/ada/shop/../secret.py", "untitled:Untitled-1"),
        *("file:///home/ada/shop/.git/HEAD", "file:///home/ada/shop2/a.py", "git:/a.py"),
        *("file:///home/ada/shop/%2e%2e/b.py", "file:///home/ada/shop/a%00.py", "file://[::1/a.py"),
        *("file:///home/ada/shop/a\ud800.py", "file://server/home/ada/shop/a.py"),
    )
    messages = [("textDocument/didSave", {"textDocument": {"uri": uri}}) for uri in elsewhere]
    done = recorded(initialize(), opened(), *messages, saved())
    assert [type(event) for event in events(done.sessions[0][0])] == [Open, Save]
    assert reason(done, "outside the workspace") == len(elsewhere)


def test_windows_folders_and_a_workspace_of_ones_own(tmp_path, recorded):
    (tmp_path / "shop").mkdir()
    uri = "file:///c%3A/Work/shop/a.py"
    item = {"uri": uri, "languageId": "python", "version": 1, "text": "x"}
    opening = ("textDocument/didOpen", {"textDocument": item})
    done = recorded(initialize("file:///C:/work/shop"), opening)
    assert [event.path for event in events(done.sessions[0][0])] == ["a.py"]
    (tmp_path / "run.db").unlink()
    mine = opened()[1]["textDocument"] | {"uri": (tmp_path / "shop" / "b.py").as_uri()}
    own = ("textDocument/didOpen", {"textDocument": mine})
    done = recorded(initialize(), opened(), own, workspace=tmp_path / "shop")
    path = done.sessions[0][0]
    assert [event.path for event in events(path)] == ["b.py"]
    assert read_header(path).workspace.path == "../shop"


def test_edits_of_unknown_text_are_lost_until_a_text_is_told(recorded):
    done = recorded(
        initialize(),
        changed((0, 0, 0, 0, "x")),
        changed("whole\n", version=3),
        changed((0, 0, 0, 0, "the "), version=4),
        saved("b.py", text="y = 1\n"),
        changed((0, 0, 0, 1, "z"), path="b.py", version=9),
    )
    path = done.sessions[0][0]
    assert texts(path) == {"a.py": "the whole\n", "b.py": "z = 1\n"}
    assert reason(done, "text is unknown") == 1


def test_what_is_told_twice_counts_once_and_disorder_is_not_believed(recorded):
    start = opened(text="abc")
    one, two = changed((0, 0, 0, 1, "")), changed((0, 0, 0, 1, ""), version=3)
    done = recorded(initialize(), start, start, one, one, two, closed(), closed())
    assert texts(done.sessions[0][0]) == {"a.py": "c"}
    assert reason(done, "told twice") == 2
    assert reason(done, "never opened") == 1


def test_edits_in_disorder_make_their_document_unknown(recorded):
    late = changed((0, 0, 0, 1, ""), version=2)
    done = recorded(
        initialize(),
        opened(text="abc"),
        changed((0, 1, 0, 2, ""), version=3),
        late,
        changed((0, 0, 0, 1, ""), version=4),
        saved(),
    )
    told = events(done.sessions[0][0])
    assert [type(event) for event in told] == [Open, Edit, Close, Save]
    assert (reason(done, "out of order"), reason(done, "text is unknown")) == (1, 1)


def test_files_that_come_and_go_are_told_once(recorded):
    file = {"uri": f"{ROOT}/n.py"}
    watched = {"changes": [{**file, "type": 1}, {"uri": f"{ROOT}/m.py", "type": 2}]}
    many = {"changes": [{"uri": f"{ROOT}/{n}.py", "type": 3} for n in range(21)]}
    done = recorded(
        initialize(),
        ("workspace/didCreateFiles", {"files": [file]}),
        ("workspace/didChangeWatchedFiles", watched),
        ("workspace/didChangeWatchedFiles", many),
        ("workspace/didDeleteFiles", {"files": [file, {"uri": "file:///elsewhere"}]}),
    )
    told = [(event.op, event.path) for event in events(done.sessions[0][0])]
    assert told == [("created", "n.py"), ("deleted", "n.py")]
    assert reason(done, "by the dozen") == 21
    assert reason(done, "whose text is not told") >= 1


def test_findings_are_told_by_source_and_cleared(recorded):
    where = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 1}}
    found = [
        {"range": where, "message": "bad", "source": "lint", "code": 7, "severity": 2},
        {"range": where, "message": "ours", "source": "proactive"},
    ]
    published = "textDocument/publishDiagnostics"
    done = recorded(
        initialize(),
        (published, {"uri": f"{ROOT}/a.py", "diagnostics": found}),
        (published, {"uri": f"{ROOT}/a.py", "diagnostics": []}),
    )
    told = [(event.source, len(event.items)) for event in events(done.sessions[0][0])]
    assert told == [("lint", 1), ("lint", 0)]


def test_each_start_of_a_server_is_a_session(recorded, tmp_path):
    done = recorded(initialize(), opened(), initialize(), initialize(), saved("b.py"))
    assert [path.name for path, _ in done.sessions] == ["run.jsonl", "run-2.jsonl"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "run-2.jsonl",
        "run.jsonl",
    ]


def test_what_our_own_client_told_comes_along(recorded):
    focus = {"type": "focus", "path": "a.py", "folder": ROOT}
    command = {"type": "command", "line": "make", "exit": 2}
    wrong = {"type": "focus", "path": "../a.py"}
    told = [("proactive/event", each) for each in (focus, command, wrong)]
    done = recorded(initialize(), *told)
    assert [event.t for event in events(done.sessions[0][0])] == [1.0, 2.0]
    assert reason(done, "the protocol does not have") == 1


def test_a_lost_edit_makes_what_it_edited_unknown(traced):
    """Else every later edit would be made at a wrong place of a wrong text."""
    cut = trace("10:00:02", changed((0, 0, 0, 1, "")))[:150] + "\n"
    later = trace("10:00:03", changed((0, 0, 0, 1, ""), version=3))
    start = trace("10:00:00", initialize()) + trace("10:00:01", opened(text="abc"))
    done = traced(start + cut + later + trace("10:00:04", opened(text="bc", version=4)))
    told = events(done.sessions[0][0])
    assert [type(event) for event in told] == [Open, Close, Open]
    assert reason(done, "edit of theirs is lost") == reason(done, "text is unknown") == 1


# Odd and hostile files.


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


# ProactiveBench.

STEPS = (
    ("100.0", "The user opens the file 'tide.py' in the editor."),
    ("101.5", "The user types 'def ebb.now' in the editor."),
    ("103.25", "The user saves 'tide.py'."),
    ("102.0", "The user creates a file called 'moon.py'."),
    ("104.0", "The user reads about the moon."),
    ("x", "The user opens '../../etc/passwd.txt' in the editor."),
)


def observation(time, event):
    return {"time": time, "event": event}


def check_bench(done):
    ((path, _),) = done.sessions
    told = [(type(event), event.path, event.t) for event in events(path)]
    assert told == [
        (Focus, "tide.py", 0.0),
        (Save, "tide.py", 3.25),
        (FileOperation, "moon.py", 3.25),
    ]
    assert (reason(done, "do nothing to a named file"), reason(done, "backwards")) == (3, 1)
    assert reason(done, "proposals") == 6
    assert any("sentences have no text" in note for note in done.notes)


def test_steps_of_a_session(tmp_path):
    file = tmp_path / "code_1.json"
    response = {"candidate_task": ["Look at the moon"]}
    steps = [
        {"observation": observation(*each), "agent_response": response, "task_status": True}
        for each in STEPS
    ]
    file.write_text(json.dumps(steps, indent=4))
    check_bench(imported(file, tmp_path))


def test_histories_of_which_the_longest_counts(tmp_path):
    file = tmp_path / "reward.jsonl"
    rows = [
        {"obs": [observation(*each) for each in STEPS[:n]], "pred_task": None} for n in range(1, 7)
    ]
    file.write_text("\n".join(map(json.dumps, rows)) + "\n")
    check_bench(imported(file, tmp_path))


def test_a_session_of_the_benchmark_that_is_cut_off(tmp_path):
    file = tmp_path / "code_1.json"
    file.write_text('[\n    {\n        "observation": {"time"')
    with pytest.raises(SessionError, match="is the file whole"):
        imported(file, tmp_path)
