"""The recording: the n-th request about a thing gets the n-th answer; no prompt is in the file."""

import asyncio
import json

import pytest

from proactive_lsp.llm import (
    BadReply,
    Message,
    ModelError,
    ModelRefused,
    ModelTimeout,
    Reply,
    Request,
)
from proactive_lsp.llm.recorded import (
    BadAnswersError,
    NotRecorded,
    RecordedModel,
    encode_answers,
    prompt_hash,
    read_answers,
)
from proactive_lsp.llm.scripted import ScriptedModel


def request(text, about="predicted", **more):
    return Request((Message("user", text),), about=about, **more)


async def record(*replies, asks, kept=None):
    """A recording of what a scripted model says to each of the requests."""
    model = RecordedModel(kept or {}, ScriptedModel(replies))
    for each in asks:
        try:
            await model.complete(each)
        except ModelError:
            continue
    return model


async def test_what_was_recorded_is_repeated_without_the_model(tmp_path):
    path = tmp_path / "answers.json"
    path.write_bytes(encode_answers((await record("one", "two", asks=map(request, "ab"))).asked))
    repeated = RecordedModel(read_answers(path))
    assert (await repeated.complete(request("a"))).text == "one"
    assert (await repeated.complete(request("b"))).text == "two"
    assert (repeated.drifted, repeated.missing, repeated.name) == (0, 0, "scripted")


async def test_each_need_and_purpose_has_numbers_of_its_own():
    asks = [
        request("a"),
        request("b", purpose="refine"),
        request("c", about="0123abc", purpose="write"),
        request("d"),
    ]
    model = await record(*"1234", asks=asks)
    assert list(model.asked) == [
        "0123abc/write#1",
        "predicted/predict#1",
        "predicted/predict#2",
        "predicted/refine#1",
    ]


async def test_another_prompt_gets_the_answer_all_the_same_and_is_counted():
    answers = (await record("one", "two", asks=map(request, "ab"))).asked
    repeated = RecordedModel(answers)
    assert (await repeated.complete(request("other"))).text == "one"
    assert (await repeated.complete(request("b"))).text == "two"
    assert (repeated.drifted, repeated.missing) == (1, 0)


async def test_a_request_that_nobody_recorded_says_so():
    repeated = RecordedModel((await record("one", asks=[request("a")])).asked)
    await repeated.complete(request("a"))
    with pytest.raises(NotRecorded, match="no answer is recorded"):
        await repeated.complete(request("b"))
    assert (repeated.drifted, repeated.missing, len(repeated.asked)) == (0, 1, 1)


@pytest.mark.parametrize("error", [ModelTimeout("slow"), BadReply("odd"), ModelRefused("no")])
async def test_an_error_is_recorded_as_what_it_was(tmp_path, error):
    path = tmp_path / "answers.json"
    path.write_bytes(encode_answers((await record(error, asks=[request("a")])).asked))
    with pytest.raises(type(error), match=f"^{error}$"):
        await RecordedModel(read_answers(path)).complete(request("a"))


async def test_an_error_that_has_no_name_in_the_file_is_recorded_as_the_next_that_has():
    class OwnError(BadReply):
        """Somebody's own."""

    (answer,) = (await record(OwnError("x"), asks=[request("a")])).asked.values()
    assert answer.failed.kind == "bad-reply"


async def test_a_cancelled_request_has_its_number_and_no_answer():
    class Hanging:
        name = "hanging"

        async def complete(self, request, *, heard=lambda characters: None):
            if request.messages[0].content == "b":
                await asyncio.Event().wait()
            return Reply("fine")

    model = RecordedModel({}, Hanging())
    await model.complete(request("a"))
    task = asyncio.create_task(model.complete(request("b")))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await model.complete(request("c"))
    assert list(model.asked) == ["predicted/predict#1", "predicted/predict#3"]


async def test_renewing_asks_what_drifted_failed_or_is_missing_and_drops_the_rest():
    old = await record("one", "two", ModelTimeout("slow"), "x", asks=map(request, "abcd"))
    asks = [request("a"), request("B"), request("c"), request("new", about="other")]
    model = await record("second", "third", "fourth", asks=asks, kept=old.asked)
    assert {key: answer.text for key, answer in model.asked.items()} == {
        "other/predict#1": "fourth",
        "predicted/predict#1": "one",
        "predicted/predict#2": "second",
        "predicted/predict#3": "third",
    }
    assert model.kept == 1
    again = await record(asks=asks, kept=model.asked)
    assert (again.kept, again.asked) == (4, model.asked)


async def test_the_file_holds_answers_and_counts_but_neither_prompts_nor_times(tmp_path):
    class Telling:
        name = "telling"

        async def complete(self, request, *, heard=lambda characters: None):
            return Reply("yes", 100, 1, 2.5, 40, {"yes": -0.25, "no": -1.5})

    model = RecordedModel({}, Telling())
    reply = await model.complete(request("my private prompt"))
    path = tmp_path / "answers.json"
    path.write_bytes(encode_answers(model.asked))
    assert b"private" not in path.read_bytes()
    (written,) = json.loads(path.read_bytes()).values()
    assert written == {
        "prompt": prompt_hash(request("my private prompt")),
        "model": "telling",
        "text": "yes",
        "prompt_tokens": 100,
        "answer_tokens": 1,
        "evaluated_tokens": 40,
        "logprobs": {"no": -1.5, "yes": -0.25},
    }
    again = await RecordedModel(read_answers(path)).complete(request("my private prompt"))
    # So that nothing can depend on how long it took, it is the same the first time.
    assert again == reply
    assert again.seconds == 0


async def test_the_tenth_follows_the_ninth(tmp_path):
    model = await record(*["x"] * 11, asks=map(request, "abcdefghijk"))
    (tmp_path / "a").write_bytes(encode_answers(model.asked))
    numbers = [int(key.rpartition("#")[2]) for key in json.loads((tmp_path / "a").read_bytes())]
    assert numbers == list(range(1, 12))


async def test_the_same_answers_make_the_same_bytes():
    one, other = [
        encode_answers((await record(*"12", asks=map(request, "ab"))).asked) for _ in "xy"
    ]
    assert one == other
    assert one.endswith(b"}\n")


def test_the_hash_is_that_of_all_that_is_sent():
    base = request("a", schema={"x": 1, "y": 2})
    assert prompt_hash(base) == prompt_hash(request("a", schema={"y": 2, "x": 1}))
    assert prompt_hash(base) == prompt_hash(
        request("a", about="else", purpose="write", schema=base.schema)
    )
    others = [request("b", schema=base.schema), request("a"), request("a", seed=1)]
    others += [request("a", max_tokens=1), request("a", temperature=0.5)]
    others += [request("a", choices=("yes", "no"))]
    assert len({prompt_hash(each) for each in [base, *others]}) == 7


async def test_the_name_is_that_of_whoever_answered_last():
    answers = (await record("one", "two", asks=map(request, "ab"))).asked
    first, second = answers.values()
    mixed = RecordedModel(
        {
            "predicted/predict#1": first,
            "predicted/predict#2": type(second)(second.prompt, "other", text="two"),
        }
    )
    names = [mixed.name]
    for each in "ab":
        await mixed.complete(request(each))
        names.append(mixed.name)
    assert names == ["scripted", "scripted", "other"]
    assert RecordedModel({}).name == "the local model"


def test_a_file_that_is_not_there_holds_no_answers(tmp_path):
    assert read_answers(tmp_path / "answers.json") is None


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"nonsense", "malformed"),
        (b"[]", "array"),
        (b'{"a": 1}', "int"),
        (b"\xff\xfe", "no recorded answers"),
        (b'{"predicted/predict#0": {"prompt": "", "model": "", "text": ""}}', "no request"),
        (b'{"predicted/predict#1": {"prompt": "", "model": ""}}', "neither a text nor an error"),
        (
            b'{"a/predict#1": {"prompt": "", "model": "", "failed": {"kind": "x", "text": ""}}}',
            "unknown error 'x'",
        ),
        (b'{"a/predict#1": {"prompt": "", "model": "", "text": "", "new": 1}}', "new"),
        (b'{"a/predict#1": {"prompt": "", "model": "", "text": "", "prompt_tokens": -1}}', ">= 0"),
    ],
)
def test_a_file_that_is_no_recording_says_so_in_one_line(tmp_path, content, says):
    path = tmp_path / "answers.json"
    path.write_bytes(content)
    with pytest.raises(BadAnswersError, match="no recorded answers") as caught:
        read_answers(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
