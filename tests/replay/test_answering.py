"""What is said of the model's part in a replay: counted, added up, and where its answers are."""

from collections import Counter
from pathlib import Path

import pytest
from msgspec.structs import replace

from proactive_lsp.llm import BadReply, Message, ModelError, ModelMissing, ModelTimeout, Request
from proactive_lsp.llm.scripted import ScriptedModel
from proactive_lsp.llm.usage import Usage
from proactive_lsp.replay.answering import (
    Answering,
    Report,
    answers_path,
    check_recordable,
    drift,
    recorded_answers,
)
from proactive_lsp.replay.model_row import Tokens, model_row
from proactive_lsp.replay.session import SessionError


async def answered(*replies, answers=None):
    """A model that was asked once for each reply."""
    answering = Answering(ScriptedModel(replies), answers)
    for number in range(len(replies)):
        try:
            request = Request((Message("user", str(number)),), about="predicted")
            await answering.metered.complete(request)
        except ModelError:
            continue
    return answering


@pytest.mark.parametrize(
    ("session", "file"),
    [
        ("a/run.jsonl", "a/run.answers.json"),
        ("session.jsonl", "session.answers.json"),
        ("run.log", "run.log.answers.json"),
        ("a.b.jsonl", "a.b.answers.json"),
    ],
)
def test_answers_are_beside_their_session(session, file):
    assert answers_path(Path(session)) == Path(file)


def test_what_answers_begin_with_is_said_by_the_options(tmp_path):
    """A recording is used where there is one; recording begins anew, renewing with nothing."""
    session = tmp_path / "a.jsonl"
    uses = ("recorded", "refresh", "record", "live", "none")
    assert [recorded_answers(session, use) for use in uses] == [None, {}, {}, None, None]
    answers_path(session).write_text("{}")
    assert [recorded_answers(session, use) for use in uses] == [{}, {}, {}, None, None]


async def test_failures_are_written_but_not_the_absence_of_everybody(tmp_path):
    session = tmp_path / "a.jsonl"
    odd = await answered(BadReply("odd"), answers={})
    assert odd.report(Counter()).away is None
    assert odd.write(session) == tmp_path / "a.answers.json"
    late = await answered(ModelTimeout("slow"), "fine", answers={})
    assert late.report(Counter()).away == "slow"
    assert late.write(session) == tmp_path / "a.answers.json"
    answers_path(session).unlink()
    gone = await answered(ModelMissing("not there"), answers={})
    assert gone.write(session) is None
    assert not answers_path(session).exists()
    report = gone.report(Counter())
    assert (report.away, report.answers) == ("not there", 0)
    nothing_asked = await answered(answers={})
    assert nothing_asked.write(session) == tmp_path / "a.answers.json"
    assert recorded_answers(session, "recorded") == {}


async def test_loads_are_told_of_a_live_model_alone():
    """Or a recording and its replay would differ."""
    live = Answering(ScriptedModel(), None, loads=lambda: 1)
    recording = Answering(ScriptedModel(), {}, loads=lambda: 1)
    assert [each.report(Counter()).usage.loads for each in (live, recording)] == [1, None]


async def test_a_recorded_absence_is_nobodys_fault_now():
    """Only whoever asks a live model is told to start it."""
    live = await answered(ModelMissing("not there"), "fine", answers={})
    assert live.report(Counter()).away == "not there"
    repeated = Answering(None, live._recorded.asked)
    for number in range(2):
        try:
            request = Request((Message("user", str(number)),), about="predicted")
            await repeated.metered.complete(request)
        except ModelError:
            continue
    report = repeated.report(Counter())
    assert (report.away, dict(report.usage.failed), report.answers) == (
        None,
        {"model-missing": 1},
        2,
    )


def test_a_folder_that_is_gone_is_refused(tmp_path):
    with pytest.raises(SessionError, match="copy the session to a folder of yours"):
        check_recordable([tmp_path / "none" / "a.jsonl"])


def report(**fields):
    return Report(**{"name": "a", "usage": Usage(), "silences": {}, **fields})


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ({}, None),
        ({"answers": 3}, None),
        (
            {"answers": 3, "drifted": 1},
            "s: 1 of 3 recorded answers was given to other prompts; "
            "renew them with --refresh-model",
        ),
        ({"missing": 1}, "s: 1 request has no recorded answer; renew them with --refresh-model"),
        (
            {"answers": 9, "drifted": 2, "missing": 2},
            "s: 2 of 9 recorded answers were given to other prompts, "
            "2 requests have no recorded answer; renew them with --refresh-model",
        ),
    ],
)
def test_drift_is_one_line(counts, says):
    assert drift(Path("s"), report(**counts)) == says


def test_nobody_who_asked_no_model_hears_of_drift():
    assert drift(Path("s"), None) is None


def test_shares_are_made_of_sums():
    """Of the tokens whose cost is known, and of the characters of all prompts."""
    one = Usage(calls=1, prompt_tokens=100, evaluated_tokens=50, measured_tokens=100, characters=10)
    other = Usage(calls=2, purposes={"predict": 2}, prompt_tokens=900, failed={"bad-reply": 1})
    other = replace(other, characters=90, unshared=25)
    third = Usage(prompt_tokens=200, answer_tokens=7, evaluated_tokens=25, measured_tokens=200)
    row = model_row(
        [
            report(usage=one, silences={"stale": 1}, answers=2),
            report(usage=other, name="b", silences={"nothing-left": 2, "stale": 1}, drifted=1),
            report(usage=third),
        ]
    )
    assert (row.name, row.calls, dict(row.failed)) == ("a, b", 3, {"bad-reply": 1})
    assert row.tokens == Tokens(1200, 7, 75)
    assert (row.reevaluated, row.unshared_characters) == (0.25, 0.25)
    assert (row.recorded, row.drifted, row.loads) == (2, 1, None)
    assert list(row.silences.items()) == [("nothing-left", 2), ("stale", 2)]


def test_a_model_that_was_not_asked_has_no_name_beside_one_that_was():
    """It was not looked for, so that nobody knows how it is called."""
    unasked = report(usage=Usage(), name="the local model")
    asked = report(usage=Usage(calls=1), name="small:1b")
    assert model_row([unasked, asked, unasked]).name == "small:1b"
    assert model_row([unasked, unasked]).name == "the local model"


def test_what_no_server_told_is_null():
    row = model_row([report(usage=Usage(calls=1, purposes={"predict": 1}))])
    assert row.tokens == Tokens(None, None, None)
    assert (row.reevaluated, row.unshared_characters) == (None, None)


async def test_a_file_that_cannot_be_replaced_is_named_and_nothing_is_left_behind(tmp_path):
    """As when its folder became read-only meanwhile, or something else took its name."""
    session = tmp_path / "a.jsonl"
    (answers_path(session) / "in").mkdir(parents=True)
    answering = await answered("fine", answers={})
    with pytest.raises(SessionError, match=r"a\.answers\.json: the answers were not written: "):
        answering.write(session)
    assert [each.name for each in tmp_path.iterdir()] == ["a.answers.json"]
