"""The whole way: what is typed goes in, a real model is asked, and a card or a reason comes out."""

import asyncio
import json
from typing import get_args

import msgspec
import pytest

from proactive_lsp.agent.opinion import yes_minus_no
from proactive_lsp.agent.predict import SCHEMA, Prediction
from proactive_lsp.asking import MODEL_SAYS
from proactive_lsp.llm import BadReply, Heard, Reply, Request, unheard
from proactive_lsp.llm.scripted import ScriptedModel
from proactive_lsp.reward import RewardSettings
from proactive_lsp.reward.model import logit, sigmoid
from proactive_lsp.reward.opinion import combined
from proactive_lsp.settings import Settings
from proactive_lsp.suggestions import Plan, Silence, SilenceKind, Stale
from tests import hour
from tests.desk import Desk
from tests.model.server.trace import expected
from tests.model.serving import serving
from tests.model.talking import Overheard, model, settings
from tests.test_engine_judging import NAME, lived

FILES = {
    "shapes.py": (
        'PI = 3\n\n\ndef area(radius):\n    """Of a circle."""\n    return PI * radius**2\n'
    ),
    "use.py": "from shapes import area\n\nprint(area(2))\n",
}
PREDICTIONS = 20


def test_a_save_is_a_prediction_or_a_reason():
    with serving() as served:
        asked = Overheard(model(served))
        desk = Desk(FILES, settings=Settings(agent=settings(served)), model=asked)
        desk.work("shapes.py", "PI = 3\n", "PI = 3.14159\n")
        rules, predicted = desk.outcomes
        assert predicted.boundary == rules.boundary
        assert predicted.judgements or _typed(predicted.silence)
        # It was a model that said so, and it was asked what the engine asks.
        _inferred(served)
        assert served.chats[0].evaluated == len(served.chats[0].prompt)
        assert asked.said[0][0].schema == SCHEMA


def test_twenty_answers_of_an_hour_are_valid_or_refused():
    with serving() as served:
        asked = Overheard(model(served))
        desk = Desk(hour.files(), settings=Settings(agent=settings(served)), model=asked)
        for event in hour.events():
            desk.do(event)
            if len(asked.said) >= PREDICTIONS:
                break
        assert len(asked.said) >= PREDICTIONS
        for request, said in asked.said:
            assert request.schema == SCHEMA
            if isinstance(said, Reply):
                msgspec.json.decode(said.text, type=Prediction, strict=True)
            else:
                assert isinstance(said, BadReply), said
        # Where an answer led to nothing, the engine says why; nothing went by unseen.
        told = [each for each in desk.outcomes if each.silence is not None]
        assert all(_typed(each.silence) for each in told)
        # One load, and nothing computed that the cache could have spared.
        assert served.loads == 1
        assert len(served.chats) == len(asked.said)
        assert [chat.evaluated for chat in served.chats] == expected(served.records)
        replies = [said for _, said in asked.said]
        for reply, chat in zip(replies, served.chats, strict=True):
            if isinstance(reply, Reply):
                assert reply.prompt_tokens == len(chat.prompt)
                assert reply.evaluated_tokens == chat.evaluated
                assert reply.answer_tokens == len(chat.answer)


def test_the_judge_is_asked_once_and_counts_as_was_measured():
    with serving() as served:
        asked = Overheard(model(served, model=NAME))
        before, after = lived(asked)
        ((request, reply),) = asked.said
        assert request.purpose == "judge"
        assert isinstance(reply, Reply), reply
        _inferred(served)
        (chat,) = served.chats
        assert len(chat.answer) <= request.max_tokens
        said = yes_minus_no(reply.logprobs)
        assert said is not None
        both = combined(NAME, logit(before.p), said)
        assert both is not None
        assert after.p == pytest.approx(sigmoid(both))
        assert after.pushes == (*before.pushes, (MODEL_SAYS, pytest.approx(both - logit(before.p))))


class _Foreseeing:
    """Foresees what it is told to, and writes with a model that really answers."""

    def __init__(self, foreseen: dict, writing: Overheard) -> None:
        self.name = writing.name
        self._foreseeing = ScriptedModel([json.dumps(foreseen)])
        self._writing = writing

    async def complete(self, request: Request, *, heard: Heard = unheard) -> Reply:
        chosen = self._foreseeing if request.purpose == "predict" else self._writing
        return await chosen.complete(request, heard=heard)


FORESEEN = {
    "purpose": "Compute areas well.",
    "help_wanted": True,
    "kind": "document",
    "task": "Say in the docstring of area what the radius is",
    "path": "shapes.py",
    "quoted_line": "def area(radius):",
    "why": "Nothing says what the radius is measured in.",
}


@pytest.mark.parametrize("radius", ["radius", "r"])
def test_what_a_card_wants_is_written_or_the_reason_told(radius):
    with serving() as served:
        texts = {path: text.replace("radius", radius) for path, text in FILES.items()}
        writing = Overheard(model(served))
        foreseen = {**FORESEEN, "quoted_line": f"def area({radius}):"}
        desk = Desk(
            texts,
            settings=Settings(agent=settings(served), reward=RewardSettings(filter=False)),
            model=_Foreseeing(foreseen, writing),
        )
        desk.open("use.py")
        desk.commit()
        assert desk.card.by_model
        assert desk.engine.writable(desk.card)
        heard = []
        made = asyncio.run(desk.engine.write(desk.card.id, heard=heard.append))
        assert isinstance(made, Plan | Silence), made
        assert not isinstance(made, Stale)
        if isinstance(made, Plan):
            assert {file.path for file in made.files} == {"shapes.py"}
        else:
            assert _typed(made)
        _inferred(served)
        assert {request.purpose for request, _ in writing.said} <= {"write", "repair"}
        assert heard


def _inferred(served) -> None:
    """A prompt was really read and an answer really written."""
    assert served.chats
    for chat in served.chats:
        assert chat.evaluated > 0
        assert len(chat.answer) > 0


def _typed(silence: Silence | None) -> bool:
    return silence is not None and silence.kind in get_args(SilenceKind) and bool(silence.text)
