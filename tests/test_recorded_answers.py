"""Replays with a model: recorded over a real socket, repeated without one, renewed where needed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from proactive_lsp.cli import run_command_line
from proactive_lsp.llm.ollama import DEFAULT_HOST
from proactive_lsp.replay.reading import read_transcript
from tests.scripted_ollama import MODEL, scripted_ollama

ROOT = Path(__file__).parents[1]
SHAPES = "def area(width, height):\n    return width * height\n\n\ndef double(x):\n    return x\n"
NOTES = "# Shapes\n\nWhat is left to do.\n"
NOTHING = {
    **{"purpose": "count", "help_wanted": False, "kind": "other", "task": "", "path": ""},
    **{"quoted_line": "", "why": ""},
}
# In other words, so that one can be told from the other; neither is worth asking again about.
OTHER = {**NOTHING, "purpose": "count on"}
FIX = {
    **NOTHING,
    **{"help_wanted": True, "kind": "fix", "task": "Return twice the number"},
    **{"path": "shapes.py", "quoted_line": "    return x", "why": "double should double"},
}


def session(path, *notes):
    """A session that writes a line into its notes and saves them, once for each text."""
    workspace = {"kind": "files", "files": {"shapes.py": SHAPES, "notes.md": NOTES}}
    lines = [{"proactive_session": [1, 0], "name": path.stem, "workspace": workspace}]
    opened = {"type": "open", "path": "notes.md", "version": 1, "language": "markdown"}
    lines.append({"t": 0, **opened, "text": NOTES})
    for number, text in enumerate(notes):
        at = {"line": 3 + number, "character": 0}
        change = {"range": {"start": at, "end": at}, "text": f"{text}\n"}
        edit = {"type": "edit", "path": "notes.md", "version": 2 + number, "changes": [change]}
        lines.append({"t": 60 * number + 1, **edit})
        lines.append({"t": 60 * number + 5, "type": "save", "path": "notes.md"})
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def answering(*answers):
    """The answers in order, the last one again and again; a number is the status of an error."""
    left = list(answers)

    def answer(chat):
        given = left.pop(0) if len(left) > 1 else left[0]
        return given if isinstance(given, int) else json.dumps(given)

    return answer


def by_prompt(chat):
    """An answer that follows from the prompt, so that the order of sessions changes nothing."""
    said = chat["messages"][-1]["content"]
    return json.dumps(OTHER if "second" in said else NOTHING)


@pytest.fixture
def run(capsys):
    """Runs a replay in this process; gives code, stdout and stderr."""

    def run(*arguments):
        capsys.readouterr()
        code = run_command_line(["replay", *map(str, arguments)])
        return (code, *capsys.readouterr())

    return run


@pytest.fixture
def record(run):
    """Replays with a scripted server; gives it back, for what it was asked."""

    def record(path, *options, answer=None, code=0):
        with scripted_ollama(answer or answering(NOTHING)) as server:
            told = run(path, "--model", MODEL, "--host", server.host, *options)
        assert told[0] == code, told
        server.told = told
        return server

    return record


@pytest.fixture
def free_host(unused_tcp_port):
    """An address where nobody listens."""
    return f"http://127.0.0.1:{unused_tcp_port}"


def start(*arguments, **environment):
    """Runs a replay in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "proactive_lsp", "replay", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )


def answers(path):
    """What is recorded beside a session."""
    return json.loads(path.with_suffix(".answers.json").read_bytes())


def model(output):
    """What a transcript says of the model in its one session."""
    read = json.loads(output)
    (row,) = (one["model"] for one in read["sessions"])
    assert row == read["totals"]["model"]
    return row


def test_a_live_model_is_loaded_once(tmp_path, record):
    """What a recording leaves out, as whoever replays it loads nothing."""
    path = session(tmp_path / "one.jsonl", "first", "second", "third")
    for options, loads in (((), 1), (("--record-model",), None)):
        server = record(path, *options, "--json", "-", answer=answering(OTHER, NOTHING, OTHER))
        row = model(server.told[1])
        assert (row["calls"], row["loads"]) == (3, loads)


def test_a_recorded_session_is_replayed_without_a_server(tmp_path, record, run):
    """Its transcript and its timeline to the byte, the accounts of the model included."""
    path = session(tmp_path / "one.jsonl", "first", "second", "third")
    server = record(path, "--record-model", "--json", "-", answer=answering(OTHER, NOTHING, OTHER))
    _, out, err = server.told
    assert len(server.chats) == 3
    *timeline, wrote = err.splitlines()
    assert wrote == f"wrote 3 answers to {tmp_path / 'one.answers.json'}"
    assert run(path, "--json", "-") == (0, out, "\n".join(timeline) + "\n")
    row = model(out)
    assert (row["name"], row["calls"], row["recorded"], row["drifted"]) == (MODEL, 3, 3, 0)
    assert row["purposes"]["predict"] == row["calls"]
    assert row["tokens"]["prompt"] > row["tokens"]["answer"] > 0
    assert (row["cancelled"], row["failed"]) == (0, {})
    assert 0 < row["unshared_characters"] < 1
    file = tmp_path / "one.json"
    file.write_text(out)
    assert msgspec.to_builtins(read_transcript(file).totals.model) == row


def test_the_file_has_answers_and_no_prompts(tmp_path, record):
    """And is the same when it is recorded again."""
    path = session(tmp_path / "one.jsonl", "a very private note")
    prompts = [json.dumps(chat) for chat in record(path, "--record-model").chats]
    assert "a very private note" in prompts[0]
    file = path.with_suffix(".answers.json")
    first = file.read_bytes()
    assert b"private" not in first
    assert list(answers(path)) == ["predicted/predict#1"]
    record(path, "--record-model")
    assert file.read_bytes() == first
    assert sorted(each.name for each in tmp_path.iterdir()) == ["one.answers.json", "one.jsonl"]


def test_neither_the_hash_seed_nor_the_number_of_jobs_changes_a_byte(tmp_path):
    """Of what is recorded, and of what is replayed."""
    recorded = []
    for jobs, seed in (("1", "1"), ("2", "2")):
        folder = tmp_path / jobs
        folder.mkdir()
        for name in "abc":
            session(folder / f"{name}.jsonl", "first", f"second {name}", "third")
        with scripted_ollama(by_prompt) as server:
            options = ("--record-model", "--model", MODEL, "--host", server.host, "--jobs", jobs)
            done = start(folder, *options, "--json", "-", PYTHONHASHSEED=seed)
        assert done.returncode == 0, done.stderr
        files = {file.name: file.read_bytes() for file in folder.glob("*.answers.json")}
        assert len(files) == 3
        assert server.most_at_once == 1
        recorded.append((files, done.stdout))
    assert recorded[0] == recorded[1]
    again = [
        start(tmp_path / "1", "--json", "-", "--jobs", jobs, PYTHONHASHSEED=seed)
        for jobs, seed in (("1", "3"), ("2", "4"))
    ]
    assert [each.stdout for each in again] == [recorded[0][1]] * 2
    assert again[0].stderr == again[1].stderr
    totals = json.loads(again[0].stdout)["totals"]["model"]
    assert (totals["recorded"], totals["drifted"]) == (totals["calls"], 0)


def test_an_answer_to_another_prompt_is_given_and_said(tmp_path, record, run):
    """In one line a session, and in the JSON."""
    path = session(tmp_path / "one.jsonl", "first", "second", "third")
    record(path, "--record-model")
    session(path, "first", "changed", "third")
    code, out, err = run(path, "--json", "-")
    assert code == 0
    says = "2 of 3 recorded answers were given to other prompts; renew them with --refresh-model"
    assert [line for line in err.splitlines() if line.startswith("proactive-lsp: ")] == [
        f"proactive-lsp: {path}: {says}"
    ]
    row = model(out)
    assert (row["calls"], row["recorded"], row["drifted"], row["failed"]) == (3, 3, 2, {})
    shown = run(path)[1].splitlines()
    assert f"{MODEL}: 3 calls, 3 recorded, 2 of them for other prompts," in shown[-2]
    assert max(map(len, shown)) <= 80


def test_a_request_without_an_answer_is_a_silence(tmp_path, record, run):
    """Said once in the timeline, once as advice."""
    path = session(tmp_path / "one.jsonl", "first")
    record(path, "--record-model")
    session(path, "first", "second", "third")
    code, out, err = run(path, "--json", "-")
    assert code == 0
    assert err.count("no answer is recorded") == 1
    assert f"{path}: 2 requests have no recorded answer; renew them with --refresh-model\n" in err
    row = model(out)
    assert (row["calls"], row["recorded"]) == (3, 1)
    assert row["failed"] == {"not-recorded": 2}
    assert row["silences"]["model-unavailable"] == 2


def test_renewing_asks_for_what_drifted_is_missing_or_failed(tmp_path, record, run):
    """And for nothing else; what nobody asks for any longer goes."""
    path = session(tmp_path / "one.jsonl", "first", "second", "third")
    record(path, "--record-model")
    before = answers(path)
    session(path, "first", "changed")
    server = record(path, "--refresh-model", answer=answering(OTHER))
    after = answers(path)
    assert len(server.chats) == 1
    assert list(after) == ["predicted/predict#1", "predicted/predict#2"]
    assert after["predicted/predict#1"] == before["predicted/predict#1"]
    assert json.loads(after["predicted/predict#2"]["text"]) == OTHER
    assert "2 answers to" in server.told[1]
    assert "1 of them as they were" in server.told[1]
    assert record(path, "--refresh-model").chats == []
    assert answers(path) == after
    code, out, _ = run(path, "--json", "-")
    assert (code, model(out)["drifted"]) == (0, 0)


def test_renewing_records_what_was_never_recorded(tmp_path, record):
    path = session(tmp_path / "one.jsonl", "first")
    assert len(record(path, "--refresh-model").chats) == 1
    assert list(answers(path)) == ["predicted/predict#1"]


@pytest.mark.parametrize("status", [500, 503])
def test_a_failure_is_replayed_as_what_it_was(tmp_path, record, run, status):
    """Until somebody renews it."""
    path = session(tmp_path / "one.jsonl", "first", "second")
    out = record(path, "--record-model", "--json", "-", answer=answering(status, OTHER)).told[1]
    assert run(path, "--json", "-")[:2] == (0, out)
    row = model(out)
    assert (row["recorded"], sum(row["failed"].values())) == (2, 1)
    assert "failed" in answers(path)["predicted/predict#1"]
    assert len(record(path, "--refresh-model", answer=answering(OTHER)).chats) == 1
    assert model(run(path, "--json", "-")[1])["failed"] == {}


def test_a_model_without_recording_is_asked_and_nothing_is_written(tmp_path, record):
    """Also where there is a recording."""
    path = session(tmp_path / "one.jsonl", "first")
    assert len(record(path).chats) == 1
    assert not path.with_suffix(".answers.json").exists()
    record(path, "--record-model")
    before = answers(path)
    server = record(path, "--json", "-", answer=answering(OTHER))
    assert len(server.chats) == 1
    assert model(server.told[1])["recorded"] == 0
    assert answers(path) == before


def test_loads_of_a_live_model_are_told(tmp_path, record, run):
    """A recording has none of its own, so that it makes the same transcript again."""
    path = session(tmp_path / "one.jsonl", "first")
    assert model(record(path, "--json", "-").told[1])["loads"] == 1
    assert model(record(path, "--record-model", "--json", "-").told[1])["loads"] is None
    assert model(run(path, "--json", "-")[1])["loads"] is None


def test_without_a_model_there_is_no_word_of_one(tmp_path, record, run):
    """Nobody recorded, or nobody wants to hear it."""
    path = session(tmp_path / "one.jsonl", "first")
    code, plain, err = run(path, "--json", "-")
    assert code == 0
    assert "model" not in json.loads(plain)["sessions"][0]
    assert "model" not in json.loads(plain)["totals"]
    assert "call" not in err
    record(path, "--record-model")
    assert run(path, "--model", "none", "--json", "-") == (0, plain, err)


def test_a_broken_recording_is_one_line_and_does_not_matter_to_who_does_not_read_it(
    tmp_path, record, run
):
    path = session(tmp_path / "one.jsonl", "first")
    file = path.with_suffix(".answers.json")
    file.write_text('{"predicted/predict#1": {"prompt": 1}}')
    code, out, err = run(path)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"proactive-lsp: {file}: no recorded answers: ")
    assert "--model none" in err
    assert run(path, "--model", "none")[0] == 0
    record(path, "--refresh-model", code=2)
    record(path, "--record-model")
    assert run(path)[0] == 0


def test_a_server_that_is_down_is_said_once(tmp_path, run, free_host):
    """A replay goes on by the rules."""
    for name in "ab":
        session(tmp_path / f"{name}.jsonl", "first", "second", "third")
    code, out, err = run(tmp_path, "--model", MODEL, "--host", free_host)
    assert (code, err.count("\n")) == (0, 1)
    assert err.startswith("proactive-lsp: the model did not answer in 2 of 2 sessions: ")
    assert free_host in err
    assert out.count("no Ollama at") == 2
    assert f"{MODEL} is" not in out


def test_nothing_recorded_is_an_error_and_the_old_recording_stays(tmp_path, record, run, free_host):
    path = session(tmp_path / "one.jsonl", "first", "second")
    record(path, "--record-model")
    session(path, "changed", "second")
    before = answers(path)
    for option in ("--record-model", "--refresh-model"):
        code, _, err = run(path, "--model", MODEL, "--host", free_host, option)
        assert (code, err.count("\n")) == (2, 1)
        assert err.startswith(f"proactive-lsp: {option}: nothing was recorded; ")
        assert answers(path) == before


def test_a_model_that_is_not_installed_is_one_line(tmp_path, run):
    path = session(tmp_path / "one.jsonl", "first")
    with scripted_ollama(answering(NOTHING)) as server:
        code, _, err = run(path, "--model", "other", "--host", server.host, "--record-model")
    assert (code, err.count("\n")) == (2, 1)
    assert "ollama pull other" in err


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--record-model"], "--record-model: say which model to ask, with --model NAME"),
        (["--record-model", "--model", "none"], "--record-model: say which model to ask"),
        (["--refresh-model"], "--refresh-model: say which model to ask"),
        (["--record-model", "--refresh-model", "--model", "x"], "not both"),
        (["--record-model", "--model", "x", "--no-filter"], "--record-model or --no-filter"),
        (["--refresh-model", "--model", "x", "--disable", "docstring"], "or --disable"),
        (["--host", "http://127.0.0.1:1"], "no model is asked; name one with --model NAME"),
        (["--host", "http://127.0.0.1:1", "--model", "none"], "no model is asked"),
        (["--model", "x", "--host", "ftp://a"], "--host: host 'ftp://a' is no address"),
    ],
)
def test_options_that_contradict_each_other_are_refused(tmp_path, run, options, says):
    path = session(tmp_path / "one.jsonl", "first")
    code, out, err = run(path, *options)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert says in err
    assert [file.name for file in tmp_path.iterdir()] == ["one.jsonl"]


def test_what_cannot_be_written_is_refused_before_anybody_is_asked(tmp_path, record, monkeypatch):
    path = session(tmp_path / "one.jsonl", "first")
    beside = path.with_suffix(".answers.json")
    beside.mkdir()
    server = record(path, "--record-model", code=2)
    assert (server.chats, server.told[1]) == ([], "")
    assert server.told[2].startswith(f"proactive-lsp: {beside}: a folder")
    beside.rmdir()
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK and access(path, mode))
    server = record(path, "--record-model", code=2)
    assert (server.chats, server.told[1], server.told[2].count("\n")) == ([], "", 1)
    assert "you may not write there" in server.told[2]


def test_two_sessions_cannot_have_one_file_of_answers(tmp_path, run):
    path = session(tmp_path / "one.jsonl", "first")
    other = session(tmp_path / "one", "first")
    code, _, err = run(path, other, "--record-model", "--model", "x")
    assert (code, err.count("\n")) == (2, 1)
    assert "are one file" in err


@pytest.mark.parametrize("host", [None, "http://[::1]:9", "http://192.0.2.1:9"])
def test_only_the_command_line_says_which_host_is_asked(tmp_path, run, monkeypatch, host):
    """Neither settings nor the environment; and another machine when it was typed."""
    from proactive_lsp import assembly

    seen = []
    monkeypatch.setenv("OLLAMA_HOST", "http://127.0.0.1:1")
    monkeypatch.setattr(assembly, "ollama_model", lambda settings, clock: seen.append(settings))
    path = session(tmp_path / "one.jsonl", "first")
    assert run(path, "--model", "x", *(["--host", host] if host else []))[0] == 0
    (settings,) = seen
    assert (settings.model, settings.host) == ("x", host or DEFAULT_HOST)
    assert settings.allow_remote is (host is not None)
    assert settings.timeout == 300


def test_the_timeline_says_what_the_model_foresaw_and_what_it_did_not(tmp_path, record, run):
    """A card is marked as its idea; the same silence is told once."""
    path = session(tmp_path / "one.jsonl", "first", "second", "third")
    record(path, "--record-model", answer=answering(NOTHING, NOTHING, FIX))
    code, out, _ = run(path, "--no-filter")
    assert code == 0
    assert out.count("nothing-left") == 1
    (offered,) = [line for line in out.splitlines() if " offered " in line]
    assert ", model) Return twice the number" in offered
    assert f"{MODEL}: 3 calls, 3 recorded" in out
