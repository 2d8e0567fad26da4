"""The three kinds of workspace, each read-only."""

import json
import shutil
import subprocess

import pytest

from proactive_lsp.replay.session import SessionError, scan
from proactive_lsp.replay.workspaces import open_workspace


def session_over(tmp_path, workspace):
    """A session without events."""
    path = tmp_path / "session.jsonl"
    header = {"proactive_session": [1, 0], "name": "s", "workspace": workspace}
    path.write_text(json.dumps(header) + "\n")
    return scan(path)


def git(folder, *arguments):
    """Run git without the user's configuration."""
    environment = {
        **{"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(folder)},
        **{"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_CONFIG_NOSYSTEM": "1"},
        **{"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"},
    }
    run = subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True, text=True
    )
    return run.stdout.strip()


def test_files_are_in_the_session(tmp_path):
    """Nothing on disk is looked at."""
    tree = open_workspace(
        session_over(tmp_path, {"kind": "files", "files": {"b": "2", "a": "1"}}), None
    )
    assert (list(tree.paths()), tree.read("a")) == (["a", "b"], "1")


def test_a_folder_is_beside_the_session(tmp_path):
    """Whatever a repository around it ignores."""
    session = session_over(tmp_path, {"kind": "folder", "path": "w"})
    (tmp_path / ".gitignore").write_text("*\n")
    (tmp_path / "w/sub").mkdir(parents=True)
    (tmp_path / "w/sub/a.py").write_text("x = 1\n")
    tree = open_workspace(session, None)
    assert (list(tree.paths()), tree.read("sub/a.py")) == (["sub/a.py"], "x = 1\n")


def test_a_session_in_its_own_workspace_is_no_file_of_it(tmp_path):
    """It mentions every name there is."""
    session = session_over(tmp_path, {"kind": "folder", "path": "."})
    (tmp_path / "a.py").write_text("")
    assert list(open_workspace(session, None).paths()) == ["a.py"]


def test_recorded_answers_beside_a_session_are_no_files_of_its_workspace(tmp_path):
    """Neither its own nor its neighbours', which come and go; deeper ones are the user's."""
    session = session_over(tmp_path, {"kind": "folder", "path": "."})
    (tmp_path / "sub").mkdir()
    for name in ("session.answers.json", "b.answers.json", "c.json", "sub/d.answers.json"):
        (tmp_path / name).write_text("{}")
    tree = open_workspace(session, None)
    assert list(tree.paths()) == ["c.json", "sub/d.answers.json"]


def test_a_missing_folder_is_an_error(tmp_path):
    """With its name."""
    session = session_over(tmp_path, {"kind": "folder", "path": "none"})
    with pytest.raises(SessionError, match=r"session\.jsonl:1: .*none does not exist"):
        open_workspace(session, None)


@pytest.fixture
def repository(tmp_path):
    """A repository with two commits; gives its folder and the first commit."""
    if shutil.which("git") is None:
        pytest.skip("git is missing")
    folder = tmp_path / "repo"
    folder.mkdir()
    git(folder, "init", "-q")
    for text in ("old", "new"):
        (folder / "a.py").write_text(text)
        git(folder, "add", ".")
        git(folder, "commit", "-qm", text)
    return folder, git(folder, "rev-parse", "HEAD^")


def test_a_commit_is_read_from_the_repository(tmp_path, repository):
    """Not its working tree, and nothing later."""
    folder, commit = repository
    session = session_over(tmp_path, {"kind": "git", "commit": commit, "repository": "r"})
    tree = open_workspace(session, folder)
    assert (list(tree.paths()), tree.read("a.py")) == (["a.py"], "old")


def test_a_commit_needs_a_repository(tmp_path, repository):
    """Each error says what to do."""
    folder, _ = repository
    session = session_over(tmp_path, {"kind": "git", "commit": "0" * 40, "repository": "r"})
    with pytest.raises(SessionError, match="give a clone of it with --repo DIR"):
        open_workspace(session, None)
    with pytest.raises(SessionError, match=r"is not in .*repo; fetch it there first"):
        open_workspace(session, folder)
    with pytest.raises(SessionError, match="--repo DIR"):
        open_workspace(session, tmp_path)
