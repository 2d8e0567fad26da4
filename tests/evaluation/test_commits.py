"""Which commits count, and that their hunks make the commit again."""

import random
import subprocess

import pytest

from proactive_lsp.evaluation.commits import MOST_FILES, Commit, FileChange, hunks_of, select
from proactive_lsp.evaluation.steps import Desk, Step, steps_of
from proactive_lsp.events import Edit
from proactive_lsp.workspace.documents import apply_changes
from tests.evaluation.histories import history_of, newest, opened
from tests.repositories import commit, git, write


def made(change, order, seed=0):
    """The text after typing all hunks."""
    desk, text = Desk(), change.text
    for step in steps_of(Commit("c", "p", (change,)), order, seed):
        for event in desk.events(step, 0):
            if isinstance(event, Edit):
                text = apply_changes(text, event.changes)
    return text


@pytest.mark.parametrize("order", ["canonical", "random"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "a\nb\n"),
        ("a\n", ""),
        ("a\nb", "a\nb\nc"),
        ("a\r\nb\r\nc\r\n", "a\r\nx\r\nc\r\nd\r\n"),
        ("a\nb\nc\nd\ne\n", "A\nb\nC\nc\nd\n"),
        ("é\n\U0001d4b3\n", "é\n\U0001d4b4\n"),
    ],
)
def test_hunks_make_the_file_again(before, after, order):
    change = FileChange("modified", "a.txt", before, hunks_of("a.txt", before, after))
    assert made(change, order) == after


def test_hunks_make_any_file_again():
    """Line ends alone aside, whatever the order."""
    pick = random.Random(4)
    for seed in range(300):
        before, after = (
            "".join(pick.choice("abcd") + "\n" for _ in range(pick.randrange(9)))
            + pick.choice(("", "z"))
            for _ in range(2)
        )
        change = FileChange("modified", "a.txt", before, hunks_of("a.txt", before, after))
        assert made(change, "random", seed).splitlines() == after.splitlines()


def test_what_does_not_count_is_left_out(tmp_path):
    """Lock, binary, mode-only, line ends only, not UTF-8, a link; the one edit is left."""
    root = history_of(tmp_path / "r", {"a.py": "a = 1\n", "b.py": "b = 1\n", "c.py": "c\n"})
    write(root, {"a.py": "a = 2\n", "uv.lock": "x\n", "c.py": "c\r\n"})
    (root / "logo.png").write_bytes(b"\x89PNG\0")
    (root / "latin.txt").write_bytes(b"caf\xe9\n")
    (root / "b.py").chmod(0o755)
    (root / "link.py").symlink_to("a.py")
    commit(root, "All sorts")
    history = opened(root)
    found = newest(history)
    assert [(file.path, len(file.hunks)) for file in found.files] == [("a.py", 1)]
    history.close()


def test_merges_roots_empty_and_mass_commits_do_not_count(tmp_path):
    root = history_of(tmp_path / "r", {"a.py": "a = 1\n"}, {"a.py": "a = 2\n"})
    wanted = git(root, "rev-parse", "HEAD").strip()
    git(root, "commit", "-q", "--allow-empty", "-m", "Nothing")
    write(root, {f"f{number}.py": "x = 1\n" for number in range(MOST_FILES + 1)})
    commit(root, "Everything")
    git(root, "checkout", "-q", "-b", "side", "HEAD~1")
    git(root, "commit", "-q", "--allow-empty", "-m", "Side")
    git(root, "merge", "-q", "--no-ff", "main", "-m", "Merge")
    history = opened(root)
    head = history.commit("HEAD")
    assert head is not None
    assert len(head.parents) == 2
    assert [found.id for found in select(history, "HEAD")] == [wanted]
    history.close()


def test_renames_and_deletions(tmp_path):
    """A rename keeps its hunks; a deletion has none."""
    body = "".join(f"line_{number} = {number}\n" for number in range(20))
    root = history_of(
        tmp_path / "r",
        {"old.py": body, "gone.py": "x = 1\n"},
        {"old.py": None, "new.py": body.replace("= 7", "= 8"), "gone.py": None},
    )
    history = opened(root)
    files = {file.path: file for file in newest(history).files}
    assert (files["new.py"].op, files["new.py"].old_path) == ("renamed", "old.py")
    assert [hunk.after for hunk in files["new.py"].hunks] == [("line_7 = 8",)]
    assert (files["gone.py"].op, files["gone.py"].hunks) == ("deleted", ())
    history.close()


def test_a_shallow_clone_ends_where_its_parents_end(tmp_path):
    states = ({"a.py": f"a = {number}\n"} for number in range(4))
    root = history_of(tmp_path / "r", *states)
    subprocess.run(
        ("git", "clone", "-q", "--bare", "--depth", "2", f"file://{root}", tmp_path / "s"),
        check=True,
    )
    history = opened(tmp_path / "s")
    assert len(list(select(history, "HEAD"))) == 1
    history.close()


def test_a_missing_object_is_one_commit_less(tmp_path):
    states = ({"a.py": f"a = {number}\n"} for number in range(4))
    root = history_of(tmp_path / "r", *states)
    blob = git(root, "rev-parse", "HEAD~2:a.py").strip()
    (root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    tree = git(root, "rev-parse", "HEAD~3^{tree}").strip()
    (root / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    history = opened(root)
    assert len(list(select(history, "HEAD"))) == 1
    history.close()


def test_canonical_order_and_random_order():
    """Random is the same for the same seed, and another for another."""
    paths = ("CHANGES.md", "docs/a.md", "setup.cfg", "src/a.py", "tests/test_a.py")
    files = tuple(FileChange("added", path, "", hunks_of(path, "", "x\n")) for path in paths)
    change = Commit("c", "p", files)

    def order(*arguments):
        return [step.file.path for step in steps_of(change, *arguments)]

    canonical = ["src/a.py", "tests/test_a.py", "docs/a.md", "setup.cfg", "CHANGES.md"]
    assert order("canonical", 0) == order("canonical", 9) == canonical
    assert order("random", 1) == order("random", 1)
    assert len({tuple(order("random", seed)) for seed in range(9)}) > 1


def test_a_renamed_file_moves_right_before_its_first_hunk():
    desk = Desk()
    change = FileChange("renamed", "b.py", "x\n", hunks_of("b.py", "x\n", "y\n"), "a.py")
    assert desk.path(change) == "a.py"
    events = list(desk.events(Step(change, change.hunks[0]), 5.0))
    assert desk.path(change) == "b.py"
    assert [type(event).__name__ for event in events] == ["FileOperation", "Open", "Edit", "Save"]
