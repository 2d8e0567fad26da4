"""Where the git folder of a workspace folder is, and never waiting to find out."""

import os
from pathlib import Path

import pytest

from proactive_lsp.server.git_signals import git_dirs
from tests.repositories import git, repository

FILES = {"a.py": "x = 1\n"}
posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX files")


@pytest.fixture
def outer(tmp_path: Path) -> Path:
    """A repository with a folder in it."""
    root = repository(tmp_path / "outer", FILES)
    (root / "in").mkdir()
    return root


def test_a_subfolder_lies_in_the_repository_above(outer: Path):
    assert git_dirs(outer / "in") == git_dirs(outer) == (outer / ".git", outer / ".git")


def test_a_worktree_has_a_git_folder_of_its_own(outer: Path):
    git(outer, "worktree", "add", "-q", "../tree")
    own = outer / ".git" / "worktrees" / "tree"
    assert git_dirs(outer.parent / "tree") == (own, outer / ".git")


@posix
def test_a_pipe_is_passed_by_as_git_does(outer: Path):
    os.mkfifo(outer / "in" / ".git")
    assert git_dirs(outer / "in") == (outer / ".git", outer / ".git")


@posix
def test_a_pipe_in_place_of_commondir_is_not_read(outer: Path):
    os.mkfifo(outer / ".git" / "commondir")
    assert git_dirs(outer) == (outer / ".git", outer / ".git")


@pytest.mark.parametrize(
    "content", [b"", b"gitdir:", b"gitdir: a\0b", b"\n" * 100_000 + b"gitdir: x"]
)
def test_a_file_that_names_no_folder_is_no_repository(outer: Path, content: bytes):
    (outer / "in" / ".git").write_bytes(content)
    assert git_dirs(outer / "in") is None


@posix
def test_a_device_in_place_of_the_git_file_is_not_read(outer: Path):
    """It would never end."""
    (outer / "in" / ".git").symlink_to("/dev/zero")
    assert git_dirs(outer / "in") == (outer / ".git", outer / ".git")
