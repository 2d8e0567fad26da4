"""The hour that others measure by: it is what it says it is, and always the same."""

import ast
from collections import Counter

from proactive_lsp.events import Command, Edit, Git, Save
from proactive_lsp.replay.session import read_header, read_items
from proactive_lsp.workspace.documents import apply_changes
from tests import hour


def test_an_hour_of_edits_saves_runs_and_commits():
    events = hour.events()
    count = Counter(type(event) for event in events)
    assert 3_400 < events[-1].t < 3_800
    assert (count[Edit] > 300, count[Save], count[Command]) == (True, 41, 10)
    assert sum(isinstance(event, Git) and event.op == "commit" for event in events) == 6
    assert [event.t for event in events] == sorted(event.t for event in events)
    assert events == hour.events()


def test_what_comes_of_it_is_a_program():
    texts = hour.files()
    for event in hour.events():
        if isinstance(event, Edit):
            texts[event.path] = apply_changes(texts.get(event.path, ""), event.changes)
    assert len(texts) == 10
    for path, text in texts.items():
        if path.endswith(".py"):
            ast.parse(text)


def test_it_is_a_session(tmp_path):
    file = tmp_path / "hour.jsonl"
    hour.write_session(file)
    assert read_header(file).name == "an-hour"
    assert [item for _, item in read_items(file)] == hour.events()
