"""The recording: same request, same answer; nothing but answers in the file."""

import pytest

from proactive_lsp.llm import BadReply, Message, ModelTimeout, ModelUnavailable, Reply, Request
from proactive_lsp.llm.recorded import RecordedModel, request_key
from proactive_lsp.llm.scripted import ScriptedModel


def request(text, **more):
    return Request((Message("user", text),), **more)


async def test_what_was_recorded_is_replayed_without_the_fallback(tmp_path):
    path = tmp_path / "answers.json"
    recording = RecordedModel(path, fallback=ScriptedModel(["one", "two"]))
    await recording.complete(request("a"))
    await recording.complete(request("b"))
    replayed = RecordedModel(path)
    assert (await replayed.complete(request("b"))).text == "two"
    assert (await replayed.complete(request("a"))).text == "one"
    assert not list(tmp_path.glob("*.new"))


async def test_a_known_request_is_not_asked_again(tmp_path):
    model = RecordedModel(tmp_path / "answers.json", fallback=ScriptedModel(["one"]))
    first = await model.complete(request("a"))
    assert await model.complete(request("a")) == first


async def test_an_unknown_request_is_unavailable():
    known = RecordedModel({request_key(request("a")): Reply("one")})
    with pytest.raises(ModelUnavailable, match="no recorded answer"):
        await known.complete(request("b"))


async def test_errors_are_passed_on_and_not_recorded(tmp_path):
    path = tmp_path / "answers.json"
    model = RecordedModel(path, fallback=ScriptedModel([ModelTimeout("slow"), "one"]))
    with pytest.raises(ModelTimeout):
        await model.complete(request("a"))
    assert not path.exists()
    assert (await model.complete(request("a"))).text == "one"


async def test_the_file_is_the_same_in_whatever_order_it_was_asked(tmp_path):
    texts = {"a": "one", "b": "two", "c": "three"}
    for name, order in (("x", "abc"), ("y", "cba")):
        model = RecordedModel(tmp_path / name, fallback=ScriptedModel([texts[c] for c in order]))
        for question in order:
            await model.complete(request(question))
    assert (tmp_path / "x").read_bytes() == (tmp_path / "y").read_bytes()


async def test_the_file_holds_no_prompt(tmp_path):
    path = tmp_path / "answers.json"
    await RecordedModel(path, ScriptedModel(["one"])).complete(request("my private prompt"))
    assert b"private" not in path.read_bytes()


def test_every_part_of_a_request_counts_and_the_order_of_a_schema_does_not():
    base = request("a", schema={"x": 1, "y": 2})
    assert request_key(base) == request_key(request("a", schema={"y": 2, "x": 1}))
    others = [request("b", schema=base.schema), request("a"), request("a", seed=1)]
    others += [request("a", max_tokens=1), request("a", temperature=0.5)]
    assert len({request_key(r) for r in [base, *others]}) == 6


@pytest.mark.parametrize("content", [b"nonsense", b"[]", b'{"a": 1}', b"\xff\xfe"])
def test_a_file_that_is_no_recording_says_so(tmp_path, content):
    path = tmp_path / "answers.json"
    path.write_bytes(content)
    with pytest.raises(BadReply, match="not a recording"):
        RecordedModel(path)
