"""Draft, feedback, refine, and the model as judge: how often it is asked, and what comes of it."""

import asyncio
import json
import math

import pytest
from msgspec.structs import replace

from proactive_lsp.agent.prompt import LEAST_STORY
from proactive_lsp.agent.settings import AgentSettings
from proactive_lsp.agent.story import Story
from proactive_lsp.asking import Asking
from proactive_lsp.events import Save
from proactive_lsp.llm import (
    BadReply,
    ModelBudgetSpent,
    ModelBusy,
    ModelMissing,
    ModelPaused,
    ModelRefused,
    ModelTimeout,
    ModelUnavailable,
    PromptTooLong,
    Reply,
)
from proactive_lsp.llm.scripted import ScriptedModel
from proactive_lsp.needs import KINDS, NeedsSettings
from proactive_lsp.reward import RewardSettings
from proactive_lsp.settings import Settings
from proactive_lsp.situation import Boundary
from proactive_lsp.suggestions import Silence, Suggestion
from tests.agent.asked import BELOW, FILES, GOOD, NOTHING, OTHER, purposes, verdicts
from tests.desk import Desk

ONLY_PREDICTED = NeedsSettings(off=tuple(kind for kind in KINDS if kind != "predicted"))


def ask(situation, replies, *silences, judged=(), cards=(), at=None, **changes):
    """What one boundary comes to, and the requests."""
    model = ScriptedModel(
        [json.dumps(each) if isinstance(each, dict) else each for each in replies]
    )
    at = at or Asking(model, AgentSettings(**changes))
    at.model = model
    seen = situation([Save(1.0, "shop.py")], FILES)
    at.look(seen)
    judge, _ = verdicts(*silences)
    return asyncio.run(at.predict(seen, judged, judge, cards)), model.history


def test_what_the_filter_accepts_is_asked_for_once(situation):
    verdict, history = ask(situation, [GOOD], None)
    assert (verdict.task.title, verdict.accepted) == ("Use pi", True)
    assert purposes(history) == ["predict"]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("below-threshold", "would hardly want that now"),
        ("duplicate", "proposed before"),
        ("dismissed", "said no to that before"),
        ("would-undo", "take back what was just done"),
    ],
)
def test_a_refusal_goes_back_once_with_its_reason(situation, kind, words):
    verdict, history = ask(situation, [GOOD, OTHER], Silence(kind, "because"), None)
    assert purposes(history) == ["predict", "refine"]
    first, second = history
    assert second.messages[:2] == first.messages
    assert second.messages[2].content == json.dumps(GOOD)
    assert words in second.messages[3].content
    assert verdict.task.title == "Use a shift"
    assert words in verdict.task.why


@pytest.mark.parametrize(
    "wrong", [{"path": "gone.py"}, {"path": "../x"}, {"quoted_line": "return 4 * r"}]
)
def test_a_place_that_does_not_exist_goes_back_as_well(situation, wrong):
    verdict, history = ask(situation, [GOOD | wrong, GOOD], None)
    assert purposes(history) == ["predict", "refine"]
    assert "one whole line" in history[1].messages[3].content
    assert verdict.accepted


def test_after_the_second_refusal_there_is_silence_with_the_last_reason(situation):
    last = Silence("dismissed", "you said no to this suggestion")
    verdict, history = ask(situation, [GOOD, OTHER], BELOW, last)
    assert purposes(history) == ["predict", "refine"]
    assert (verdict.silence, verdict.task.need.range.start.line) == (last, 5)


def test_nothing_left_may_be_the_second_answer(situation):
    verdict, _ = ask(situation, [GOOD, NOTHING], BELOW)
    assert verdict == Silence("nothing-left", "scripted sees nothing left to do")


@pytest.mark.parametrize(
    "kind", ["too-soon", "snoozed", "budget-spent", "muted", "operation-in-progress"]
)
def test_a_silence_about_the_moment_is_no_reason_to_ask_again(situation, kind):
    verdict, history = ask(situation, [GOOD], Silence(kind, "not now"))
    assert purposes(history) == ["predict"]
    assert verdict.silence.kind == kind


def test_nothing_left_is_no_reason_to_ask_again(situation):
    verdict, history = ask(situation, [NOTHING])
    assert (verdict.kind, purposes(history)) == ("nothing-left", ["predict"])


def test_refining_may_be_off(situation):
    verdict, history = ask(situation, [GOOD], BELOW, refine=0)
    assert (verdict.silence, purposes(history)) == (BELOW, ["predict"])


def test_a_very_long_answer_is_not_sent_back(situation):
    verdict, history = ask(situation, [GOOD | {"why": "x" * 9_000}], BELOW)
    assert (verdict.silence, purposes(history)) == (BELOW, ["predict"])


def test_the_same_task_for_ever_is_refused_without_asking_again(situation):
    """The model is told once, in words and in the story."""
    at = Asking(ScriptedModel(), AgentSettings())
    _, first = ask(situation, [GOOD, GOOD], BELOW, BELOW, at=at)
    assert purposes(first) == ["predict", "refine"]
    for _ in range(5):
        verdict, history = ask(situation, [GOOD | {"task": "Pi, please"}], BELOW, at=at)
        assert (verdict.silence, purposes(history)) == (BELOW, ["predict"])
        told = history[0].messages[1].content
        assert told.count('You named the task "Use pi" in "shop.py". It was refused:') == 1
    verdict, _ = ask(situation, [GOOD], None, at=at)
    assert verdict.accepted


def test_what_stands_on_a_card_is_a_duplicate(situation):
    """The filter does not know the cards."""
    accepted, _ = ask(situation, [GOOD], None)
    task = accepted.task
    need = task.need
    card = Suggestion(
        need.id, need.kind, "", "shop.py", need.range, 0.9, 1.0, "save", (task,), need.places
    )
    verdict, history = ask(situation, [GOOD, OTHER], None, None, cards=(card,))
    assert purposes(history) == ["predict", "refine"]
    assert verdict.task.title == "Use a shift"


@pytest.mark.parametrize("answer", ["", "I think so.", "[]", "{}", '{"edit": "rm -rf /"}'])
def test_an_answer_of_another_form_is_a_silence(situation, answer):
    verdict, history = ask(situation, [answer])
    said = "scripted did not answer in the form asked for"
    assert (verdict, len(history)) == (Silence("model-unavailable", said), 1)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        *((each, "model-unavailable") for each in (ModelUnavailable, ModelMissing, ModelTimeout)),
        *((each, "model-unavailable") for each in (BadReply, ModelRefused)),
        *((each, "model-busy") for each in (ModelBusy, ModelPaused)),
        (ModelBudgetSpent, "budget-spent"),
    ],
)
def test_an_error_is_a_silence_with_its_words(situation, error, kind):
    assert ask(situation, [error("start it")])[0] == Silence(kind, "start it")
    verdict, _ = ask(situation, [GOOD, error("start it")], BELOW)
    assert verdict == Silence(kind, "start it")


def test_cancellation_passes_through_and_nothing_is_remembered_of_the_draft(situation):
    class Slow:
        name = "slow"

        def __init__(self):
            self.refining = asyncio.Event()

        async def complete(self, request, *, heard=None):
            if request.purpose == "refine":
                self.refining.set()
                await asyncio.Event().wait()
            return Reply(json.dumps(GOOD))

    async def cancel():
        at = Asking(Slow(), AgentSettings())
        seen = situation(files=FILES)
        for _ in range(2):
            at.model = Slow()
            task = asyncio.create_task(at.predict(seen, (), verdicts(BELOW)[0]))
            await asyncio.wait_for(at.model.refining.wait(), 10)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(cancel())


def test_a_context_without_room_is_said(situation):
    verdict, history = ask(situation, [GOOD], None, num_ctx=1_024)
    assert (verdict.kind, history) == ("model-unavailable", [])
    assert "set agent.num_ctx to 4096 or more" in verdict.text


# The story and the server's cache.


def test_after_keep_alive_the_older_half_goes_for_free(situation):
    at = Asking(ScriptedModel(), AgentSettings(keep_alive="1m", num_ctx=4_096))
    events = [Save(float(number), f"file{number:03}.py") for number in range(100)]

    def told(now):
        model = at.model = ScriptedModel([json.dumps(NOTHING)])
        seen = situation(events, FILES, boundary=Boundary("save", now, "shop.py"))
        at.look(seen)
        asyncio.run(at.predict(seen, (), verdicts()[0]))
        return model.history[0].messages[1].content

    first = told(100.0)
    assert told(150.0).startswith(first.rpartition("\n\n")[0])
    assert told(300.0).startswith("What happened before was left out.")


@pytest.mark.parametrize(
    ("span", "seconds"),
    [
        ("5m", 300),
        ("1h30m", 5_400),
        ("90", 90),
        ("500ms", 0.5),
        ("-1", math.inf),
        ("-1m", math.inf),
    ],
)
def test_keep_alive_is_read_as_ollama_reads_it(span, seconds):
    assert Asking(ScriptedModel(), AgentSettings(keep_alive=span))._kept_for == seconds


def test_a_prompt_of_more_tokens_than_thought_is_shortened(situation):
    class Counting(ScriptedModel):
        async def complete(self, request, *, heard=None):
            return replace(await super().complete(request), prompt_tokens=3_300)

    model = Counting([json.dumps(NOTHING)] * 2)
    at = Asking(model, AgentSettings(num_ctx=4_096))
    events = [Save(float(number), f"file{number:03}.py") for number in range(100)]
    for _ in range(2):
        seen = situation(events, FILES)
        at.look(seen)
        asyncio.run(at.predict(seen, (), verdicts()[0]))
    assert model.history[1].messages[1].content.startswith("What happened before was left out.")


# In the engine.


def test_a_prompt_that_is_too_long_gives_the_story_half_its_room(situation):
    at = Asking(ScriptedModel(), AgentSettings())
    for _ in range(40):
        at._story.add("told " * 60)
    before = at._story.size
    too_long = PromptTooLong("the prompt is longer than what tiny can read at once")
    verdict, _ = ask(situation, [too_long, GOOD], None, at=at)
    assert (verdict.kind, verdict.text) == ("model-unavailable", str(too_long))
    assert at._story.size < before
    room = at._story._room
    for _ in range(20):
        ask(situation, [too_long], None, at=at)
    assert LEAST_STORY <= at._story._room < room
    verdict, _ = ask(situation, [GOOD], None, at=at)
    assert verdict.accepted


def test_a_moment_of_the_engine_asks_twice_at_most_and_explains_what_it_asked():
    """The first line was said no to; the second one is offered."""
    settings = Settings(needs=ONLY_PREDICTED, reward=RewardSettings(eagerness="high"))
    model = ScriptedModel(map(json.dumps, (GOOD, GOOD, OTHER)))
    desk = Desk(FILES, settings=settings, model=model)
    desk.open("shop.py")
    desk.commit()
    assert desk.card.title == "Use pi"
    desk.answer("dismissed")
    desk.wait(60)
    desk.commit()
    assert purposes(model.history) == ["predict", "predict", "refine"]
    assert "said no to that before" in model.history[2].messages[3].content
    assert desk.card.title == "Use a shift"
    assert "another answer came first" in desk.engine.explain(desk.card.id)
    desk.do(Save(desk.now + 1, "shop.py"))
    story = model.history[3].messages[1].content
    assert 'A suggestion ("predicted") for "shop.py" was dismissed.' in story
    assert 'You named the task "Use pi" in "shop.py". It was refused:' in story


def test_why_the_model_proposed_nothing_is_explained():
    """As each silence is, though nothing was judged; the same reason counts once."""
    elsewhere = GOOD | {"path": "nowhere.py"}
    model = ScriptedModel(map(json.dumps, (NOTHING, NOTHING, elsewhere, NOTHING)))
    desk = Desk(FILES, settings=Settings(needs=ONLY_PREDICTED), model=model)
    desk.open("shop.py")
    for _ in range(2):
        desk.save("shop.py")
        desk.wait(60)
    said = desk.engine.explain("silent")
    assert "- nothing-left: 1 (predicted 1)" in said
    assert said.endswith("sees nothing left to do")
    assert "probability" not in said
    desk.save("shop.py")
    assert len(model.history) == 4
    assert desk.engine.explain("silent").endswith("sees nothing left to do")


def test_who_wants_no_predictions_anywhere_has_no_model_asked():
    """Muted in a folder, it is asked: its task may lie elsewhere."""
    model = ScriptedModel([json.dumps(NOTHING)])
    desk = Desk(FILES, settings=Settings(needs=ONLY_PREDICTED), model=model)
    desk.engine.mute("predicted", "docs/guide.md")
    desk.open("shop.py")
    desk.save("shop.py")
    assert len(model.history) == 1
    desk.engine.mute("predicted", "shop.py")
    desk.save("shop.py")
    desk.commit()
    assert len(model.history) == 1


def test_a_failing_story_leaves_the_rules_alone(monkeypatch, caplog):
    monkeypatch.setattr(Story, "look", lambda self, situation: 1 / 0)
    desk = Desk(FILES, model=ScriptedModel([json.dumps(NOTHING)]))
    desk.open("shop.py")
    assert desk.save("shop.py").looked
    assert "the story of this moment failed; rules carry on" in caplog.text
