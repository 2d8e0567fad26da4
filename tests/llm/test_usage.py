"""What a model cost: counted as it happens, added up, and None where nobody knows."""

import asyncio
import contextlib

import pytest

from proactive_lsp.llm import (
    BadReply,
    Message,
    ModelTimeout,
    ModelUnavailable,
    Reply,
    Request,
)
from proactive_lsp.llm.scripted import ScriptedModel
from proactive_lsp.llm.usage import MeteredModel, Usage, kind_of, reevaluated, total


class Telling:
    """A model that tells token counts."""

    name = "telling"

    def __init__(self, *replies):
        self._replies = iter(replies)

    async def complete(self, request, *, heard=lambda characters: None):
        return next(self._replies)


class Hanging:
    """A model that never answers."""

    name = "hanging"

    async def complete(self, request, *, heard=lambda characters: None):
        await asyncio.Event().wait()


def request(text, purpose="predict"):
    return Request((Message("user", text),), purpose=purpose)


async def ask(model, *texts, purpose="predict"):
    for text in texts:
        with contextlib.suppress(Exception):
            await model.complete(request(text, purpose))
    return model.usage


@pytest.mark.parametrize(
    ("sequences", "share"),
    [
        ([], None),
        ([[]], None),
        ([[1, 2, 3]], 1.0),
        ([[1, 2, 3], [1, 2, 3]], 0.5),
        ([[1, 2, 3, 4], [1, 2, 9, 4]], 6 / 8),
        # The one before the last is out of the slot.
        ([[1, 1], [2, 2], [1, 1]], 1.0),
        ([[1, 2], []], 1.0),
        (["abcd", "abcdef"], 6 / 10),
    ],
)
def test_one_slot_holds_one_prefix(sequences, share):
    assert reevaluated(iter(sequences)) == share


async def test_calls_are_counted_by_purpose():
    model = MeteredModel(ScriptedModel(["one", "two", "three"]))
    await ask(model, "a", "b", purpose="write")
    usage = await ask(model, "c", purpose="judge")
    assert (usage.calls, dict(usage.purposes)) == (3, {"judge": 1, "write": 2})
    assert list(usage.purposes) == ["judge", "write"]


async def test_what_a_server_does_not_tell_is_none():
    usage = await ask(MeteredModel(ScriptedModel(["one"])), "a")
    assert (usage.prompt_tokens, usage.answer_tokens, usage.evaluated_tokens) == (None,) * 3
    assert (usage.reevaluated, usage.loads) == (None, None)


async def test_the_share_is_of_the_prompts_whose_cost_was_told():
    model = MeteredModel(
        Telling(
            Reply("", 100, 5, evaluated_tokens=100),
            Reply("", 100, 5, evaluated_tokens=20),
            # An older server's answer between them changes no share.
            Reply("", 1000, 5),
        )
    )
    usage = await ask(model, "a", "b", "c")
    assert (usage.prompt_tokens, usage.answer_tokens, usage.evaluated_tokens) == (1200, 15, 120)
    assert usage.reevaluated == 0.6


async def test_failures_are_counted_by_kind():
    errors = [ModelTimeout("slow"), BadReply("odd"), ModelTimeout("slower"), "fine"]
    model = MeteredModel(ScriptedModel(errors))
    usage = await ask(model, *"abcd")
    assert (usage.calls, dict(usage.failed)) == (4, {"bad-reply": 1, "model-timeout": 2})
    assert model.reasons == {"bad-reply": "odd", "model-timeout": "slower"}


async def test_a_cancelled_request_is_counted_and_passes_through():
    model = MeteredModel(Hanging())
    task = asyncio.create_task(model.complete(request("a")))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (model.usage.calls, model.usage.cancelled, model.usage.failed) == (1, 1, {})


async def test_characters_are_compared_with_the_prompt_before():
    model = MeteredModel(ScriptedModel(["", "", ""]))
    first = await ask(model, "x" * 94)
    assert (first.characters, first.unshared_characters) == (100, 1.0)
    # "user", a line end and the text are shared, the last line end is not.
    again = await ask(model, "x" * 94 + "y")
    assert (again.characters, again.unshared) == (201, 102)
    assert again.reevaluated is None


async def test_what_is_heard_is_passed_on():
    heard = []
    await MeteredModel(ScriptedModel(["four"])).complete(request("a"), heard=heard.append)
    assert heard == [4]


async def test_who_answered_is_known_from_the_answer_on():
    class Found(Telling):
        name = "the local model"

        async def complete(self, request, *, heard=lambda characters: None):
            self.name = "found"
            return Reply("")

    model = MeteredModel(Found())
    assert model.answered_by == "the local model"
    await ask(model, "a")
    assert model.answered_by == "found"


def test_a_total_knows_what_any_of_its_parts_knows():
    one = Usage(calls=1, purposes={"write": 1}, prompt_tokens=3, failed={"bad-reply": 1})
    other = Usage(calls=2, purposes={"predict": 2}, loads=1, failed={"bad-reply": 2})
    both = total((one, other))
    assert (both.calls, both.prompt_tokens, both.answer_tokens, both.loads) == (3, 3, None, 1)
    assert dict(both.purposes) == {"predict": 2, "write": 1}
    assert dict(both.failed) == {"bad-reply": 3}
    assert total(()) == Usage()


async def test_loads_come_from_whoever_knows_them():
    model = MeteredModel(ScriptedModel(), loads=lambda: 2)
    assert model.usage.loads == 2


def test_a_kind_is_the_name_of_the_class():
    assert kind_of(ModelUnavailable) == kind_of(ModelUnavailable("x")) == "model-unavailable"
