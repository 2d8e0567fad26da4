"""A desk: what is typed is what is there, what git did is told, and nothing leads out of it."""

import os
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proactive_lsp.events import Close, Edit, FileOperation, Git, Open, Save
from proactive_lsp.gym import activities as do
from proactive_lsp.gym.activities import Impossible
from proactive_lsp.gym.clone import new_repository
from proactive_lsp.gym.environment import Environment
from proactive_lsp.gym.rhythm import LONGEST_BY_KEY, Rhythm, typed
from proactive_lsp.gym.terminal import Terminal
from proactive_lsp.workspace.documents import Documents, apply_changes
from proactive_lsp.workspace.tree import FilesTree, OverlayTree

FILES = {"a.py": "one = 1\ntwo = 2\n", "b/c.md": "# C\n"}
TEXTS = st.text(alphabet=st.sampled_from("ab \t\n\r\N{GRINNING FACE}é"), max_size=60)


@pytest.fixture
def desk(tmp_path):
    clone = new_repository(tmp_path / "work", FILES)
    yield Environment(clone, Rhythm("seed"), Terminal())
    clone.close()


def did(desk: Environment, *activities) -> list:
    return [event for activity in activities for event in desk.carry_out(activity)]


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS)
def test_what_is_typed_is_what_is_there(before, after):
    edits = list(typed("a", before, after, t=5.0, rhythm=Rhythm("x")))
    text = before
    for edit in edits:
        text = apply_changes(text, edit.changes)
    assert text == after
    times = [edit.t for edit in edits]
    assert times == sorted(times)
    assert all(t > 5 for t in times)


def test_what_is_long_is_told_in_bursts():
    text = "".join(f"line {number} = {'x' * 30}\n" for number in range(40))
    assert len(text) > LONGEST_BY_KEY
    edits = list(typed("a", "", text, t=0.0, rhythm=Rhythm("x")))
    assert len(edits) == 40
    last = 0.0
    for edit in edits:
        assert last <= edit.since < edit.t
        last = edit.t
    short = list(typed("a", "", "word", t=0.0, rhythm=Rhythm("x")))
    assert [edit.changes[0].text for edit in short] == list("word")


def test_what_is_saved_is_on_disk(desk, tmp_path):
    events = did(desk, do.EditFile("a.py", "two = 2", "two = 3"), do.SaveFile("a.py"))
    assert [type(each) for each in events[:1]] == [Open]
    assert isinstance(events[-1], Save)
    assert all(isinstance(each, Edit) for each in events[1:-1])
    assert (tmp_path / "work" / "a.py").read_text() == "one = 1\ntwo = 3\n"
    assert [each.t for each in events] == sorted(each.t for each in events)


def test_the_events_tell_an_engine_the_same_texts(desk):
    documents = Documents()
    told = OverlayTree(FilesTree(FILES), documents, live=False)
    random = Random(3)
    for step in range(30):
        path = random.choice(("a.py", "b/c.md"))
        text = desk.text(path)
        at = random.randrange(len(text) + 1)
        new = text[:at] + random.choice(("x\n", "é", "\n\n", "")) + text[at + random.randrange(4) :]
        for event in desk.change(path, new, save=step % 3 == 0):
            match event:
                case Open():
                    documents.open(event)
                case Edit():
                    documents.edit(event)
                case _:
                    pass
        assert told.read(path) == desk.text(path) == new


def test_git_tells_what_was_done(desk):
    events = did(
        desk,
        do.EditFile("a.py", "one = 1", "one = 11"),
        do.MakeCommit("Count higher"),
        do.Checkout("side", create=True),
        do.EditFile("a.py", "one = 11", "one = 21"),
        do.MakeCommit("Aside"),
        do.Checkout("main"),
        do.EditFile("a.py", "one = 11", "one = 31"),
        do.MakeCommit("Ahead"),
        do.Merge("side"),
    )
    told = [(each.op, each.branch) for each in events if isinstance(each, Git)]
    assert told[:4] == [
        ("stage", "main"),
        ("commit", "main"),
        ("checkout", "side"),
        ("stage", "side"),
    ]
    assert ("conflict", "main") in told
    assert desk.state().conflicts == ("a.py",)
    # The editor shows what git left in the file.
    assert "<<<<<<<" in desk.text("a.py")
    resolved = did(desk, do.EditFile("a.py", desk.text("a.py"), "one = 4\n"), do.MakeCommit("Both"))
    assert [each.op for each in resolved if isinstance(each, Git)][-1] == "merge"
    did(desk, do.EditFile("a.py", "one = 4", "one = 5"))
    away = did(desk, do.Stash("push"))
    assert [(each.op, each.phase) for each in away if isinstance(each, Git)] == [
        ("stash", "started")
    ]
    assert desk.text("a.py") == "one = 4\n"
    did(desk, do.Stash("pop"))
    assert desk.text("a.py") == "one = 5\n"


def test_the_same_acts_make_the_same_commits(tmp_path):
    heads = []
    for name in ("one", "two"):
        clone = new_repository(tmp_path / name, FILES)
        desk = Environment(clone, Rhythm("seed"), Terminal())
        events = did(desk, do.CreateFile("d.py", "d = 1\n"), do.MakeCommit("Add d"))
        heads += [each.head for each in events if isinstance(each, Git) and each.op == "commit"]
        clone.close()
    assert heads[0] == heads[1]


def test_files_come_move_and_go(desk, tmp_path):
    events = did(
        desk,
        do.CreateFile("new/d.py", "d = 1\n"),
        do.RenameFile("new/d.py", "e.py"),
        do.DeleteFile("a.py"),
    )
    told = [(each.op, each.path, each.to) for each in events if isinstance(each, FileOperation)]
    assert told == [
        ("created", "new/d.py", None),
        ("renamed", "new/d.py", "e.py"),
        ("deleted", "a.py", None),
    ]
    assert any(isinstance(each, Close) and each.path == "new/d.py" for each in events)
    assert (tmp_path / "work" / "e.py").read_text() == "d = 1\n"
    assert desk.paths() == ["b/c.md", "e.py"]


@pytest.mark.parametrize(
    ("activity", "why"),
    [
        (do.OpenFile("nowhere.py"), "no text file"),
        (do.OpenFile("../a.py"), "leaves the workspace"),
        (do.CreateFile("/etc/x", ""), "not relative"),
        (do.CreateFile(".git/hooks/pre-commit", "x"), "git's own"),
        (do.CreateFile(".GIT/config", "x"), "git's own"),
        (do.CreateFile("b/.git/config", "x"), "git's own"),
        (do.CreateFile("a.py/b.py", "x"), "something else is at a.py"),
        (do.CreateFile("b", "x"), "something else is at b"),
        (do.CreateFile("x" * 300, "x"), "too long"),
        (do.RenameFile("a.py", "b/" + "x" * 300), "too long"),
        (do.CreateFile("a.py", ""), "there already"),
        (do.RenameFile("a.py", "b/c.md"), "there already"),
        (do.DeleteFile("b"), "no b"),
        (do.EditFile("a.py", "= ", "x"), "stands 2 times"),
        (do.SaveFile("a.py"), "not open"),
        (do.MakeCommit("Nothing"), "nothing to commit"),
        (do.Checkout("nowhere"), "failed"),
        (do.Checkout("--orphan"), "is no branch"),
        (do.Merge("--upload-pack=x"), "is no branch"),
        (do.Stash("pop"), "failed"),
        (do.Stage(("nowhere.py",)), "no nowhere.py"),
        (do.RunProgram(("rm", "-rf", "/")), "not allowed"),
    ],
)
def test_what_is_impossible_says_why(desk, activity, why):
    with pytest.raises(Impossible, match=why):
        did(desk, activity)


def test_nothing_is_written_behind_a_link(desk, tmp_path):
    (tmp_path / "work" / "out").symlink_to(tmp_path)
    for activity in (do.CreateFile("out/x.py", "x"), do.DeleteFile("out/x.py")):
        with pytest.raises(Impossible, match="behind a link"):
            did(desk, activity)
    assert sorted(each.name for each in Path(tmp_path).iterdir()) == ["work"]


def test_a_pipe_in_the_place_of_a_file_holds_nobody_up(desk, tmp_path):
    did(desk, do.EditFile("a.py", "one", "three"))
    file = tmp_path / "work" / "a.py"
    file.unlink()
    os.mkfifo(file)
    with pytest.raises(Impossible, match=r"something else is at a\.py"):
        did(desk, do.SaveFile("a.py"))
