"""Ask the local model at a boundary: its draft, the filter's word on it, what it makes of that.

The model's part of a moment, kept apart from the order of the stages: `Engine` says when, and what
the filter thinks.
"""

import logging
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from proactive_lsp.agent.answered import answered
from proactive_lsp.agent.opinion import yes_minus_no
from proactive_lsp.agent.predict import KIND, SCHEMA, Prediction, read, task_of
from proactive_lsp.agent.prompt import (
    LEAST_STORY,
    RESERVED_TOKENS,
    opinion,
    prediction,
    refinement,
    room,
)
from proactive_lsp.agent.settings import AgentSettings
from proactive_lsp.agent.story import Story
from proactive_lsp.llm import Model, PromptTooLong, Reply, Request
from proactive_lsp.redaction import redact, redact_path
from proactive_lsp.reward.model import logit, sigmoid
from proactive_lsp.reward.opinion import combined
from proactive_lsp.reward.standing import OFFERED_ALREADY
from proactive_lsp.sentences import quoted
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Judgement, Need, Silence, SilenceKind, Suggestion, Task

log = logging.getLogger(__name__)

Judge = Callable[[Task], Judgement]
_Key = TypeVar("_Key")

# The filter is unsure where its odds are at most so many times too small: the model's word then
# may change the verdict.
UNSURE = 4.0
MODEL_SAYS = "model-says"
# Answers and needs, kept so that the same one is not asked about again.
MOST_REMEMBERED = 50
# Characters of an answer that may go back to the model.
MOST_DRAFT = 2_400

# What a model can do something about. The others are about the moment, or about itself.
_REASONS: Mapping[SilenceKind, str] = {
    "below-threshold": "the developer would hardly want that now",
    "duplicate": "that was proposed before and left alone",
    "dismissed": "the developer said no to that before",
    "would-undo": "that would take back what was just done",
    "refused-place": "path and quoted_line must be a file and one whole line of it above",
}


class Asking:
    """One model and what it was told so far in this stretch of work."""

    def __init__(self, model: Model, settings: AgentSettings) -> None:
        self.model = model
        self._settings = settings
        self._kept_for = _seconds(settings.keep_alive)
        self._room = room(settings.num_ctx)
        self._story = Story(max(self._room, LEAST_STORY))
        # When the server computed something of the story last, None while it has nothing of it.
        self._asked: float | None = None
        self._refused: dict[tuple[str, str], None] = {}
        # Needs that the model was asked about: it would say the same again.
        self._heard: dict[str, None] = {}
        self._unmeasured: str | None = None

    def look(self, situation: Situation) -> None:
        """Take note of a moment, whether or not the model is asked at it."""
        if self._asked is not None and situation.now - self._asked > self._kept_for:
            # The server has let go of the model and of all it had computed.
            self._asked = None
            self._story.shorten()
        try:
            self._story.look(situation)
        except Exception:
            log.exception("the story of this moment failed; rules carry on")

    async def predict(
        self,
        situation: Situation,
        judged: Sequence[Judgement],
        judge: Judge,
        cards: Sequence[Suggestion] = (),
    ) -> Judgement | Silence:
        """The filter's last word on what the model proposes, or why there is no proposal.

        `judged` is what the rules noticed at this moment, `cards` are before the user. Every error
        of the model becomes a `Silence`; only cancellation passes through.
        """
        needs = [each.task.need for each in judged]
        offered = {task.need.id for card in cards for task in card.tasks}

        def verdict_on(task: Task) -> Judgement:
            fresh = judge(task)
            again = fresh.accepted and task.need.id in offered
            return replace(fresh, silence=OFFERED_ALREADY) if again else fresh

        if self._room < LEAST_STORY:
            least = f"num_ctx of {self._settings.num_ctx} has no room for a story"
            return Silence("model-unavailable", f"{least}; set agent.num_ctx to 4096 or more")
        near = max(filter(self._is_near, judged), key=_short_of, default=None)
        if near is not None:
            # One call instead of a prediction, as what is at hand was seen by a rule.
            return await self._ask_opinion(situation, needs, near)
        request = prediction(self._story, situation, needs, schema=SCHEMA, about=KIND)
        verdict, draft = await self._draft(request, situation, verdict_on)
        if isinstance(verdict, Judgement) and self._is_near(verdict):
            return await self._ask_opinion(situation, needs, verdict)
        reason = _reason(verdict)
        if draft is None or reason is None:
            return verdict
        if draft.key in self._refused:
            # The same answer for ever: it was told why once.
            return verdict
        if not self._settings.refine or len(draft.text) > MOST_DRAFT:
            self._refuse(draft, reason)
            return verdict
        asked = refinement(request, draft.text, reason)
        second, other = await self._draft(asked, situation, verdict_on)
        self._refuse(draft, reason)
        if other is not None and (again := _reason(second)):
            self._refuse(other, again)
        if isinstance(second, Silence):
            return second
        why = f"{second.task.why} (another answer came first: {reason})"
        return replace(second, task=replace(second.task, why=why))

    # Inside.

    async def _draft(
        self, request: Request, situation: Situation, judge: Judge
    ) -> tuple[Judgement | Silence, "_Draft | None"]:
        """What the filter says to an answer, and the answer where it has the form asked for."""
        reply = await self._complete(request, situation)
        if isinstance(reply, Silence):
            return reply, None
        found = read(reply.text)
        if found is None:
            said = f"{self.model.name} did not answer in the form asked for"
            return Silence("model-unavailable", said), None
        task = task_of(found, situation, self.model.name)
        draft = _Draft(reply.text, found)
        return (task if isinstance(task, Silence) else judge(task)), draft

    async def _ask_opinion(
        self, situation: Situation, needs: Sequence[Need], judged: Judgement
    ) -> Judgement | Silence:
        """The judgement with the model's yes or no in it; a silence where that counts nothing."""
        reply = await self._complete(opinion(self._story, situation, needs, judged.task), situation)
        if isinstance(reply, Silence):
            return reply
        _remember(self._heard, judged.task.need.id)
        said = yes_minus_no(reply.logprobs)
        if said is None:
            return Silence("model-unavailable", f"{self.model.name} says neither yes nor no")
        odds = logit(judged.p)
        both = combined(self.model.name, odds, said)
        if both is None:
            # Nothing it may say will count, so it is not asked again.
            self._unmeasured = self.model.name
            text = f"nobody measured what a yes of {self.model.name} is worth"
            return Silence("model-unavailable", text)
        return _moved(judged, both - odds)

    async def _complete(self, request: Request, situation: Situation) -> Reply | Silence:
        self._asked = situation.now
        try:
            reply = await answered(self.model, request)
        except PromptTooLong as error:
            # It reads less at once than the settings say, or than is counted on for its tokens.
            self._story.narrow(LEAST_STORY)
            return Silence("model-unavailable", str(error))
        told = reply.prompt_tokens if isinstance(reply, Reply) else None
        if told is not None and told > self._settings.num_ctx - RESERVED_TOKENS:
            # Text of more tokens than most; a server cuts the beginning off and says nothing.
            self._story.shorten()
        return reply

    def _is_near(self, judged: Judgement) -> bool:
        """Whether the model's word is wanted: the filter keeps it back, but is not sure."""
        return (
            self._settings.judge
            and judged.silence is not None
            and judged.silence.kind == "below-threshold"
            and _short_of(judged) >= -math.log(UNSURE)
            and self.model.name != self._unmeasured
            and judged.task.need.id not in self._heard
        )

    def _refuse(self, draft: "_Draft", reason: str) -> None:
        """Remember an answer and tell it, so that it comes no more."""
        if draft.key in self._refused:
            return
        _remember(self._refused, draft.key)
        title, path = quoted(redact(draft.said.task)), quoted(redact_path(draft.said.path))
        self._story.add(f"You named the task {title} in {path}. It was refused: {reason}.")


class _Draft(Struct, frozen=True):
    """An answer as it came, and what it says."""

    text: str
    said: Prediction

    @property
    def key(self) -> tuple[str, str]:
        """The same for another wording of the same task."""
        return (self.said.path, self.said.quoted_line.strip())


def _remember(kept: dict[_Key, None], key: _Key) -> None:
    kept[key] = None
    while len(kept) > MOST_REMEMBERED:
        del kept[next(iter(kept))]


def _reason(verdict: Judgement | Silence) -> str | None:
    """Why something was refused, where the model can do something about it."""
    silence = verdict.silence if isinstance(verdict, Judgement) else verdict
    return _REASONS.get(silence.kind) if silence is not None else None


def _short_of(judged: Judgement) -> float:
    """How far the log odds are above their threshold; negative below it."""
    return logit(judged.p) - logit(judged.threshold)


def _moved(judged: Judgement, push: float) -> Judgement:
    """The judgement with one term more, which may change the verdict."""
    p = sigmoid(logit(judged.p) + push)
    text = f"probability {p:.2f} is below {judged.threshold:.2f}, with the word of the model"
    return replace(
        judged,
        p=p,
        silence=None if p >= judged.threshold else Silence("below-threshold", text),
        pushes=(*judged.pushes, (MODEL_SAYS, push)),
        odds=tuple(sigmoid(logit(each) + push) for each in judged.odds),
    )


def _seconds(span: str) -> float:
    """A span as Ollama reads it, "5m" or "1h30m" or a number of seconds; below 0 is for ever."""
    parts = re.findall(r"(\d+(?:\.\d+)?)(ms|h|m|s|$)", span)
    if not parts or span.startswith("-"):
        return math.inf
    return sum(float(number) * _UNITS[unit] for number, unit in parts)


_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001, "": 1.0}
