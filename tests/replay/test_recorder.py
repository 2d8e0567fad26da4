"""The recorder: what it writes can be read, whatever goes wrong."""

import os
import stat

import pytest

from proactive_lsp.events import Change, Edit, Save, span
from proactive_lsp.replay.recorder import Recorder
from proactive_lsp.replay.session import FilesWorkspace, Header, SessionError, read_items, scan

HEADER = Header(name="rec", workspace=FilesWorkspace({}))


def events_of(path):
    """The events of a recording."""
    return [item for _, item in read_items(path)]


def test_what_was_flushed_can_be_read_while_recording(tmp_path):
    """And what was not is not there yet."""
    recorder = Recorder(tmp_path / "s.jsonl", HEADER)
    recorder.append(Save(1, "a"))
    assert events_of(recorder.path) == []
    recorder.flush()
    recorder.append(Save(2, "a"))
    assert events_of(recorder.path) == [Save(1, "a")]
    recorder.close()
    assert events_of(recorder.path) == [Save(1, "a"), Save(2, "a")]
    recorder.close()


def test_only_the_user_may_read_it(tmp_path):
    """Whatever the umask allows."""
    before = os.umask(0)
    try:
        recorder = Recorder(tmp_path / "s.jsonl", HEADER)
    finally:
        os.umask(before)
    recorder.close()
    assert stat.S_IMODE(recorder.path.stat().st_mode) == 0o600


def test_an_earlier_recording_is_kept(tmp_path):
    """The new one gets the next free name."""
    names = []
    for t in range(3):
        recorder = Recorder(tmp_path / "s.jsonl", HEADER)
        recorder.append(Save(t, "a"))
        recorder.close()
        names.append(recorder.path.name)
    assert names == ["s.jsonl", "s-2.jsonl", "s-3.jsonl"]
    assert events_of(tmp_path / "s.jsonl") == [Save(0, "a")]


def test_time_never_goes_back(tmp_path):
    """Two files settled together end in another order than they began."""
    recorder = Recorder(tmp_path / "s.jsonl", HEADER)
    recorder.append(Save(2, "a"))
    recorder.append(Save(1, "b"))
    recorder.close()
    assert events_of(recorder.path) == [Save(2, "a"), Save(2, "b")]


def test_half_a_surrogate_pair_keeps_its_length(tmp_path):
    """An editor may send one in mid-typing."""
    recorder = Recorder(tmp_path / "s.jsonl", HEADER)
    recorder.append(Edit(1, "a", 1, (Change(span(0, 0, 0, 0), "x\ud83dé"),)))
    recorder.close()
    assert events_of(recorder.path)[0].changes[0].text == "x?é"


def test_a_path_outside_the_workspace_is_left_out(tmp_path):
    """The reader would refuse the whole file for it."""
    recorder = Recorder(tmp_path / "s.jsonl", HEADER)
    recorder.append(Save(1, "../a"))
    recorder.close()
    assert events_of(recorder.path) == []


def test_a_full_disk_leaves_whole_lines(tmp_path, monkeypatch):
    """The problem is said and later events are dropped."""
    recorder = Recorder(tmp_path / "s.jsonl", HEADER)
    recorder.append(Save(1, "a"))
    recorder.flush()
    real = os.write

    def full(descriptor, batch):
        if len(batch) > 10:
            return real(descriptor, batch[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    recorder.append(Save(2, "a"))
    recorder.flush()
    monkeypatch.undo()
    recorder.append(Save(3, "a"))
    recorder.close()
    assert recorder.problem is not None
    assert "No space left on device" in recorder.problem
    assert events_of(recorder.path) == [Save(1, "a")]


def test_every_crash_leaves_a_file_that_reads_but_for_its_last_line(tmp_path):
    """Cut anywhere behind the header, all whole lines are there."""
    recorder = Recorder(tmp_path / "s.jsonl", HEADER)
    recorder.append(Save(1, "a"))
    recorder.append(Save(2, "b"))
    recorder.close()
    whole = recorder.path.read_bytes()
    first = whole.index(b"\n") + 1
    for size in range(first, len(whole)):
        recorder.path.write_bytes(whole[:size])
        if whole[size - 1 : size] == b"\n" or whole[size : size + 1] == b"\n":
            assert scan(recorder.path).events == whole[first : size + 1].count(b"\n")
        else:
            with pytest.raises(SessionError, match="trim it with"):
                scan(recorder.path)


def test_a_folder_that_is_not_there_is_an_os_error(tmp_path):
    """For the server to tell."""
    with pytest.raises(FileNotFoundError):
        Recorder(tmp_path / "none" / "s.jsonl", HEADER)
