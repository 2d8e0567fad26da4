"""What a client is told: one message when the model goes, one when it is back, none between."""

import pytest

from proactive_lsp.agent.settings import AgentSettings
from proactive_lsp.assembly import ollama_model
from proactive_lsp.clock import VirtualClock
from proactive_lsp.llm import (
    Message,
    ModelBusy,
    ModelError,
    ModelMissing,
    ModelRefused,
    ModelTimeout,
    ModelUnavailable,
    Request,
)
from proactive_lsp.llm.guarded import FIRST_WAIT, GuardedModel
from proactive_lsp.llm.scripted import ScriptedModel
from tests.llm.conftest import installed, listening

PREDICT = Request((Message("user", "hi"),))
WRITE = Request((Message("user", "hi"),), purpose="write")
NO = ModelUnavailable("nobody is there")
MISSING = ModelMissing("x is not installed; run `ollama pull x`", "x")


class Told:
    """A guarded model with a script, and what was told of it."""

    def __init__(self, *replies, **more):
        self.clock = VirtualClock()
        self.model = GuardedModel(self._find, now=self.clock.now, calls_per_hour=99, **more)
        self._scripted = ScriptedModel(replies)
        self.states, self.news = [], []
        self.model.listen(self._listen)

    async def _find(self):
        return self._scripted

    def _listen(self, status, sentence):
        self.states.append(status.state)
        if sentence is not None:
            self.news.append(sentence)

    async def ask(self, request=PREDICT, times=1, after=1000.0):
        """Ask after any wait is over; the last answer or error."""
        for _ in range(times):
            self.clock.advance_to(self.clock.now() + after)
            try:
                last = await self.model.complete(request)
            except ModelError as error:
                last = error
        return last


async def test_gone_is_told_once_and_back_once():
    told = Told("yes", *[NO] * 5, "yes", "yes", NO, "yes")
    await told.ask(times=6)
    down = "nobody is there; suggestions from rules go on without a model"
    assert told.news == [down]
    await told.ask(times=2)
    back = "the local model scripted answers again"
    assert told.news == [down, back]
    await told.ask(times=2)
    assert told.news == [down, back] * 2


async def test_nobody_at_first_use_is_told_once():
    told = Told(*[NO] * 10)
    await told.ask(times=10)
    assert len(told.news) == 1
    assert told.model.status.state == "down"


async def test_a_server_without_the_model_is_told_beside_no_server():
    """What to do about it is another thing."""
    told = Told(NO, MISSING, MISSING, NO, "yes")
    await told.ask(times=4)
    assert len(told.news) == 2
    assert "ollama pull x" in told.news[1]
    await told.ask()
    assert told.news[2:] == ["the local model scripted answers again"]


@pytest.mark.parametrize("error", [ModelRefused("out of memory"), ModelTimeout("slow")])
async def test_one_failed_answer_is_no_news_and_two_are(error):
    told = Told(error, "yes", error, error, error, "yes")
    await told.ask(times=3)
    assert told.news == []
    await told.ask(times=2)
    assert len(told.news) == 1
    await told.ask()
    assert len(told.news) == 2


async def test_busy_paused_and_spent_are_states_and_no_news():
    told = Told("yes", ModelBusy("queue"), "yes")
    told.model.pause(on_battery=True)
    await told.ask(times=2)
    told.model.pause(on_battery=False)
    await told.ask(times=3)
    assert told.news == []
    assert told.states == ["paused", "unasked", "ready", "busy", "ready"]


async def test_who_asked_hears_of_it_and_is_not_told_twice():
    told = Told(NO, NO, "yes")
    await told.ask(WRITE)
    await told.ask()
    assert told.news == []
    await told.ask()
    assert told.news == ["the local model scripted answers again"]


async def test_the_status_says_what_to_do_and_when_it_is_tried_again():
    told = Told(MISSING, host="http://127.0.0.1:1")
    assert told.model.status.state == "unasked"
    await told.ask()
    status = told.model.status
    assert (status.state, status.pull, status.host) == ("missing", "x", "http://127.0.0.1:1")
    assert status.message == "x is not installed; run `ollama pull x`"
    assert status.retry_at == told.clock.now() + FIRST_WAIT
    told.clock.advance_to(status.retry_at)
    assert told.model.status.retry_at is None


async def test_a_whole_life_on_real_sockets():
    """Found, stopped, started again: what a client shows at each step."""
    clock = VirtualClock()
    async with listening() as (fake, host):
        fake.install(installed("llama3.2:3b"))
        model = ollama_model(AgentSettings(host=host), clock)
        news = []
        model.listen(lambda status, sentence: news.append(sentence) if sentence else None)
        await model.complete(PREDICT)
        status = model.status
        assert (status.state, status.model, status.num_ctx) == ("ready", "llama3.2:3b", 8192)
        assert (status.host, status.calls, status.tokens) == (host, 1, 15)
        port = int(host.rpartition(":")[2])
    clock.advance_to(100.0)
    with pytest.raises(ModelUnavailable):
        await model.complete(PREDICT)
    assert model.status.state == "down"
    async with listening(port) as (fake, _):
        fake.install(installed("llama3.2:3b"))
        clock.advance_to(200.0)
        await model.complete(PREDICT)
    assert model.status.state == "ready"
    assert [sentence.partition(";")[0] for sentence in news] == [
        f"no Ollama at {host}",
        "the local model llama3.2:3b answers again",
    ]


async def test_off_makes_no_model():
    assert ollama_model(AgentSettings(enabled=False), VirtualClock()) is None
