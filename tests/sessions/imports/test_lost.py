"""What has no place in a session is left out, and told."""

from proactive_lsp.events import Close, Edit, Open, Save
from proactive_lsp.replay.session import read_header
from tests.sessions.imports.making import events, reason, texts
from tests.sessions.imports.traffic import (
    ROOT,
    changed,
    closed,
    initialize,
    opened,
    saved,
    trace,
)


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
