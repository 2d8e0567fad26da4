"""A model that is not there is pulled, with progress, and answers then."""

import pytest
from ollama import ResponseError

from proactive_lsp.llm import ModelMissing
from tests.model.serving import serving
from tests.model.talking import ask, client, model


async def test_pulled_and_asked():
    with serving("--empty") as served:
        asked = client(served)
        with pytest.raises(ModelMissing):
            await model(served).complete(ask("Are you there?"))
        steps = [step async for step in await asked.pull("smollm2", stream=True)]
        assert steps[0].status == "pulling manifest"
        layer = [step for step in steps if step.digest is not None]
        assert layer[0].completed is None
        done = [step.completed for step in layer[1:]]
        assert len(done) > 50
        assert done == sorted(done)
        assert done[-1] == layer[0].total > 90_000_000
        assert [step.status for step in steps[-3:]] == [
            "verifying sha256 digest",
            "writing manifest",
            "success",
        ]
        assert [each.model for each in (await asked.list()).models] == ["smollm2:latest"]
        assert (await model(served).complete(ask("Say hello.", max_tokens=200))).text


async def test_who_leaves_has_pulled_nothing():
    with serving("--empty", "--pull-rate", "20e6") as served:
        asked = client(served)
        pulling = await asked.pull("smollm2", stream=True)
        async for step in pulling:
            if step.completed is not None:
                assert step.completed < step.total
                break
        await pulling.aclose()
        assert not (await asked.list()).models
        # And nothing stands in the way of the next one.
        last = [step async for step in await asked.pull("smollm2:135m", stream=True)][-1]
        assert last.status == "success"


async def test_a_name_that_no_library_has(served):
    with pytest.raises(ResponseError, match="pull model manifest: file does not exist"):
        [step async for step in await client(served).pull("no-such-model", stream=True)]
    with pytest.raises(ResponseError, match="pull model manifest: file does not exist"):
        await client(served).pull("no-such-model")


async def test_another_name_for_what_is_there_copies_nothing():
    with serving() as served:
        asked = client(served)
        assert (await asked.pull("smollm2:135m-instruct-q4_1")).status == "success"
        assert len((await asked.list()).models) == 3
