"""What the tests of the adapter share: one request, and a model to put it to."""

import asyncio

import pytest

from proactive_lsp.llm import Message, ModelError, Request
from proactive_lsp.llm.ollama import OllamaModel

SCHEMA = {"type": "object", "properties": {"ok": {"type": "boolean"}}}
REQUEST = Request((Message("system", "be brief"), Message("user", "hi")), SCHEMA, max_tokens=50)


def model(host, timeout=5.0, **more):
    return OllamaModel(
        host=host, name="m:1b", num_ctx=2048, keep_alive="5m", timeout=timeout, **more
    )


async def check(ollama, answer, error, *, says="", within=5.0, request=REQUEST):
    """One request to a server that answers so ends in exactly this error of ours, in time."""
    fake, host = ollama
    fake.answer = answer
    async with asyncio.timeout(8):
        with pytest.raises(ModelError) as raised:
            await model(host, within).complete(request)
    assert type(raised.value) is error
    assert says in str(raised.value)
    await asyncio.wait_for(fake.hung_up.wait(), 2)
    return raised.value
