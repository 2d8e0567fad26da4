"""The table of results: a line for a session, the same bytes whoever asks and however often."""

import csv
import io
import json

import pytest

from proactive_lsp.replay.results import difference, encode_results
from proactive_lsp.replay.run import ReplayOptions, replay_all
from proactive_lsp.replaying import assemble

CORE = "def area(width, height, unit):\n    return width * height\n"
USER = 'from core import area\n\nprint(area(2, 3, "cm"))\n'
EDIT = {
    "range": {"start": {"line": 0, "character": 22}, "end": {"line": 0, "character": 28}},
    "text": "",
}


def session(tmp_path, name, *labels):
    """A parameter goes at 1 s, and a save at 2 s asks what is owed."""
    lines = [
        {
            "proactive_session": [1, 0],
            "name": name,
            "workspace": {"kind": "files", "files": {"core.py": CORE, "user.py": USER}},
        },
        {"t": 0, "type": "open", "path": "core.py", "version": 1, "language": "python"}
        | {"text": CORE},
        {"t": 1, "type": "edit", "path": "core.py", "version": 2, "changes": [EDIT]},
        *({"t": 1, **label} for label in labels),
        {"t": 2, "type": "save", "path": "core.py"},
    ]
    file = tmp_path / f"{name}.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return file


EXPECT = {"type": "expect", "need": "broken-call", "path": "user.py", "within": 2}
ELSEWHERE = EXPECT | {"path": "core.py"}
QUIET = {"type": "quiet", "until": 9}


@pytest.fixture
def results(tmp_path):
    files = [
        session(tmp_path, "wanted", EXPECT),
        session(tmp_path, "missed", ELSEWHERE, EXPECT),
        session(tmp_path, "alarm", QUIET),
        session(tmp_path, 'no "labels", =1', *()),
    ]
    return list(replay_all(files, ReplayOptions(), assemble, lambda entry: None))


def test_a_line_for_each_session_by_name(results):
    rows = {row["scenario"]: row for row in csv.DictReader(io.StringIO(table(results)))}
    assert list(rows) == sorted(rows)
    wanted, alarm = rows["wanted"], rows["alarm"]
    assert (wanted["label"], wanted["needs"], wanted["languages"]) == (
        "speak",
        "broken-call",
        "python",
    )
    assert (wanted["wanted"], wanted["kept"], wanted["misses"], wanted["alarms"]) == tuple("1100")
    assert (wanted["first_t"], wanted["first_need"]) == ("2.0", "broken-call")
    assert (alarm["label"], alarm["cards"], alarm["alarms"], alarm["kept"]) == (
        *("quiet", "1", "1", "0"),
    )
    assert (rows['no "labels", =1']["label"], rows['no "labels", =1']["alarms"]) == ("", "0")


def test_the_order_of_the_sessions_changes_nothing(results):
    assert encode_results(results[::-1]) == encode_results(results)


def test_a_difference_names_both_lines(results):
    """Those that are the same are left out."""
    now = encode_results(results)
    assert difference(now, now) == ""
    before = now.replace(b"alarm,quiet", b"alarm,speak")
    told = difference(before, now).splitlines()
    assert [line[:12] for line in told if line[:1] in "+-"][2:] == ["-alarm,speak", "+alarm,quiet"]


def table(results):
    """The table as text."""
    return encode_results(results).decode()
