"""Limits: the oldest whole recordings go, nothing else ever does."""

import os
from datetime import UTC, datetime

import pytest

from proactive_lsp.replay.recorder import Recorder
from proactive_lsp.replay.session import FilesWorkspace, Header
from proactive_lsp.sessions.keeping import new_recording, recordings_folder, tidy
from tests.sessions.making import opened, session

NOW = 1_800_000_000.0
DAY = 86_400.0


def kept(folder, day: int, name: str = "a", size: int = 1_000):
    """A recording that was written so many days ago."""
    when = datetime.fromtimestamp(NOW - day * DAY, UTC)
    file = session(new_recording(folder, name, when), [opened(0, "a", "x" * size)])
    os.utime(file, (NOW - day * DAY,) * 2)
    return file


def test_what_is_too_old_is_removed(tmp_path):
    old, new = kept(tmp_path, 31), kept(tmp_path, 29)
    assert tidy(tmp_path, max_bytes=10**9, max_days=30, now=NOW) == (old,)
    assert list(tmp_path.iterdir()) == [new]


def test_of_too_much_the_oldest_is_removed_whole(tmp_path):
    files = [kept(tmp_path, day, size=10_000) for day in (3, 2, 1)]
    assert tidy(tmp_path, max_bytes=21_000, max_days=30, now=NOW) == (files[0],)
    assert sorted(tmp_path.iterdir()) == files[1:]


def test_what_is_not_ours_stays(tmp_path):
    """Other names, other contents, links, folders; however old and large."""
    ours = kept(tmp_path, 99)
    named = tmp_path / "notes.jsonl"
    ours.rename(named)
    fake = tmp_path / ours.name
    fake.write_text("no session\n")
    link = tmp_path / "20200101T000000Z-link.jsonl"
    link.symlink_to(named)
    folder = tmp_path / "20200101T000000Z-folder.jsonl"
    folder.mkdir()
    before = sorted(tmp_path.iterdir())
    assert tidy(tmp_path, max_bytes=0, max_days=1, now=NOW) == ()
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.skipif(os.name == "nt", reason="an open file cannot be removed there")
def test_what_is_written_to_stays(tmp_path):
    file = new_recording(tmp_path, "a", datetime.fromtimestamp(NOW, UTC))
    recorder = Recorder(file, Header(name="a", workspace=FilesWorkspace({})))
    os.utime(file, (0, 0))
    assert tidy(tmp_path, max_bytes=0, max_days=1, now=NOW) == ()
    recorder.close()
    assert tidy(tmp_path, max_bytes=0, max_days=1, now=NOW) == (file,)


def test_a_folder_that_is_not_there_is_fine(tmp_path):
    assert tidy(tmp_path / "none", max_bytes=0, max_days=1, now=NOW) == ()


@pytest.mark.parametrize(
    "name", ["../../etc", "a\nb", "x" * 300, "", "[red]", "AKIAIOSFODNN7EXAMPLE"]
)
def test_a_name_cannot_lead_elsewhere_nor_tell_a_key(tmp_path, name):
    file = new_recording(tmp_path, name, datetime.fromtimestamp(NOW, UTC))
    assert file.parent == tmp_path
    assert file.name.isprintable()
    assert "IOSFODNN" not in file.name
    assert len(file.name) < 80


def test_the_folder_is_the_users_own_choice(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert tmp_path in recordings_folder(None).parents
    assert recordings_folder(str(tmp_path / "mine")) == tmp_path / "mine"
