"""Sessions of ProactiveBench, in words of our own."""

import json

import pytest

from proactive_lsp.events import FileOperation, Focus, Save
from proactive_lsp.replay.session import SessionError
from proactive_lsp.sessions.imports import proactivebench
from tests.sessions.imports.making import events, imported, reason

STEPS = (
    ("100.0", "The user opens the file 'tide.py' in the editor."),
    ("101.5", "The user types 'def ebb.now' in the editor."),
    ("103.25", "The user saves 'tide.py'."),
    ("102.0", "The user creates a file called 'moon.py'."),
    ("104.0", "The user reads about the moon."),
    ("x", "The user opens '../../etc/passwd.txt' in the editor."),
)


def observation(time, event):
    return {"time": time, "event": event}


def check_bench(done):
    ((path, _),) = done.sessions
    told = [(type(event), event.path, event.t) for event in events(path)]
    assert told == [
        (Focus, "tide.py", 0.0),
        (Save, "tide.py", 3.25),
        (FileOperation, "moon.py", 3.25),
    ]
    assert (reason(done, "do nothing to a named file"), reason(done, "backwards")) == (3, 1)
    assert reason(done, "proposals") == 6
    assert any("sentences have no text" in note for note in done.notes)


def test_steps_of_a_session(tmp_path):
    file = tmp_path / "code_1.json"
    response = {"candidate_task": ["Look at the moon"]}
    steps = [
        {"observation": observation(*each), "agent_response": response, "task_status": True}
        for each in STEPS
    ]
    file.write_text(json.dumps(steps, indent=4))
    check_bench(imported(file, tmp_path))


def test_histories_of_which_the_longest_counts(tmp_path):
    file = tmp_path / "reward.jsonl"
    rows = [
        {"obs": [observation(*each) for each in STEPS[:n]], "pred_task": None} for n in range(1, 7)
    ]
    file.write_text("\n".join(map(json.dumps, rows)) + "\n")
    check_bench(imported(file, tmp_path))


def test_a_session_of_the_benchmark_that_is_cut_off(tmp_path):
    file = tmp_path / "code_1.json"
    file.write_text('[\n    {\n        "observation": {"time"')
    with pytest.raises(SessionError, match="is the file whole"):
        imported(file, tmp_path)


def test_histories_without_end_are_not_held(tmp_path, monkeypatch):
    monkeypatch.setattr(proactivebench, "_MOST_HELD", 1_000)
    file = tmp_path / "endless.jsonl"
    lines = ({"obs": [observation(str(n), "The user saves 'a.py'.")]} for n in range(100))
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    with pytest.raises(SessionError, match="split it first"):
        imported(file, tmp_path)
