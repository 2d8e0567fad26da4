"""A model that is away is spared, and what the user asked for goes first."""

import asyncio

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
from proactive_lsp.llm.guarded import (
    FIRST_BUSY_WAIT,
    FIRST_WAIT,
    HOUR,
    LONGEST_BUSY_WAIT,
    LONGEST_WAIT,
    GuardedModel,
)
from proactive_lsp.llm.model import (
    Message,
    ModelBusy,
    ModelPaused,
    ModelRefused,
    Reply,
    Request,
    unheard,
)
from proactive_lsp.llm.scripted import ScriptedModel

REQUEST = Request((Message("user", "hello"),))
WRITE = Request((Message("user", "hello"),), purpose="write")


class Guard:
    """A guarded model with a script; `found` counts how often it was looked for."""

    def __init__(self, *replies, calls_per_hour=1000, **more):
        self.clock = VirtualClock()
        self.scripted = ScriptedModel(replies)
        self.found = 0
        self.model = GuardedModel(
            self._find, now=self.clock.now, calls_per_hour=calls_per_hour, **more
        )

    async def _find(self):
        self.found += 1
        return self.scripted

    @property
    def asked(self):
        return len(self.scripted.history)

    async def ask(self, after=0.0, request=REQUEST):
        """The text of the answer, or the error."""
        self.clock.advance_to(self.clock.now() + after)
        try:
            return (await self.model.complete(request)).text
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


async def test_an_odd_answer_after_a_failure_says_that_the_server_is_there():
    guard = Guard(ModelUnavailable("no"), BadReply("what?"), "fine")
    await guard.ask()
    assert guard.model.status.state == "down"
    assert isinstance(await guard.ask(after=FIRST_WAIT), BadReply)
    assert guard.model.status.state == "ready"
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
    assert str(spent) == "2 calls were made this hour; free again in 58 min"
    assert await guard.ask(after=HOUR - 120.0) == "c"


async def test_a_budget_of_none_asks_for_none():
    guard = Guard("a", calls_per_hour=0)
    spent = await guard.ask()
    assert isinstance(spent, ModelBudgetSpent)
    assert str(spent) == "the settings allow no calls"
    assert (guard.found, guard.asked) == (0, 0)


class Costly:
    """A model whose answers have a price; `replies` are given in order."""

    name = "costly"

    def __init__(self, *replies):
        self.replies = iter(replies)

    async def complete(self, request, *, heard=unheard):
        """The next one."""
        reply = next(self.replies)
        if isinstance(reply, ModelError):
            raise reply
        return reply


async def test_an_answer_that_is_refused_costs_its_tokens_as_well():
    guard = Guard(tokens_per_hour=100)
    guard.model._model = Costly(BadReply("cut off", 70), BadReply("cut off"), BadReply("no", 40))
    for tokens in (70, 70, 110):
        assert isinstance(await guard.ask(after=60.0), BadReply)
        assert guard.model.status.tokens == tokens
    assert isinstance(await guard.ask(after=60.0), ModelBudgetSpent)


async def test_tokens_are_those_no_cache_spared_and_those_written():
    guard = Guard(tokens_per_hour=100)
    cached = Reply("a", prompt_tokens=5000, answer_tokens=30, evaluated_tokens=20)
    untold = Reply("b", prompt_tokens=40, answer_tokens=9)
    silent = Reply("c")
    guard.model._model = Costly(cached, untold, silent, untold, cached)
    assert [await guard.ask(after=60.0) for _ in range(3)] == ["a", "b", "c"]
    assert guard.model.status.tokens == 99
    assert await guard.ask(after=60.0) == "b"
    spent = await guard.ask(after=60.0)
    assert isinstance(spent, ModelBudgetSpent)
    # The 148 of this hour are under 100 again once the first 50 are an hour old.
    assert str(spent) == "100 tokens were used this hour; free again in 56 min"
    assert guard.model.status.state == "budget-spent"
    assert guard.model.status.retry_at == 60.0 + HOUR
    assert await guard.ask(after=HOUR - 240.0) == "a"


async def test_what_was_never_asked_costs_nothing():
    """A server that is away or busy all day leaves the budget for when it is there."""
    guard = Guard(*[ModelUnavailable("no")] * 2, ModelBusy("queue"), *"ab", calls_per_hour=2)
    for _ in range(3):
        assert isinstance(await guard.ask(after=900.0), ModelError)
    assert [await guard.ask(after=60.0), await guard.ask()] == ["a", "b"]


async def test_what_the_user_asked_for_takes_nothing_from_the_budget():
    guard = Guard(*"abcd", calls_per_hour=1)
    assert [await guard.ask(request=WRITE) for _ in range(2)] == ["a", "b"]
    assert await guard.ask() == "c"
    assert isinstance(await guard.ask(), ModelBudgetSpent)
    assert await guard.ask(request=WRITE) == "d"
    assert guard.model.status.calls == 1


async def test_a_full_queue_is_tried_again_sooner():
    guard = Guard(*[ModelBusy("queue")] * 10)
    waits = []
    await guard.ask()
    for _ in range(6):
        start, asked = guard.clock.now(), guard.asked
        while guard.asked == asked:
            await guard.ask(after=1.0)
        waits.append(guard.clock.now() - start)
    assert waits == [5, 10, 20, 40, 60, 60]
    assert (FIRST_BUSY_WAIT, LONGEST_BUSY_WAIT) == (5, 60)
    assert guard.found == 1


async def test_what_the_user_asked_for_is_tried_while_the_circuit_is_open():
    guard = Guard(ModelUnavailable("no"), ModelUnavailable("no"), "text")
    await guard.ask()
    assert isinstance(await guard.ask(request=WRITE), ModelUnavailable)
    assert guard.asked == 2
    assert await guard.ask(request=WRITE) == "text"
    assert guard.model.status.state == "ready"


@pytest.mark.parametrize("purpose", ["predict", "refine", "judge"])
async def test_on_battery_only_what_the_user_asked_for_is_asked(purpose):
    guard = Guard("text", "yes")
    guard.model.pause(on_battery=True)
    request = Request((Message("user", "hello"),), purpose=purpose)
    assert isinstance(await guard.ask(request=request), ModelPaused)
    assert guard.model.status.state == "paused"
    assert await guard.ask(request=WRITE) == "text"
    guard.model.pause(on_battery=False)
    assert await guard.ask(request=request) == "yes"


async def test_who_does_not_mind_is_asked_on_battery():
    guard = Guard("yes", on_battery=True)
    guard.model.pause(on_battery=True)
    assert await guard.ask() == "yes"


class Slow:
    """A model that answers when told to; `going` counts the requests under way."""

    name = "slow"

    def __init__(self):
        self.going = self.most = 0
        self.asked = []
        self.started, self.answer = asyncio.Event(), asyncio.Event()

    async def complete(self, request, *, heard=unheard):
        """Once `answer` is set."""
        self.asked.append(request.purpose)
        self.going += 1
        self.most = max(self.most, self.going)
        self.started.set()
        try:
            await self.answer.wait()
        finally:
            self.going -= 1
        return Reply(request.purpose)


def slow_guard():
    """A guard over a slow model, found already."""
    guard = Guard()
    guard.model._model = slow = Slow()
    return guard, slow


async def test_what_the_user_asked_for_stops_a_prediction_and_goes_before_those_that_wait():
    guard, slow = slow_guard()
    first = asyncio.create_task(guard.ask())
    await asyncio.wait_for(slow.started.wait(), 5)
    second = asyncio.create_task(guard.ask())
    write = asyncio.create_task(guard.ask(request=WRITE))
    again = asyncio.create_task(guard.ask(request=WRITE))
    assert isinstance(await asyncio.wait_for(first, 5), ModelBusy)
    assert isinstance(await asyncio.wait_for(second, 5), ModelBusy)
    slow.answer.set()
    assert await asyncio.wait_for(asyncio.gather(write, again), 5) == ["write", "write"]
    assert (slow.asked, slow.most) == (["predict", "write", "write"], 1)
    assert guard.model.status.state == "ready"
    assert await guard.ask() == "predict"


async def test_one_request_is_in_flight_though_the_model_is_found_anew():
    guard, slow = slow_guard()
    finding = 0
    most_finding = 0

    async def find():
        nonlocal finding, most_finding
        finding += 1
        most_finding = max(most_finding, finding)
        await asyncio.sleep(0)
        finding -= 1
        return slow

    guard.model._model = None
    guard.model._find = find
    asked = [asyncio.create_task(guard.ask()) for _ in range(4)]
    await asyncio.wait_for(slow.started.wait(), 5)
    slow.answer.set()
    await asyncio.wait_for(asyncio.gather(*asked), 5)
    assert (slow.most, most_finding, len(slow.asked)) == (1, 1, 4)


async def test_a_cancelled_request_is_no_failure():
    guard, slow = slow_guard()
    first = asyncio.create_task(guard.ask())
    await asyncio.wait_for(slow.started.wait(), 5)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    slow.answer.set()
    assert await guard.ask() == "predict"
    assert (guard.found, guard.model.status.retry_at) == (0, None)


async def test_a_cancelled_request_is_a_call_and_is_told():
    guard, slow = slow_guard()
    told = []
    guard.model.listen(lambda status, sentence: told.append((status.calls, sentence)))
    first = asyncio.create_task(guard.ask())
    await asyncio.wait_for(slow.started.wait(), 5)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert told == [(1, None)]


async def test_a_pull_that_ends_while_an_answer_is_under_way_does_not_disturb_it():
    """The model is looked for anew at the next request."""
    goes_on = asyncio.Event()

    class Slow(ScriptedModel):
        async def complete(self, request, *, heard=unheard):
            await goes_on.wait()
            return await super().complete(request, heard=heard)

    async def pull(name, tell):
        """There is nothing to download."""

    guard = Guard(pull=pull)
    guard.scripted = Slow(["one", "two"])
    first = asyncio.create_task(guard.ask())
    await asyncio.sleep(0)
    await guard.model.pull("small:3b", lambda told: None)
    goes_on.set()
    assert (await first, await guard.ask(), guard.found) == ("one", "two", 2)
