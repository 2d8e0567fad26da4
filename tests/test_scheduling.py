"""When the engine looks: boundaries, which of them counts, being overtaken, waiting for a model."""

import asyncio
import json

import pytest

from proactive_lsp.clock import VirtualClock
from proactive_lsp.engine import Engine
from proactive_lsp.events import (
    Answer,
    Change,
    Command,
    Edit,
    FileOperation,
    Focus,
    Git,
    Open,
    Save,
    TestResult,
)
from proactive_lsp.llm import Reply
from proactive_lsp.memory import Memory, NoStore
from proactive_lsp.reward import RewardSettings
from proactive_lsp.scheduling import MOST_CANCELLATIONS, Scheduler, Turn
from proactive_lsp.settings import ScheduleSettings, Settings
from proactive_lsp.situation import Boundary
from proactive_lsp.workspace.tree import FilesTree
from tests.desk import Desk

FILES = {"a.py": "def f(x, y):\n    return x, y\n\n\nf(1, 2)\n", "b.py": "x = 1\n"}
SHORTER = ("x, y):\n    return x, y", "x):\n    return x")


MOMENTS = ("commit", "push", "conflict", "merge", "rebase", "checkout", "stash", "stage")


def woken(*events):
    """The kinds of the boundaries that these events make."""
    desk = Desk(FILES)
    for event in events:
        desk.do(event)
    desk.wait(60)
    return [each.boundary.kind for each in desk.outcomes]


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (Save(1.0, "a.py"), "save"),
        (Command(1.0, "make", 1), "command"),
        (Command(1.0, "debug shop", 0, phase="stopped"), "command"),
        (TestResult(1.0, "test_a", "failed"), "test"),
        *((Git(1.0, op), op) for op in MOMENTS),
        (Git(1.0, "merge", phase="finished"), "merge"),
        (Git(1.0, "stash", phase="started"), "stash"),
        (Git(1.0, "stash", phase="finished"), "stash"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_moment_to_speak(event, kind):
    assert woken(event) == [kind]


@pytest.mark.parametrize(
    "event",
    [
        Open(1.0, "a.py", 1, "python", ""),
        Focus(1.0, "a.py"),
        Focus(1.0, "a.py", window="back"),
        Command(1.0, "debug shop", 0, phase="started"),
        FileOperation(1.0, "created", "c.py"),
        Git(1.0, "rebase", phase="started"),
        Git(1.0, "merge", phase="started"),
        Answer(1.0, "feedbeef", "dismissed"),
    ],
    ids=lambda event: type(event).__name__,
)
def test_no_moment_to_speak(event):
    assert woken(event) == []


def test_the_pause_after_a_file_was_renamed():
    assert woken(FileOperation(1.0, "renamed", "b.py", "c.py")) == ["pause"]
    assert woken(FileOperation(1.0, "renamed", "b.py", "c.py"), Save(2.0, "a.py")) == ["save"]


def test_of_two_moments_that_wait_the_stronger_names_it():
    commit, save = Boundary("commit", 1.0), Boundary("save", 2.0)
    assert save.stronger(commit) == commit.stronger(save) == commit
    later = Boundary("save", 3.0)
    assert later.stronger(save) == later
    assert save.stronger(None) == save


def test_an_answer_looks_again_but_offers_nothing():
    desk = Desk(FILES)
    desk.work("a.py", *SHORTER)
    desk.edit("b.py", "def g(x, y):\n    return x, y\n\n\ng(1, 2)\n")
    desk.edit("b.py", "def g(x):\n    return x\n\n\ng(1, 2)\n")
    (outcome,) = desk.do(Answer(desk.now + 0.1, desk.card.id, "ignored")) or desk.wait(0.3)
    assert (outcome.boundary.kind, outcome.offered) == ("answer", None)


def test_typing_is_written_down_after_two_seconds_though_it_goes_on():
    desk = Desk(FILES)
    desk.type("b.py", "# a long comment that is typed on and on", seconds=0.1)
    bursts = [event for event in desk.events if isinstance(event, Edit)]
    assert bursts
    assert max(event.t - event.since for event in bursts) <= 2.0


def test_nothing_is_due_once_all_is_done():
    desk = Desk(FILES)
    assert desk.scheduler.next_due() is None
    desk.work("a.py", *SHORTER)
    desk.wait(60)
    assert desk.scheduler.next_due() is None


def test_quiet_seconds_can_be_set():
    settings = Settings(schedule=ScheduleSettings(quiet_seconds=10.0))
    desk = Desk(FILES, settings=settings)
    desk.replace("a.py", *SHORTER)
    assert desk.wait(9.9) == ()
    assert [each.boundary.kind for each in desk.wait(0.2)] == ["pause"]


class Worker:
    """A scheduler as the server runs it: it does not wait for models and can be overtaken."""

    def __init__(self, model=None, overtaken=lambda: False, turn=None):
        self.published = []
        self.clock = VirtualClock()
        settings = Settings(reward=RewardSettings(filter=False))
        self.scheduler = Scheduler(
            Engine(settings, base=FilesTree(FILES), memory=Memory(NoStore()), model=model),
            self.clock,
            settings.schedule,
            patient=False,
            publish=self.published.append,
            overtaken=overtaken,
            turn=turn,
        )
        for event in (
            Open(0.0, "a.py", 1, "python", FILES["a.py"]),
            Edit(0.5, "a.py", 2, (Change(None, FILES["a.py"].replace(*SHORTER)),)),
        ):
            self.scheduler.record(event)

    async def save(self, path="a.py"):
        """Save, a second later, and do what is due."""
        self.clock.advance_to(self.clock.now() + 1.0)
        self.scheduler.record(Save(self.clock.now(), path))
        return await self.scheduler.run_due()


async def test_an_overtaken_look_keeps_its_boundary():
    busy = [True]
    worker = Worker(overtaken=lambda: busy[0])
    assert await worker.save() == ()
    assert worker.scheduler.next_due() == 1.0
    busy[0] = False
    (outcome,) = await worker.scheduler.run_due()
    assert (outcome.boundary.kind, outcome.offered is not None) == ("save", True)


async def test_steady_typing_cannot_starve_a_look():
    worker = Worker(overtaken=lambda: True)
    looks = 0
    outcomes = await worker.save()
    while not outcomes:
        looks += 1
        outcomes = await worker.scheduler.run_due()
    assert looks == MOST_CANCELLATIONS
    assert outcomes[0].offered is not None


HINT = {
    **{"purpose": "count", "help_wanted": True, "kind": "fix", "task": "Use two"},
    **{"path": "b.py", "quoted_line": "x = 1", "why": "because"},
}


class Slow:
    """A model that answers when it is told to."""

    name = "slow"

    def __init__(self):
        self.asked = 0
        self.cancelled = 0
        self.answer = asyncio.Event()

    async def complete(self, request):
        self.asked += 1
        try:
            await self.answer.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return Reply(json.dumps(HINT))


async def until(condition):
    """Let the others run until it holds."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - the other side has nothing to wait for
            await asyncio.sleep(0)


async def test_a_prediction_is_not_waited_for_and_arrives_later():
    model = Slow()
    worker = Worker(model)
    await worker.save()
    outcomes = await worker.save("b.py")
    assert [each.offered for each in outcomes] == [None]
    await until(lambda: model.asked)
    assert worker.scheduler.thinking
    model.answer.set()
    await until(lambda: not worker.scheduler.thinking)
    assert worker.published[-1].offered.title == "Use two"


async def test_a_late_prediction_makes_its_writing_due():
    model = Slow()
    worker = Worker(model)
    await worker.save()
    await worker.save("b.py")
    await until(lambda: model.asked)
    worker.clock.advance_to(60.0)
    await worker.scheduler.run_due()
    assert worker.scheduler.next_due() is None
    model.answer.set()
    await until(lambda: not worker.scheduler.thinking)
    assert worker.scheduler.next_due() == 62.0
    worker.clock.advance_to(62.0)
    await worker.scheduler.run_due()
    assert worker.scheduler.next_due() is None


async def test_a_newer_boundary_cancels_the_prediction():
    model = Slow()
    worker = Worker(model)
    await worker.save()
    await worker.save("b.py")
    await until(lambda: model.asked == 1)
    await worker.save("b.py")
    await until(lambda: model.asked == 2)
    assert model.cancelled == 1
    worker.scheduler.close()
    await until(lambda: model.cancelled == 2)


async def asked(worker, model, times=1):
    """A moment at which the model is asked; the first save is one of the rules."""
    await worker.save()
    await worker.save("b.py")
    await until(lambda: model.asked == times)


async def test_a_newer_boundary_hangs_up_before_the_look():
    """So that a long look does not keep the model at work for nothing."""
    model = Slow()
    worker = Worker(model)
    await asked(worker, model)
    looked_with = []
    consider = worker.scheduler.engine.consider

    def look(boundary, cancelled):
        looked_with.append(model.cancelled)
        return consider(boundary, cancelled)

    worker.scheduler.engine.consider = look
    await worker.save("b.py")
    assert looked_with == [1]


async def test_typing_hangs_up_as_well():
    """What the model would say is stale by then."""
    model = Slow()
    worker = Worker(model)
    await asked(worker, model)
    worker.scheduler.record(Edit(3.0, "b.py", 2, (Change(None, "x = 2\n"),)))
    assert not worker.scheduler.thinking
    assert worker.published[-1].silence.kind == "stale"
    await until(lambda: model.cancelled)


async def test_another_folders_moment_takes_the_turn():
    """One model, one request: the newest one."""
    model, turn = Slow(), Turn()
    one, other = Worker(model, turn=turn), Worker(model, turn=turn)
    await asked(one, model)
    await asked(other, model, times=2)
    await until(lambda: not one.scheduler.thinking)
    assert one.published[-1].silence.kind == "stale"
    assert model.cancelled == 1
    assert other.scheduler.thinking


async def test_what_the_user_wants_written_goes_first():
    """It hangs up on a prediction, and none begins while it lasts."""
    model, turn = Slow(), Turn()
    worker = Worker(model, turn=turn)
    await asked(worker, model)
    async with turn.writing():
        assert model.cancelled == 1
        assert not turn.free
        await until(lambda: not worker.scheduler.thinking)
        await worker.save("b.py")
        assert not worker.scheduler.thinking
    await worker.save("b.py")
    await until(lambda: model.asked == 2)


async def test_an_answer_is_published_at_once():
    worker = Worker()
    (outcome,) = await worker.save()
    worker.scheduler.record(Answer(1.0, outcome.offered.id, "dismissed"))
    assert worker.published[-1].boundary.kind == "answer"
    assert worker.published[-1].current == ()
