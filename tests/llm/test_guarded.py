"""A model that is away is spared."""

import pytest

from proactive_lsp.clock import VirtualClock
from proactive_lsp.llm import (
    BadReply,
    ModelBudgetSpent,
    ModelError,
    ModelMissing,
    ModelTimeout,
    ModelUnavailable,
)
from proactive_lsp.llm.guarded import FIRST_WAIT, HOUR, LONGEST_WAIT, GuardedModel
from proactive_lsp.llm.model import Message, ModelRefused, Request
from proactive_lsp.llm.scripted import ScriptedModel

REQUEST = Request((Message("user", "hello"),))


class Guard:
    """A guarded model with a script; `found` counts how often it was looked for."""

    def __init__(self, *replies, calls_per_hour=1000):
        self.clock = VirtualClock()
        self.scripted = ScriptedModel(replies)
        self.found = 0
        self.model = GuardedModel(self._find, now=self.clock.now, calls_per_hour=calls_per_hour)

    async def _find(self):
        self.found += 1
        return self.scripted

    @property
    def asked(self):
        return len(self.scripted.history)

    async def ask(self, after=0.0):
        """The text of the answer, or the error."""
        self.clock.advance_to(self.clock.now() + after)
        try:
            return (await self.model.complete(REQUEST)).text
        except ModelError as error:
            return error


async def test_the_model_is_looked_for_at_the_first_request_alone():
    guard = Guard("one", "two")
    assert (guard.found, guard.model.name) == (0, "the local model")
    assert [await guard.ask(), await guard.ask()] == ["one", "two"]
    assert (guard.found, guard.model.name) == (1, "scripted")


@pytest.mark.parametrize("error", [ModelUnavailable, ModelMissing, ModelRefused, ModelTimeout])
async def test_after_a_failure_nothing_is_asked_for_a_while(error):
    guard = Guard(error("no"), "again")
    first = await guard.ask()
    again = await guard.ask(after=FIRST_WAIT - 0.1)
    assert (type(first), type(again), str(again)) == (error, error, "no")
    assert again is not first
    assert guard.asked == 1
    assert await guard.ask(after=0.2) == "again"
    assert guard.found == 2


async def test_the_waits_grow_to_a_quarter_of_an_hour():
    guard = Guard(*[ModelUnavailable("no")] * 20)
    waits = []
    await guard.ask()
    for _ in range(8):
        start, asked = guard.clock.now(), guard.asked
        while guard.asked == asked:
            await guard.ask(after=1.0)
        waits.append(guard.clock.now() - start)
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]
    assert LONGEST_WAIT == 900


async def test_an_answer_closes_the_circuit():
    no = ModelUnavailable("no")
    guard = Guard(no, no, "yes", no, "!")
    await guard.ask()
    await guard.ask(after=30.0)
    assert await guard.ask(after=60.0) == "yes"
    await guard.ask()
    assert await guard.ask(after=30.0) == "!"


async def test_an_odd_answer_is_no_reason_to_wait():
    guard = Guard(BadReply("what?"), "fine")
    assert isinstance(await guard.ask(), BadReply)
    assert await guard.ask() == "fine"


async def test_a_search_that_fails_counts_like_a_failure():
    guard = Guard("never")

    async def find():
        guard.found += 1
        raise ModelUnavailable("no Ollama")

    guard.model._find = find
    for _ in range(3):
        assert str(await guard.ask()) == "no Ollama"
    assert (guard.found, guard.asked) == (1, 0)


async def test_a_budget_per_hour():
    guard = Guard(*"abc", calls_per_hour=2)
    assert [await guard.ask(), await guard.ask(after=60.0)] == ["a", "b"]
    spent = await guard.ask(after=60.0)
    assert isinstance(spent, ModelBudgetSpent)
    assert str(spent) == "2 calls were made this hour"
    assert await guard.ask(after=HOUR - 120.0) == "c"


async def test_a_budget_of_none_asks_for_none():
    guard = Guard("a", calls_per_hour=0)
    assert isinstance(await guard.ask(), ModelBudgetSpent)
    assert (guard.found, guard.asked) == (0, 0)
