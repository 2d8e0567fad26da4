"""Traffic that others recorded becomes sessions, and whatever cannot is told."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proactive_lsp.cli import run_command_line
from proactive_lsp.events import Close, Edit, FileOperation, Open, Save
from proactive_lsp.replay.session import read_header
from tests.sessions.imports.making import events, imported, reason, texts
from tests.sessions.imports.traffic import (
    ROOT,
    answer,
    changed,
    database,
    initialize,
    opened,
    saved,
    trace,
)

SAMPLES = Path(__file__).parents[1] / "samples"
STORY = json.loads((SAMPLES / "story.json").read_text("utf-8"))


# What the real tools recorded.


@pytest.mark.parametrize(
    "name",
    [
        *("vscode-9.log", "vscode-9-json.log", "vscode-11.log", "vscode-11-json.log"),
        *("lsp-devtools.jsonl", "lsp-devtools.db"),
    ],
)
def test_a_recording_of_a_real_tool_tells_the_story(name, tmp_path):
    before = (SAMPLES / name).read_bytes()
    done = imported(SAMPLES / name, tmp_path)
    ((path, count),) = done.sessions
    told = events(path)
    kinds = (Open, Edit, Save, Open, Edit, Save, FileOperation, Close)
    assert tuple(map(type, told)) == kinds
    assert count == len(kinds)
    assert texts(path) == {
        "prices.py": STORY["files"]["prices.py"].replace("rate", "tax"),
        "cart.py": STORY["files"]["cart.py"].replace('cart"', 'cart 🧺"'),
    }
    assert read_header(path).workspace.files == STORY["files"]
    assert read_header(path).name == "shop"
    assert told[-2].to == "basket.py"
    assert reason(done, "textDocument/hover") == 1
    assert 1 < told[-1].t < 20
    assert (SAMPLES / name).read_bytes() == before
    assert sorted(each.name for each in SAMPLES.iterdir() if name in each.name) == [name]


def test_the_command_says_what_became_of_it(tmp_path, capsys):
    out = tmp_path / "new" / "out"
    files = [str(SAMPLES / "vscode-9.log"), str(SAMPLES / "lsp-devtools.jsonl")]
    assert run_command_line(["sessions", "import", *files, "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert f"{out}/vscode-9.jsonl: 8 events of {files[0]} (vscode-trace)" in said
    assert "note: times are whole seconds" in said
    assert "note: no times were recorded" in said
    assert "lost: 1 textDocument/hover, which no event stands for" in said
    assert run_command_line(["replay", str(out)]) == 0


# Times.


def test_times_of_day_go_on_past_noon_and_midnight(traced):
    clocks = ("11:59:58 AM", "12:00:01 PM", "1:00:00 PM", "11:59:59 PM", "12:00:02 AM")
    messages = (initialize(), opened(), saved(), saved(), saved())
    done = traced("".join(map(trace, clocks, messages)))
    assert [event.t for event in events(done.sessions[0][0])] == [3.0, 3602.0, 43201.0, 43204.0]


@pytest.mark.parametrize(
    ("clocks", "seconds"),
    [
        (("23:59:58", "0:00:01", "00:00:02"), [3.0, 4.0]),
        (("12:59:58", "1:00:01", "1:00:02"), [3.0, 4.0]),
        (("11:59:58\u202fPM", "12:00:01\u202fAM", "12:00:02\u202fAM"), [3.0, 4.0]),
        (("\u4e0a\u534811:59:58", "\u4e0b\u534812:00:01", "\u4e0b\u534812:00:02"), [3.0, 4.0]),
        (("13.59.58", "14.00.01", "14.00.02"), [3.0, 4.0]),
        (("noon", "10:00:00", "later"), [0.0, 0.0]),
    ],
)
def test_times_in_the_spellings_of_other_languages(traced, clocks, seconds):
    done = traced("".join(map(trace, clocks, (initialize(), opened(), saved()))))
    assert [event.t for event in events(done.sessions[0][0])] == seconds


def test_time_that_goes_backwards_stands_still(recorded):
    done = recorded(initialize(), opened(), -30.0, saved(), saved())
    times = [event.t for event in events(done.sessions[0][0])]
    assert times == sorted(times) == [1.0, 1.0, 2.0]
    assert reason(done, "backwards") == 1


# Positions.


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_columns_of_other_encodings_are_converted(recorded, encoding):
    line = 'x = "🛒é" + y'
    index = line.index("y")
    column = {
        "utf-8": len(line[:index].encode()),
        "utf-16": len(line[:index].encode("utf-16-le")) // 2,
        "utf-32": index,
    }[encoding]
    edit = changed((0, column, 0, column + 1, "zed"))
    done = recorded(initialize(), answer(encoding), opened(text=line), edit)
    assert texts(done.sessions[0][0]) == {"a.py": 'x = "🛒é" + zed'}


TEXT = st.text(alphabet="ab\né🛒\r", max_size=12)
EDITS = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), TEXT), min_size=1, max_size=4)


@given(start=TEXT, edits=EDITS, encoding=st.sampled_from(["utf-8", "utf-16", "utf-32"]))
@settings(max_examples=40, deadline=None)
def test_any_edits_make_the_text_that_they_made(tmp_path_factory, start, edits, encoding):
    """Several changes in one message, each counting in the text that the one before made."""
    text, changes = start, []
    for first, last, new in edits:
        first, last = sorted((first % (len(text) + 1), last % (len(text) + 1)))
        if text[first - 1 : first + 1] == "\r\n" or text[last - 1 : last + 1] == "\r\n":
            continue
        changes.append((*place(text, first, encoding), *place(text, last, encoding), new))
        text = text[:first] + new + text[last:]
    folder = tmp_path_factory.mktemp("any")
    messages = (initialize(), answer(encoding), opened(text=start), changed(*changes))
    done = imported(database(folder / "run.db", messages), folder)
    assert texts(done.sessions[0][0]) == {"a.py": text}


def place(text, index, encoding):
    before = text[:index].replace("\r\n", "\n").replace("\r", "\n")
    line = before.rsplit("\n", 1)[-1]
    size = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    coded = line.encode({1: "utf-8", 2: "utf-16-le", 4: "utf-32-le"}[size])
    return before.count("\n"), len(coded) // size


# Secrets.


def test_a_key_that_was_typed_letter_by_letter_is_masked(recorded):
    key = "ghp_" + "".join(random.Random(7).choices("abcdefXYZ0123456789", k=36))
    start = 'TOKEN = ""\n'
    typed = [changed((0, 9 + n, 0, 9 + n, letter), version=2 + n) for n, letter in enumerate(key)]
    told = f'send("{key}")\n'
    done = recorded(
        initialize(), opened(text=start), *typed, saved(), opened("b.py", told), step=0.05
    )
    path = done.sessions[0][0]
    assert key not in path.read_text("utf-8")
    assert key[:20] not in path.read_text("utf-8")
    assert texts(path)["a.py"] == f'TOKEN = "{"x" * 40}"\n'


def test_what_our_own_server_offered_and_what_was_answered(recorded):
    where = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 1}}
    one, two = (
        {"id": id, "need": "docstring", "path": f"{ROOT}/a.py", "range": where, "title": "x"}
        for id in ("one", "two")
    )
    listed = "proactive/suggestions"
    dismissal = {"command": "proactive.server.dismiss", "arguments": ["one", ROOT]}
    done = recorded(
        initialize(),
        opened(),
        (listed, {"suggestions": [one, two]}),
        ("proactive/didShow", {"id": "one"}),
        ("workspace/executeCommand", dismissal),
        ("workspace/executeCommand", {"command": "other.thing"}),
        (listed, {"suggestions": []}),
    )
    told = [(event.id, event.op) for event in events(done.sessions[0][0])[1:]]
    assert told == [
        ("one", "offered"),
        ("two", "offered"),
        ("one", "shown"),
        ("one", "dismissed"),
        ("two", "withdrawn"),
    ]
    assert reason(done, "answer no suggestion") == 1
