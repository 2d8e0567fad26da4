"""What events do to texts, files, the stretch of work and the operation in progress."""

import pytest

from proactive_lsp.events import (
    Change,
    Close,
    CommittedFile,
    Edit,
    FileOperation,
    Focus,
    Git,
    Open,
    Save,
)
from proactive_lsp.workspace.tree import DiskTree, FilesTree
from proactive_lsp.workspace.work import RELOAD_SECONDS, Work

A = "def f(x, y):\n    return x, y\n"
B = A.replace("x, y", "x")
FILES = {"a.py": A, "lib/b.py": A, "c.md": "text\n"}


@pytest.fixture
def work():
    return Work(FilesTree(FILES), live=False, max_bytes=1_000_000)


def do(work, *events):
    """Apply them as the engine does: what was typed is settled first."""
    for event in events:
        if not isinstance(event, Edit):
            work.settle()
        work.apply(event)
    work.settle()
    work.compare()


def opened(path="a.py", t=0.0):
    return Open(t, path, 1, "python", FILES.get(path, ""))


def edited(text=B, path="a.py", t=1.0):
    return Edit(t, path, 2, (Change(None, text),))


def kinds(work):
    return [(change.kind, change.path) for change in work.changes()]


def test_an_edit_is_a_change_of_this_stretch(work):
    do(work, opened(), edited())
    assert kinds(work) == [("signature", "a.py")]
    assert [hunk.path for hunk in work.hunks()] == ["a.py"]
    assert work._stretch.edited() == ("a.py",)
    assert work.version("a.py") == 2
    assert work.version("lib/b.py") is None


def test_typing_is_read_before_it_settles(work):
    work.apply(opened())
    work.apply(edited())
    assert work.tree.read("a.py") == B
    assert kinds(work) == []
    (edit,) = work.settle()
    assert edit.changes[0].text.startswith("def f(x):")
    assert work.settle() == ()


def test_an_edit_of_a_file_that_is_not_open_is_ignored(work):
    do(work, edited())
    assert work.tree.read("a.py") == A
    assert kinds(work) == []


def test_what_was_saved_stays_after_closing(work):
    do(work, opened(), edited(), Save(2.0, "a.py"), Close(3.0, "a.py"))
    assert work.tree.read("a.py") == B
    assert kinds(work) == [("signature", "a.py")]


def test_what_was_not_saved_is_gone_after_closing(work):
    do(work, opened(), edited(), Close(3.0, "a.py"))
    assert work.tree.read("a.py") == A
    assert kinds(work) == []
    assert work._stretch.edited() == ()


def test_what_is_on_disk_counts_after_closing(tmp_path):
    (tmp_path / "a.py").write_text(A)
    live = Work(DiskTree(tmp_path), live=True, max_bytes=1_000_000)
    do(live, opened(), edited())
    (tmp_path / "a.py").write_text(B)
    do(live, Save(2.0, "a.py"), Close(3.0, "a.py"))
    assert kinds(live) == [("signature", "a.py")]


def test_a_new_file_that_was_never_saved_is_no_trouble(work):
    do(work, opened("new.py"), edited(path="new.py"), Close(2.0, "new.py"))
    assert work.tree.read("new.py") is None


def test_files_that_were_only_looked_at_are_not_kept(work):
    for number in range(50):
        path = f"f{number}.py"
        do(work, Open(0.0, path, 1, "python", A), Save(1.0, path), Close(2.0, path))
    assert not any(work._stretch.text(f"f{number}.py") for number in range(50))


def test_a_deleted_file_takes_its_changes_along(work):
    do(work, opened(), edited(), FileOperation(2.0, "deleted", "a.py"), Close(3.0, "a.py"))
    assert work.tree.read("a.py") is None
    assert kinds(work) == []


def test_a_deleted_folder_takes_its_changes_along(work):
    do(work, opened("lib/b.py"), edited(path="lib/b.py"), Save(2.0, "lib/b.py"))
    do(work, FileOperation(3.0, "deleted", "lib"), Close(4.0, "lib/b.py"))
    assert kinds(work) == []
    assert "lib/b.py" not in work.tree.paths()


@pytest.mark.parametrize(("old", "new"), [("lib/b.py", "lib/c.py"), ("lib", "src")])
def test_changes_follow_a_renamed_file_or_folder(work, old, new):
    do(work, opened("lib/b.py"), edited(path="lib/b.py"), Save(2.0, "lib/b.py"))
    do(work, Close(3.0, "lib/b.py"), FileOperation(4.0, "renamed", old, new))
    path = "lib/b.py".replace(old, new)
    assert kinds(work) == [("signature", path)]
    assert work.tree.read(path) == B


def test_a_rename_without_a_target_is_no_trouble(work):
    do(work, FileOperation(1.0, "renamed", "a.py"), FileOperation(1.0, "renamed", "no", "where"))
    assert work.tree.read("a.py") == A


def test_a_checkout_begins_anew(work):
    do(work, opened(), edited(), Git(2.0, "checkout", paths=("a.py",)))
    assert kinds(work) == []
    assert work._stretch.edited() == ()


@pytest.mark.parametrize("op", ["checkout", "rebase", "stash", "merge"])
def test_reloads_right_afterwards_are_nobodys_work(work, op):
    do(work, opened(), Git(2.0, op, paths=("a.py",)), edited(t=2.0 + RELOAD_SECONDS))
    assert kinds(work) == []
    do(work, edited(A, t=2.1 + RELOAD_SECONDS))
    assert kinds(work) == [("signature", "a.py")]


def test_typing_before_the_checkout_is_not_taken_for_a_reload(work):
    do(work, opened(), edited(t=1.9))
    assert kinds(work) == [("signature", "a.py")]
    do(work, Git(2.0, "stage"), Focus(2.5, "a.py"))
    assert kinds(work) == [("signature", "a.py")]


def stashed(t, phase, before, after):
    files = (CommittedFile("a.py", before, after),)
    return Git(t, "stash", phase=phase, paths=("a.py",), files=files)


@pytest.mark.parametrize("closed", [True, False])
def test_work_in_a_stash_is_gone_and_comes_back(work, closed):
    """Whether the editor reloads its file or has it closed."""
    do(work, opened(), edited())
    if closed:
        do(work, Save(1.5, "a.py"), Close(1.6, "a.py"))
    do(work, stashed(2.0, "started", B, A))
    if not closed:
        do(work, edited(A, t=2.1))
    assert (kinds(work), work.touched()) == ([], ())
    do(work, stashed(9.0, "finished", A, B))
    if not closed:
        do(work, edited(B, t=9.1))
    assert kinds(work) == [("signature", "a.py")]


def test_a_stash_of_an_earlier_session_is_work_once_it_is_taken_back(work):
    do(work, stashed(2.0, "finished", A, B))
    assert kinds(work) == [("signature", "a.py")]


def test_an_amended_commit_counts_once(work):
    def commit(t, head, before, after):
        files = (CommittedFile("a.py", before, after),)
        return Git(t, "commit", head=head, paths=("a.py",), files=files)

    do(work, opened(), edited(), commit(2.0, "one", A, B), commit(3.0, "two", A, B))
    assert kinds(work) == [("signature", "a.py")]
    assert [each.id for each in work.committed] == ["two"]
    assert work.past.commits == (("a.py",),)
    do(work, commit(4.0, "three", B, A))
    assert [each.id for each in work.committed] == ["two", "three"]
    assert kinds(work) == []


def test_a_conflict_tells_its_text_and_is_over_without_paths(work):
    files = (CommittedFile("a.py", A, "<<<<<<< HEAD\n"),)
    do(work, Git(1.0, "merge", phase="started"), Git(1.0, "conflict", paths=("a.py",), files=files))
    assert (work.conflicts, work.operation) == (("a.py",), "merge")
    assert work.tree.read("a.py") == "<<<<<<< HEAD\n"
    do(work, Git(2.0, "conflict", paths=()))
    assert (work.conflicts, work.operation) == ((), "merge")
    do(work, Git(3.0, "merge"))
    assert work.operation is None


def test_touched_is_what_was_not_committed_yet(work):
    do(work, opened(), edited())
    assert work.touched() == ("a.py",)
    do(work, Git(2.0, "commit", paths=("a.py",)))
    assert work.touched() == ()


def test_what_is_staged_is_known_until_it_is_committed(work):
    do(work, Git(1.0, "stage", paths=("a.py",)), Git(2.0, "push"))
    assert work.staged == ("a.py",)
    do(work, Git(3.0, "commit", paths=("a.py",)))
    assert work.staged == ()


def test_work_outlives_one_commit_but_not_two(work):
    do(work, opened(), edited(), Git(2.0, "commit"))
    assert kinds(work) == [("signature", "a.py")]
    do(work, Git(3.0, "commit"))
    assert kinds(work) == []


def test_a_commit_tells_of_files_that_no_editor_told_about(work):
    files = (
        CommittedFile("lib/b.py", A, B),
        CommittedFile("c.md", "text\n", None),
        CommittedFile("data.bin", None, "x"),
    )
    do(work, Git(2.0, "commit", head="c0ffee", files=files))
    (commit,) = work.committed
    assert [(c.kind, c.path) for c in commit.changes] == [("signature", "lib/b.py")]
    assert commit.id == "c0ffee"
    assert (work.tree.read("lib/b.py"), work.tree.read("c.md")) == (B, None)
    do(work, Git(3.0, "checkout", paths=("lib/b.py",)))
    assert work.committed[0].changes == ()


def test_what_two_commits_owe_is_kept_side_by_side(work):
    for head, path in (("one", "x.py"), ("two", "y.py"), ("three", "notes.md")):
        do(work, Git(2.0, "commit", head=head, files=(CommittedFile(path, A, B),)))
    assert [(c.id, [one.path for one in c.changes]) for c in work.committed] == [
        ("one", ["x.py"]),
        ("two", ["y.py"]),
        ("three", []),
    ]


def test_a_commit_of_broken_code_is_no_trouble(work):
    do(work, Git(2.0, "commit", files=(CommittedFile("a.py", A, "def f(x, "),)))
    assert work.committed[0].changes == ()


@pytest.mark.parametrize(
    ("events", "operation"),
    [
        ([("merge", "started")], "merge"),
        ([("conflict", None)], "merge"),
        ([("rebase", "started")], "rebase"),
        ([("rebase", "started"), ("conflict", None)], "rebase"),
        ([("rebase", "started"), ("commit", None)], "rebase"),
        ([("rebase", "started"), ("stash", None)], "rebase"),
        ([("rebase", "started"), ("rebase", None)], None),
        ([("rebase", "started"), ("rebase", "finished")], None),
        ([("rebase", "started"), ("checkout", None)], None),
        ([("merge", "started"), ("stage", None)], "merge"),
        ([("merge", "started"), ("commit", None)], None),
        ([("merge", "started"), ("merge", None)], None),
        ([("merge", "started"), ("checkout", None)], None),
        ([("commit", None)], None),
    ],
)
def test_the_operation_in_progress(work, events, operation):
    do(work, *(Git(float(t), op, phase=phase) for t, (op, phase) in enumerate(events)))
    assert work.operation == operation
