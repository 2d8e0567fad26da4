"""Which files a path stands for."""

import pytest

from proactive_lsp.replay.find import find_session, find_sessions
from proactive_lsp.replay.session import SessionError


def touch(root, *names):
    """Empty files, folders included."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()


def found(root, *paths):
    """Names below the root."""
    return [str(path.relative_to(root)) for path in find_sessions(paths or (root,))]


def test_descends_in_sorted_order(tmp_path):
    """Folders and files mixed."""
    touch(tmp_path, "b/x.jsonl", "a.jsonl", "c.jsonl", "b/a/y.jsonl", "b/notes.txt")
    assert found(tmp_path) == ["a.jsonl", "b/a/y.jsonl", "b/x.jsonl", "c.jsonl"]


def test_a_folder_with_a_session_is_one_session(tmp_path):
    """Its workspace may hold data files of the same kind."""
    touch(tmp_path, "s/session.jsonl", "s/workspace/data.jsonl", "s/a.jsonl", "t.jsonl")
    assert found(tmp_path) == ["s/session.jsonl", "t.jsonl"]


def test_paths_keep_their_order(tmp_path):
    """A file is a session whatever its name."""
    touch(tmp_path, "z", "a.jsonl")
    assert found(tmp_path, tmp_path / "z", tmp_path / "a.jsonl") == ["z", "a.jsonl"]


def test_links_to_folders_are_not_followed(tmp_path):
    """So a loop ends."""
    touch(tmp_path, "a.jsonl")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert found(tmp_path) == ["a.jsonl"]


@pytest.mark.parametrize("name", ["empty", "none"])
def test_nothing_found_is_an_error(tmp_path, name):
    """One line that names the path."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(SessionError, match=name):
        find_sessions([tmp_path / name])


def test_a_folder_may_stand_for_its_one_session(tmp_path):
    """Of several, the user has to name one."""
    touch(tmp_path, "a/session.jsonl", "b/one.jsonl")
    assert find_session(tmp_path / "a") == tmp_path / "a" / "session.jsonl"
    assert find_session(tmp_path / "b" / "one.jsonl") == tmp_path / "b" / "one.jsonl"
    with pytest.raises(SessionError, match=r"holds 2 sessions; name one, such as .*/session.jsonl"):
        find_session(tmp_path)
