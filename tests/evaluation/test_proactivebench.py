"""Reading ProactiveBench: what is wrong is said with file, line and what."""

import json

import pytest

from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.evaluation.proactivebench import read_rewards, read_sessions, read_traces
from tests.evaluation.proactive_sample import BESIDES, rows_of, trace, write_sample


@pytest.fixture
def folder(tmp_path):
    return write_sample(tmp_path / "data")


def refused(read, *says):
    with pytest.raises(EvaluationError) as caught:
        read()
    assert "\n" not in str(caught.value)
    for text in says:
        assert text in str(caught.value)


def change(folder, line, **fields):
    """Change one row of the training file."""
    file = folder / "reward_train.jsonl"
    lines = file.read_text().splitlines()
    lines[line - 1] = json.dumps(json.loads(lines[line - 1]) | fields)
    file.write_text("\n".join(lines) + "\n")


def test_reads_all_rows(folder):
    rewards = read_rewards(folder)
    assert (len(rewards.train), len(rewards.test)) == (42, 12)
    first = rewards.train[0]
    assert first.session.time == "bread 0"
    assert first.outcome == "False-Alarm"
    assert {row.session for row in rewards.test} <= {row.session for row in rewards.train}


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"valid": "yes"}, "Expected `bool`, got `str` - at `$.valid`"),
        ({"obs": []}, "obs is empty"),
        ({"obs": [{"time": "1"}]}, "missing required field `event` - at `$.obs[0]`"),
        ({"pred_task": " "}, "no proposal is written as null"),
        ({"pred_task": 3}, "at `$.pred_task`"),
        ({"category": "Missed-Need (MN)"}, "the labels make 'False-Alarm'"),
    ],
)
def test_a_wrong_row_is_named_by_file_and_line(folder, fields, says):
    change(folder, 5, **fields)
    refused(lambda: read_rewards(folder), "reward_train.jsonl, line 5: ", says)


def test_a_broken_line(folder):
    with (folder / "reward_test.jsonl").open("a") as file:
        file.write("\n{broken\n")
    refused(lambda: read_rewards(folder), "reward_test.jsonl, line 14: ", "malformed")


def test_bytes_that_are_no_text(folder):
    row = json.dumps(next(rows_of("bread"))).encode().replace(b"rye", b"\xff\xfe")
    (folder / "reward_train.jsonl").write_bytes(row)
    refused(lambda: read_rewards(folder), "reward_train.jsonl, line 1: ")


def test_an_empty_file(folder):
    (folder / "reward_test.jsonl").write_text("\n")
    refused(lambda: read_rewards(folder), "reward_test.jsonl: no row in it")


def test_a_missing_file_or_folder(folder):
    (folder / "reward_test.jsonl").unlink()
    refused(lambda: read_rewards(folder), "reward_test.jsonl: no such file", "--data is")
    refused(lambda: read_rewards(folder / "none"), "none: no such folder")
    refused(lambda: read_sessions(folder / "none"), "splits.json: no such file")


def test_sessions_have_the_field_of_their_split(folder):
    assert [(one.name, one.field, len(one.steps)) for one in read_sessions(folder)] == [
        ("boat", "coding", 3),
        ("letter", "writing", 3),
    ]


def test_splits_without_a_known_theme(folder):
    (folder / "events" / "splits.json").write_text('{"a": {"theme": "All", "files": []}}')
    refused(lambda: read_sessions(folder), "splits.json: no split is of coding or writing")


def test_an_answer_is_a_task_nothing_or_failed(folder):
    traces = read_traces(folder, read_sessions(folder))
    assert list(traces) == ["calm", "chatty"]
    boat = traces["calm"]["boat"]
    assert [(one.task is not None, one.failed) for one in boat] == [
        (False, True),
        (False, False),
        (True, False),
    ]
    assert [one.task for one in traces["calm"]["letter"]][:2] == [None, None]
    assert traces["chatty"]["boat"][2].task == BESIDES


def test_an_answer_of_another_kind(folder):
    trace(folder, "odd", "boat", [[{"do": "it"}], [None], "text"])
    trace(folder, "odd", "letter", [[], [], []])
    sessions = read_sessions(folder)
    refused(lambda: read_traces(folder, sessions), "odd/boat.json, event 3: ", "neither a list")
    trace(folder, "odd", "boat", [[{"do": "it"}], [None], []])
    boat = read_traces(folder, sessions)["odd"]["boat"]
    assert [one.task for one in boat] == ['{"do":"it"}', None, None]


def test_no_trace_at_all(folder):
    sessions = read_sessions(folder)
    refused(lambda: read_traces(folder / "events", sessions), "no trace of a model")
    (folder / "traces" / "calm" / "boat.json").write_text("[]")
    refused(lambda: read_traces(folder, sessions), "boat.json: no event in it")
