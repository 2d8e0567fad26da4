"""Draft, feedback, refine, and the model as judge: how often it is asked, and what comes of it."""

import asyncio
import json
import math

import pytest
from msgspec.structs import replace

from proactive_lsp import asking
from proactive_lsp.agent.settings import AgentSettings
from proactive_lsp.asking import MODEL_SAYS, Asking
from proactive_lsp.events import Save, span
from proactive_lsp.llm import (
    BadReply,
    ModelBudgetSpent,
    ModelBusy,
    ModelMissing,
    ModelPaused,
    ModelRefused,
    ModelTimeout,
    ModelUnavailable,
    Reply,
)
from proactive_lsp.llm.scripted import ScriptedModel
from proactive_lsp.situation import Boundary
from proactive_lsp.suggestions import Judgement, Need, Place, Silence, Suggestion, Task

FILES = {"shop.py": "def area(r):\n    return 3 * r\n\n\ndef twice(r):\n    return 2 * r\n"}
NOTHING = {
    "purpose": "",
    "help_wanted": False,
    "kind": "other",
    "task": "",
    "path": "",
    "quoted_line": "",
    "why": "",
}
GOOD = NOTHING | {
    "help_wanted": True,
    "task": "Use pi",
    "path": "shop.py",
    "quoted_line": "    return 3 * r",
    "why": "3 is not pi",
}
OTHER = GOOD | {"task": "Use a shift", "quoted_line": "    return 2 * r"}
BELOW = Silence("below-threshold", "probability 0.10 is below 0.83")


def verdicts(*silences):
    """A filter that says these one after the other, and remembers what it was asked."""
    seen: list[Task] = []
    queue = iter(silences)

    def judge(task):
        seen.append(task)
        return Judgement(task, 0.7, 0.8, next(queue), (("prior", 1.0),), (0.7,))

    return judge, seen


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


def purposes(history):
    return [request.purpose for request in history]


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


# The judge.


class Opinionated:
    """Predicts what it is told to and says yes or no with these log probabilities."""

    name = "opinionated"

    def __init__(self, *predictions, logprobs):
        self.history = []
        self._predictions = list(predictions)
        self._logprobs = logprobs

    async def complete(self, request, *, heard=None):
        self.history.append(request)
        if request.purpose == "judge":
            return Reply("yes", logprobs=self._logprobs)
        return Reply(json.dumps(self._predictions.pop(0)))


def rule(p, kind="line-clone", line=0, silence=BELOW):
    place = Place("shop.py", span(line, 0, line, 12), "def area(r):")
    need = Need(kind, "shop.py", place.range, f"x{line}", "Do so", (), (place,))
    return Judgement(Task(need, need.title, ""), p, 0.8, silence, (("prior", 1.0),), (p,))


def judged_by(situation, model, *silences, judged=(), at=None):
    at = at or Asking(model, AgentSettings(judge=True))
    seen = situation([Save(1.0, "shop.py")], FILES)
    at.look(seen)
    return asyncio.run(at.predict(seen, judged, verdicts(*silences)[0]))


@pytest.fixture
def measured(monkeypatch):
    """As if a yes of that model had been measured: half of what it says counts."""
    monkeypatch.setattr(
        asking,
        "combined",
        lambda name, odds, said: odds + said / 2 if name == "opinionated" else None,
    )


@pytest.mark.usefixtures("measured")
@pytest.mark.parametrize(("yes", "accepted"), [(-0.1, True), (-3.0, False)])
def test_a_need_that_nearly_passed_is_judged_by_the_model(situation, yes, accepted):
    model = Opinionated(logprobs={"yes": yes, "no": -2.0})
    verdict = judged_by(situation, model, judged=(rule(0.3), rule(0.7, line=1)))
    (request,) = model.history
    assert (request.purpose, request.choices) == ("judge", ("yes", "no"))
    assert (verdict.accepted, verdict.task.need.anchor) == (accepted, "x1")
    push = (yes + 2.0) / 2
    assert verdict.pushes == (("prior", 1.0), (MODEL_SAYS, pytest.approx(push)))
    assert verdict.p == pytest.approx(1 / (1 + math.exp(-(math.log(0.7 / 0.3) + push))))
    assert verdict.odds == (pytest.approx(verdict.p),)
    if not accepted:
        assert verdict.silence.text.endswith("with the word of the model")


@pytest.mark.usefixtures("measured")
def test_its_own_proposal_is_judged_instead_of_refined(situation):
    model = Opinionated(GOOD, logprobs={"yes": -0.1, "no": -3.0})
    verdict = judged_by(situation, model, BELOW)
    assert purposes(model.history) == ["predict", "judge"]
    first, second = model.history
    assert second.messages[0] == first.messages[0]
    common = first.messages[1].content.removesuffix(" What is next?")
    assert second.messages[1].content.startswith(common)
    assert verdict.accepted


@pytest.mark.usefixtures("measured")
def test_where_the_filter_is_sure_the_model_is_not_asked_to_judge(situation):
    model = Opinionated(NOTHING, logprobs={})
    far = rule(0.3)
    said_no = rule(0.79, silence=Silence("dismissed", "no"))
    assert judged_by(situation, model, judged=(far, said_no)).kind == "nothing-left"
    assert purposes(model.history) == ["predict"]


@pytest.mark.usefixtures("measured")
def test_the_model_is_asked_about_a_need_once(situation):
    model = Opinionated(NOTHING, NOTHING, logprobs={"yes": -3.0, "no": -0.1})
    at = Asking(model, AgentSettings(judge=True))
    for _ in range(3):
        judged_by(situation, model, judged=(rule(0.7),), at=at)
    assert purposes(model.history) == ["judge", "predict", "predict"]


@pytest.mark.usefixtures("measured")
@pytest.mark.parametrize("logprobs", [None, {}, {"maybe": -0.1}])
def test_neither_yes_nor_no_is_a_silence(situation, logprobs):
    model = Opinionated(logprobs=logprobs)
    verdict = judged_by(situation, model, judged=(rule(0.7),))
    said = "opinionated says neither yes nor no"
    assert verdict == Silence("model-unavailable", said)


def test_a_model_that_nobody_measured_is_asked_to_judge_once_at_most(situation):
    model = Opinionated(NOTHING, logprobs={"yes": -0.1, "no": -3.0})
    at = Asking(model, AgentSettings(judge=True))
    verdict = judged_by(situation, model, judged=(rule(0.7),), at=at)
    assert verdict.text == "nobody measured what a yes of opinionated is worth"
    judged_by(situation, model, judged=(rule(0.75, line=1),), at=at)
    assert purposes(model.history) == ["judge", "predict"]


def test_it_does_not_judge_by_default(situation):
    model = Opinionated(NOTHING, logprobs={})
    at = Asking(model, AgentSettings())
    judged_by(situation, model, judged=(rule(0.79),), at=at)
    assert purposes(model.history) == ["predict"]
