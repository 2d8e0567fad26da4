"""The commits of a repository, whether or not it has a working tree."""

import subprocess

import pytest

from proactive_lsp.workspace.git_history import History
from proactive_lsp.workspace.repository import NoRepository
from tests.repositories import commit, git, repository, write


@pytest.fixture
def root(tmp_path):
    """Three commits; the last one in a subfolder."""
    (tmp_path / "r").mkdir()
    root = repository(tmp_path / "r", {"a.py": "one\n", "sub/b.py": "b\n"})
    write(root, {"a.py": "two\n"})
    commit(root, "Second")
    write(root, {"sub/b.py": "c\n", "sub/c.py": "new\n"})
    commit(root, "Third")
    return root


def opened(path):
    found = History.open(path)
    assert isinstance(found, History)
    return found


def read_all(path):
    """Each commit's subject with what it changed."""
    history = opened(path)
    head = history.commit("HEAD")
    assert head is not None
    pairs = list(history.pairs(head.id))
    changes = history.changes(pairs)
    history.close()
    return [[change.path for change in changes[id]] for id, _ in pairs]


def test_a_checkout_a_git_folder_and_a_bare_clone_read_the_same(root, tmp_path):
    bare = tmp_path / "bare.git"
    subprocess.run(("git", "clone", "-q", "--bare", root, bare), check=True)
    wanted = [["sub/b.py", "sub/c.py"], ["a.py"]]
    assert read_all(root) == read_all(root / ".git") == read_all(bare) == wanted


def test_a_subfolder_has_its_own_paths(root):
    assert read_all(root / "sub") == [["b.py", "c.py"], []]
    history = opened(root / "sub")
    tree = history.tree("HEAD")
    assert tree is not None
    assert {path: tree.read(path) for path in tree.paths()} == {"b.py": b"c\n", "c.py": b"new\n"}
    history.close()


def test_a_file_may_be_called_like_a_commit(root):
    """Its line must not be taken for the start of another commit."""
    name = git(root, "rev-parse", "HEAD").strip()
    write(root, {name: "x\n", "z.py": "z\n"})
    commit(root, "Confusing")
    assert read_all(root)[0] == sorted([name, "z.py"])


def test_since_and_what_is_not_there(root):
    history = opened(root)
    head, second = history.commit("HEAD"), history.commit("HEAD~1")
    assert head is not None
    assert second is not None
    assert list(history.pairs(head.id, second.id)) == [(head.id, second.id)]
    assert history.commit("nowhere") is None
    assert history.commit("--help") is None
    assert history.blob("0" * 40) is None
    assert history.blob(head.id) is None
    assert history.tree("0" * 40) is None
    assert history.changes([]) == {}
    history.close()


def test_no_repository_says_why(tmp_path):
    assert isinstance(History.open(tmp_path), NoRepository)
    assert isinstance(History.open(tmp_path / "nowhere"), NoRepository)
