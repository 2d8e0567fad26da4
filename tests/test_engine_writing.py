"""Accepting what a model must write: while it writes, the user types on; afterwards it counts."""

import asyncio
import json

import pytest

from proactive_lsp.events import Answer, Change, Command, Edit, FileOperation, Git, Open, span
from proactive_lsp.llm import ModelBudgetSpent, ModelBusy, ModelTimeout, Reply
from proactive_lsp.needs import NeedsSettings
from proactive_lsp.reward import RewardSettings
from proactive_lsp.settings import Settings
from proactive_lsp.suggestions import Plan, Silence, Stale
from tests.agent.writing.conftest import block, fence
from tests.desk import Desk

SHOP = "a = 1\n\n\ndef area(r):\n    return 3 * r\n\n\nb = 2\n"
TEST = "from src.shop import area\n\n\ndef test_area():\n    assert area(1) == 3"
FILES = {
    "src/shop.py": SHOP,
    "src/till.py": "def pay():\n    return 1\n",
    "tests/test_till.py": "from src.till import pay\n\n\ndef test_pay():\n    assert pay()\n",
}
HINT = {
    "purpose": "compute",
    "help_wanted": True,
    "kind": "fix",
    "task": "Use pi",
    "path": "src/shop.py",
    "quoted_line": "    return 3 * r",
    "why": "3 is not pi",
}
FIX = block("    return 3 * r", "    return 3.14 * r")
FIXED = SHOP.replace("3 *", "3.14 *")


class Model:
    """Answers in order; `meanwhile` is done before each answer but the first, the prediction."""

    name = "typed"

    def __init__(self, *replies) -> None:
        self.replies = list(replies)
        self.history = []
        self.meanwhile = lambda: None

    async def complete(self, request, *, heard=lambda characters: None) -> Reply:
        self.history.append(request)
        if len(self.history) > 1:
            self.meanwhile()
        reply = self.replies.pop(0)
        if isinstance(reply, BaseException):
            raise reply
        if callable(reply):
            return await reply()
        heard(len(reply))
        return Reply(reply)


def predicted(*replies, **hint):
    """A desk on which the model's card stands."""
    model = Model(json.dumps(HINT | hint), *replies)
    settings = Settings(reward=RewardSettings(filter=False))
    desk = Desk(FILES, settings=settings, model=model)
    desk.open("src/shop.py")
    desk.commit()
    assert desk.card.need == "predicted"
    return desk, model


def write(desk, **more):
    return asyncio.run(desk.engine.write(desk.card.id, **more))


def typing(desk, old, new):
    """Something that the user types while the model writes."""

    def type_on():
        text = desk.text("src/shop.py").replace(old, new)
        desk.engine.record(Edit(desk.now, "src/shop.py", 3, (Change(None, text),)))

    return type_on


def apply(desk, plan):
    """As an editor carries a plan out."""
    desk.engine.hand_out(plan)
    for file in plan.files:
        for edit in reversed(file.edits):
            change = Change(edit.range, edit.new_text)
            desk.do(Edit(desk.now + 1, file.path, 9, (change,)))
    desk.scheduler.claim(plan.id)
    desk.wait(3)


def answers(desk):
    return [event.op for event in desk.events if isinstance(event, Answer)]


def test_a_written_edit_is_a_plan_that_counts_once_it_is_made():
    desk, model = predicted(FIX)
    assert desk.engine.writable(desk.card)
    heard = []
    plan = write(desk, heard=heard.append)
    assert isinstance(plan, Plan)
    (file,) = plan.files
    (edit,) = file.edits
    assert (file.path, file.create, edit.certain, edit.label) == (
        *("src/shop.py", False, False),
        "written by typed",
    )
    assert heard == [len(FIX)]
    assert [each.purpose for each in model.history] == ["predict", "write"]
    apply(desk, plan)
    assert desk.text("src/shop.py") == FIXED
    assert answers(desk) == ["accepted"]
    (ours,) = [each for each in desk.events if isinstance(each, Edit)]
    assert ours.origin == plan.id
    desk.edit("src/shop.py", SHOP)
    desk.wait(3)
    assert answers(desk) == ["accepted", "undone"]


def test_typing_elsewhere_in_the_file_moves_the_edit_along():
    desk, model = predicted(FIX)
    model.meanwhile = typing(desk, "a = 1", "a = 1\nc = 3")
    plan = write(desk)
    assert plan.files[0].edits[0].range == span(5, 0, 6, 0)
    apply(desk, plan)
    assert desk.text("src/shop.py") == FIXED.replace("a = 1", "a = 1\nc = 3")


@pytest.mark.parametrize(
    ("old", "new"),
    [("3 * r", "3 * r * r"), ("def area(r):\n", "def area(r):\n    r += 1\n"), (SHOP, "")],
)
def test_typing_in_the_place_makes_it_stale(old, new):
    desk, model = predicted(FIX)
    id = desk.card.id
    model.meanwhile = typing(desk, old, new)
    stale = write(desk)
    assert isinstance(stale, Stale)
    assert stale.id == id
    assert desk.text("src/shop.py") == SHOP.replace(old, new)


def test_an_insertion_is_not_put_beside_what_was_typed_there():
    """Nothing stands in its range, so its text alone would not tell that it moved."""
    insertion = block("    return 3 * r", "    return 3 * r\n\n\ndef half(r):\n    return r")
    desk, model = predicted(insertion)
    model.meanwhile = typing(desk, "* r\n", "* r\n    # mine\n")
    assert isinstance(write(desk), Stale)


def test_a_card_that_was_dismissed_meanwhile_is_stale():
    desk, model = predicted(FIX)
    id = desk.card.id
    model.meanwhile = lambda: desk.engine.record(Answer(desk.now, id, "dismissed"))
    assert write(desk) == Stale(id, "this suggestion is no longer offered")


def test_without_a_model_nothing_is_writable():
    desk = Desk(FILES, settings=Settings(reward=RewardSettings(filter=False)))
    desk.engine.record(Command(1.0, "pytest", 1, tail="src/shop.py:5: AssertionError"))
    desk.open("src/shop.py")
    assert desk.save("src/shop.py").offered is None


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ModelTimeout("too slow"), "model-unavailable"),
        (ModelBusy("another one is loaded"), "model-busy"),
        (ModelBudgetSpent("enough for this hour"), "budget-spent"),
    ],
)
def test_an_error_of_the_model_is_a_silence(error, kind):
    desk, _ = predicted(error)
    assert write(desk) == Silence(kind, str(error))
    assert desk.text("src/shop.py") == SHOP


def test_what_cannot_be_used_twice_is_a_silence():
    desk, model = predicted("no", "no again")
    silence = write(desk)
    assert silence == Silence("not-written", "could not: the answer has no fenced block, not one")
    assert [each.purpose for each in model.history] == ["predict", "write", "repair"]


def test_what_can_be_used_the_second_time_is_used():
    desk, _ = predicted("no", FIX)
    assert isinstance(write(desk), Plan)


def test_cancelling_passes_through():
    async def cancelled():
        asked = asyncio.Event()

        async def forever():
            asked.set()
            await asyncio.Event().wait()
            raise AssertionError

        desk.engine._asking.model.replies.append(forever)
        task = asyncio.ensure_future(desk.engine.write(desk.card.id))
        await asked.wait()
        task.cancel()
        await task

    desk, _ = predicted()
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())
    assert desk.card.need == "predicted"


# A file that is made.


def test_a_first_test_is_a_file_that_counts_when_it_is_opened():
    desk, _ = predicted(fence(TEST), kind="test")
    plan = write(desk)
    (file,) = plan.files
    assert (file.path, file.create, file.edits[0].new_text) == (
        "tests/test_shop.py",
        True,
        f"{TEST}\n",
    )
    desk.engine.hand_out(plan)
    desk.do(Open(desk.now + 1, file.path, 1, "python", f"{TEST}\n"))
    assert answers(desk) == ["accepted"]
    desk.do(FileOperation(desk.now + 1, "deleted", file.path))
    assert answers(desk) == ["accepted", "undone"]


def test_a_file_that_is_opened_empty_and_then_filled_counts_once():
    desk, _ = predicted(fence(TEST), kind="test")
    plan = write(desk)
    desk.engine.hand_out(plan)
    desk.do(Open(desk.now + 1, "tests/test_shop.py", 1, "python", ""))
    desk.do(Edit(desk.now + 1, "tests/test_shop.py", 2, (Change(None, f"{TEST}\n"),)))
    desk.scheduler.claim(plan.id)
    desk.wait(3)
    assert answers(desk) == ["accepted"]
    desk.edit("tests/test_shop.py", "")
    desk.wait(3)
    assert answers(desk) == ["accepted", "undone"]


def test_a_file_that_somebody_made_meanwhile_is_not_overwritten():
    desk, model = predicted(fence(TEST), kind="test")
    made = Open(desk.now, "tests/test_shop.py", 1, "python", "mine = 1\n")
    model.meanwhile = lambda: desk.engine.record(made)
    stale = write(desk)
    assert isinstance(stale, Stale)
    assert "tests/test_shop.py was made" in stale.text


# A message.


def staged(*replies):
    needs = NeedsSettings(off=("predicted", "tests-along", "changelog"))
    desk = Desk(FILES, settings=Settings(needs=needs), model=Model("{}", *replies))
    desk.engine._asking.model.history.append(None)
    desk.open("src/shop.py")
    desk.replace("src/shop.py", "b = 2", "b = 3")
    desk.git("stage", paths=("src/shop.py",))
    assert desk.card.need == "commit-message"
    desk.engine._asking.model.replies.pop(0)
    return desk


def test_a_message_is_a_text_that_counts_once_it_is_committed():
    desk = staged("Let b be 3\n\nTwo was too few.")
    assert desk.engine.writable(desk.card)
    plan = write(desk)
    assert (plan.files, plan.text) == ((), "Let b be 3\n\nTwo was too few.")
    desk.engine.hand_out(plan)
    desk.scheduler.claim(plan.id)
    desk.wait(3)
    assert answers(desk) == []
    desk.do(Git(desk.now + 1, "commit", head="c0ffee01", message="Let b be 3\n\nMy own words.\n"))
    assert answers(desk) == ["accepted"]


def test_another_message_is_no_acceptance():
    desk = staged("Let b be 3")
    desk.engine.hand_out(write(desk))
    desk.do(Git(desk.now + 1, "commit", head="c0ffee01", message="Something else"))
    assert answers(desk) == []


# A failing test.


def test_a_failing_test_is_a_card_that_is_written():
    needs = NeedsSettings(off=("predicted", "tests-along"))
    desk = Desk(FILES, settings=Settings(needs=needs), model=Model(FIX))
    model = desk.engine._asking.model
    model.history.append(None)
    desk.open("src/shop.py")
    desk.work("src/shop.py", "b = 2", "b = 3")
    outputs = "src/shop.py:5: AssertionError\nFAILED tests/test_shop.py::test_area\n"
    desk.do(Command(desk.now + 60, "pytest", 1, tail=outputs))
    desk.wait(1)
    assert desk.card.title == "Fix what makes `test_area` fail"
    plan = write(desk)
    apply(desk, plan)
    assert desk.text("src/shop.py") == FIXED.replace("b = 2", "b = 3")
    assert "AssertionError" in model.history[-1].messages[1].content
    assert answers(desk) == ["accepted"]
    assert desk.cards == ()
