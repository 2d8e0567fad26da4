"""A good neighbour: nothing loaded anew, nobody's model pushed out, one number for good."""

import asyncio

import pytest

from proactive_lsp.agent.settings import AgentSettings
from proactive_lsp.assembly import ollama_model
from proactive_lsp.clock import VirtualClock
from proactive_lsp.llm import Message, ModelBusy, ModelTimeout, Request
from proactive_lsp.llm import ollama as adapter
from proactive_lsp.llm.residence import FRESH_SECONDS, Occupied
from tests.llm.conftest import eventually, installed, loaded, says

OURS = "llama3.2:3b"
PREDICT = Request((Message("user", "hi"),))
WRITE = Request((Message("user", "hi"),), purpose="write")


class House:
    """The whole model as the editor gets it, beside a server with one model of ours."""

    def __init__(self, ollama, **settings):
        self.fake, host = ollama
        self.fake.install(installed(OURS))
        self.clock = VirtualClock()
        self.model = ollama_model(AgentSettings(host=host, **settings), self.clock)
        self.fake.answer = self._chat
        self.loads = 0
        self.now_loaded: dict[str, int] = {}

    async def _chat(self, exchange):
        """As Ollama does: another number of tokens than is loaded means to load anew."""
        wanted = exchange.json["options"]["num_ctx"]
        if self.now_loaded.get(OURS) != wanted:
            self.loads += 1
            self.stand({OURS: wanted})
        await says("yes")(exchange)

    def stand(self, now_loaded):
        """What is in memory from now on."""
        self.now_loaded = now_loaded
        self.fake.load(*(loaded(name, context) for name, context in now_loaded.items()))

    async def ask(self, request=PREDICT, after=0.0):
        """The number asked with, or the sentence why nothing was asked."""
        self.clock.advance_to(self.clock.now() + after)
        before = len(self.fake.chats)
        try:
            await self.model.complete(request)
        except ModelBusy as error:
            assert len(self.fake.chats) == before
            return error
        return self.fake.chats[-1].json["options"]["num_ctx"]


@pytest.fixture
def house(ollama):
    return House(ollama)


async def test_the_settings_number_where_nothing_is_loaded(house):
    assert await house.ask() == 8192


async def test_never_more_than_the_model_was_trained_for(house):
    house.fake.pages["/api/show"]["model_info"] = {"llama.context_length": 4096}
    assert await house.ask() == 4096


async def test_a_number_that_suffices_is_used_as_it_is(house):
    house.stand({OURS: 16384})
    assert await house.ask() == 16384
    assert house.loads == 0


async def test_somebody_elses_smaller_one_is_left_alone(house):
    house.stand({OURS: 4096})
    error = await house.ask()
    assert isinstance(error, Occupied)
    assert "4096 tokens of context, and 8192 are wanted" in str(error)
    assert house.model.status.state == "busy"
    assert house.loads == 0


async def test_an_hour_of_boundaries_loads_once(house):
    for _ in range(25):
        assert await house.ask(after=144.0) == 8192
    assert house.loads == 1


async def test_a_number_that_was_chosen_stays_when_the_model_left_memory(house):
    assert await house.ask() == 8192
    house.stand({})
    assert await house.ask(after=600.0) == 8192


async def test_a_larger_load_of_somebody_else_is_shared_for_as_long_as_it_is_there(house):
    assert await house.ask() == 8192
    house.stand({OURS: 32768})
    assert await house.ask(after=60.0) == 32768
    house.stand({})
    assert await house.ask(after=60.0) == 8192
    assert house.loads == 2


async def test_a_server_that_gives_less_than_asked_for_is_no_stranger(house):
    """What our own first request was made of is remembered, so it is not taken for another's."""

    async def chat(exchange):
        house.stand({OURS: 4096})
        await says("yes")(exchange)

    house.fake.answer = chat
    assert [await house.ask(after=60.0) for _ in range(3)] == [8192] * 3


async def test_another_model_is_not_pushed_out(house):
    house.stand({"somebodys:70b": 4096})
    error = await house.ask()
    assert "somebodys:70b is loaded in Ollama and llama3.2:3b is not" in str(error)
    assert "ollama stop somebodys:70b" in str(error)


async def test_ours_beside_another_one_is_asked(house):
    house.stand({"somebodys:70b": 4096, OURS: 8192})
    assert await house.ask() == 8192


async def test_another_name_for_the_same_files_is_ours(house):
    house.fake.load(loaded("an-alias:latest", 16384, digest=f"sha-{OURS}"))
    house.now_loaded = {OURS: 16384}
    assert await house.ask() == 16384


async def test_silent_looks_again_after_a_while(house):
    house.stand({"somebodys:70b": 4096})
    await house.ask()
    asked = len(house.fake.asked)
    house.stand({})
    assert isinstance(await house.ask(after=30.0), ModelBusy)
    assert len(house.fake.asked) == asked
    assert await house.ask(after=31.0) == 8192


async def test_wait_asks_at_the_next_boundary_where_there_is_room(ollama):
    house = House(ollama, others_loaded="wait")
    house.stand({"somebodys:70b": 4096})
    assert isinstance(await house.ask(), ModelBusy)
    assert isinstance(await house.ask(after=1.0), ModelBusy)
    house.stand({})
    assert await house.ask(after=1.0) == 8192


async def test_wait_holds_what_the_user_asked_for_until_there_is_room(ollama, monkeypatch):
    monkeypatch.setattr(adapter, "WAIT_SECONDS", 0.01)
    house = House(ollama, others_loaded="wait")
    house.stand({"somebodys:70b": 4096})
    asking = asyncio.create_task(house.ask(WRITE))
    await eventually(lambda: house.fake.paths().count("ps") >= 3)
    assert not asking.done()
    house.stand({})
    assert await asyncio.wait_for(asking, 5) == 8192


async def test_wait_ends_with_the_time_of_an_answer(ollama, monkeypatch):
    monkeypatch.setattr(adapter, "WAIT_SECONDS", 0.1)
    house = House(ollama, others_loaded="wait", timeout=0.5)
    house.stand({"somebodys:70b": 4096})
    assert isinstance(await asyncio.wait_for(house.ask(WRITE), 5), ModelBusy)


@pytest.mark.parametrize("page", [{"models": None}, {}, [], {"models": [{"model": 1}]}])
async def test_a_server_that_does_not_say_gets_the_settings_number(house, page):
    house.fake.pages["/api/ps"] = page
    assert await house.ask() == 8192


@pytest.mark.parametrize("context", [None, 0])
async def test_a_load_without_a_number_gets_the_settings_number(house, context):
    """Servers before July 2025 tell what is loaded and not with how much."""
    house.fake.load(loaded(OURS, context))
    assert await house.ask() == 8192


async def test_what_is_loaded_is_asked_when_it_may_have_changed_and_not_otherwise(house):
    await house.ask()
    start = len(house.fake.asked)
    await house.ask(after=1.0)
    await house.ask(after=1.0)
    assert house.fake.paths()[start:] == ["chat", "chat"]
    await house.ask(after=FRESH_SECONDS)
    assert house.fake.paths()[start:] == ["chat", "chat", "ps", "chat"]


async def test_after_a_failure_what_is_loaded_is_asked_again(ollama):
    house = House(ollama, timeout=0.3)
    await house.ask()
    start = len(house.fake.asked)
    chat, house.fake.answer = house.fake.answer, _hang
    with pytest.raises(ModelTimeout):
        await house.ask()
    house.fake.answer = chat
    await house.ask(after=30.0)
    assert house.fake.paths()[start:] == ["chat", "version", "tags", "show", "ps", "chat"]


async def _hang(exchange):
    await asyncio.Event().wait()
