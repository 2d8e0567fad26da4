"""The queue model: in order, errors raised, then unavailable."""

import pytest

from proactive_lsp.llm import Message, ModelTimeout, ModelUnavailable, Request
from proactive_lsp.llm.scripted import ScriptedModel

REQUEST = Request((Message("user", "hi"),))


async def test_replies_come_in_order_and_errors_are_raised():
    model = ScriptedModel(["one", ModelTimeout("slow"), "two"])
    assert (await model.complete(REQUEST)).text == "one"
    with pytest.raises(ModelTimeout):
        await model.complete(REQUEST)
    assert (await model.complete(REQUEST)).text == "two"
    assert model.history == [REQUEST] * 3


async def test_an_empty_queue_is_unavailable_and_still_remembers_the_request():
    history = []
    with pytest.raises(ModelUnavailable):
        await ScriptedModel(history=history).complete(REQUEST)
    assert history == [REQUEST]
