"""What goes wrong with a real server ends in one error of ours, in Ollama's own words."""

import asyncio
import re

import pytest
from ollama import ResponseError

from proactive_lsp.llm import ModelError, ModelMissing
from tests.model.serving import serving
from tests.model.talking import NUM_CTX, ask, client, model, until

LONG = "Tell me a very long story about a king, and do not stop before 1000 words."


async def test_a_server_that_dies_in_the_middle_is_one_error():
    with serving() as served:
        heard = []
        asked = model(served)
        asking = asyncio.create_task(asked.complete(ask(LONG, max_tokens=4000), heard=heard.append))
        await until(lambda: len(heard) > 3)
        served.kill()
        with pytest.raises(ModelError) as caught:
            await asking
        assert "\n" not in str(caught.value)
        with pytest.raises(ModelError):
            await asked.complete(ask("Are you there?"))


async def test_a_model_that_is_removed_while_it_answers():
    with serving() as served:
        heard = []
        removed = r"smollm2:135m was removed while in use; run `ollama pull"
        asked = model(served, model="smollm2:135m")
        asking = asyncio.create_task(
            asked.complete(ask("Say hello.", max_tokens=200), heard=heard.append)
        )
        await until(lambda: heard)
        for name in ("smollm2:135m", "smollm2"):
            await client(served).delete(name)
        # What is in memory answers to its end; whoever comes later finds nothing.
        assert (await asking).text
        with pytest.raises(ModelMissing, match=removed):
            await asked.complete(ask("Are you there?"))
        assert not (await client(served).list()).models


async def test_a_model_that_is_not_there(served):
    for path in ("/api/show", "/api/chat"):
        async with client(served)._client as http:
            answer = await http.post(path, json={"model": "gpt-oss:120b"})
        assert answer.status_code == 404
        assert answer.json() == {"error": "model 'gpt-oss:120b' not found"}
    with pytest.raises(ResponseError, match="not found") as caught:
        await client(served).delete("gpt-oss:120b")
    assert caught.value.status_code == 404
    with pytest.raises(ModelMissing):
        await model(served, model="gpt-oss:120b").complete(ask("Are you there?"))


async def test_beyond_the_queue_nobody_waits():
    with serving(OLLAMA_MAX_QUEUE="1") as served:
        heard = []
        asked = [{"role": "user", "content": LONG}]
        # Our number, since ours is not asked where the model would have to be loaded anew.
        options = {"num_ctx": NUM_CTX}
        # One is answered and one waits, so that the third is sent away.
        asking = [
            asyncio.create_task(client(served).chat("smollm2", asked, options=options))
            for _ in range(3)
        ]
        (refused,), _ = await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
        with pytest.raises(ResponseError) as busy:
            await refused
        assert busy.value.status_code == 503
        with pytest.raises(ModelError, match=r"server busy, please try again") as caught:
            await model(served).complete(ask("Me too?"), heard=heard.append)
        assert "maximum pending requests exceeded" in str(caught.value)
        assert not heard
        for each in asking:
            each.cancel()
        await asyncio.gather(*asking, return_exceptions=True)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"model": "smollm2", "think": True}, '"smollm2" does not support thinking'),
        ({"model": "smollm2", "think": "high"}, '"smollm2" does not support thinking'),
        ({"model": ""}, "model is required"),
        ({"model": "smollm2", "options": {"num_ctx": "many"}}, "num_ctx"),
        ({"model": "smollm2", "keep_alive": "soon"}, 'time: invalid duration "soon"'),
    ],
)
async def test_a_request_that_makes_no_sense(served, asked, said):
    async with client(served)._client as http:
        answer = await http.post("/api/chat", json=asked)
    assert answer.status_code == 400
    assert list(answer.json()) == ["error"]
    assert re.search(re.escape(said), answer.json()["error"])


async def test_what_is_no_json(served):
    async with client(served)._client as http:
        for path in ("/api/chat", "/api/show"):
            answer = await http.post(path, content=b"{not json")
            assert answer.status_code == 400
            assert list(answer.json()) == ["error"]


async def test_think_may_be_off(served):
    answer = await client(served).chat(
        "smollm2",
        [{"role": "user", "content": "Say hello."}],
        think=False,
        options={"num_predict": 1, "num_ctx": 8192},
    )
    assert answer.message.thinking is None


async def test_what_a_model_can_do(served):
    shown = await client(served).show("smollm2")
    assert shown.capabilities == ["completion"]
    assert shown.modelinfo["general.architecture"] == "llama"
    assert shown.modelinfo["general.parameter_count"] == 134_515_008
    assert "<|im_start|>" in shown.template
    assert shown.details.quantization_level == "Q4_1"
    names = [each.model for each in (await client(served).list()).models]
    assert sorted(names) == ["smollm2:135m", "smollm2:latest"]
