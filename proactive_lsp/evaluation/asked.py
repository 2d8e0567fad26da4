"""The model's part of a benchmark run: which model, when it is asked, and what came of that.

The oracle alone is given what is still to come; every other model sees what the engine tells it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from proactive_lsp import assembly
from proactive_lsp.agent.predict import KIND
from proactive_lsp.agent.settings import AgentSettings
from proactive_lsp.agent.write import result
from proactive_lsp.clock import VirtualClock
from proactive_lsp.engine import Engine
from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.evaluation.labels import Pending
from proactive_lsp.evaluation.oracle import Guesser, Oracle
from proactive_lsp.events import Change, span
from proactive_lsp.llm import Heard, Model, ModelPaused, Reply, Request, unheard
from proactive_lsp.outcome import Outcome
from proactive_lsp.scheduling import Scheduler
from proactive_lsp.settings import Settings
from proactive_lsp.suggestions import Plan, Silence, Stale, Suggestion
from proactive_lsp.workspace.documents import apply_changes
from proactive_lsp.workspace.tree import Tree

HOUR = 3600.0
# Seconds for one answer: a benchmark on a busy machine is no user who waits.
PATIENCE = 300.0
ORACLE, RANDOM, NEAR_MISS = "oracle", "random", "near-miss"

Fate = Literal["exact", "other", "stale", "not-written"]


class Chosen(Struct, frozen=True):
    """Which model a run asks: one of the three above, or the name of one at `host`.

    `sampled` has the commits that are lived through, by id, and at which of their steps the model
    is asked; everywhere where it is None.
    """

    name: str
    host: str | None = None
    sampled: Mapping[str, frozenset[int]] | None = None

    @property
    def is_known(self) -> bool:
        """Whether it is one of those whose worth is known, which no host has."""
        return self.name in (ORACLE, RANDOM, NEAR_MISS)

    def asks(self, commit: str, step: int) -> bool:
        """Whether the model is asked after that step of the commit."""
        return self.sampled is None or step in self.sampled.get(commit, ())


class Answered(Struct, frozen=True):
    """What asking the model came to at one boundary.

    `came` is "shown", or the kind of the silence. Of a card that is right, `written` is what became
    of the edit: byte by byte what the developer wrote there, or something `other`.
    """

    came: str
    written: Fate | None = None


class Requests(Struct, frozen=True):
    """What a model was sent: how often for each purpose, the most in any hour, its tokens."""

    purposes: Mapping[str, int] = {}
    most_an_hour: int = 0
    prompt_tokens: int = 0
    answer_tokens: int = 0


class Counted:
    """A model that is asked at some moments only, and keeps count; `now` gives seconds.

    `model` is set once the engine is there whose files it may read.
    """

    model: Model

    def __init__(self, name: str, due: Callable[[], bool], now: Callable[[], float]) -> None:
        self.name = name
        self._due = due
        self._now = now
        self._times: list[float] = []
        self._purposes: dict[str, int] = {}
        self._tokens = (0, 0)

    async def complete(self, request: Request, *, heard: Heard = unheard) -> Reply:
        """The model's answer."""
        if not self._due():
            raise ModelPaused("this moment is not among those that were sampled")
        self._times.append(self._now())
        self._purposes[request.purpose] = self._purposes.get(request.purpose, 0) + 1
        reply = await self.model.complete(request, heard=heard)
        prompt, answer = self._tokens
        self._tokens = prompt + (reply.prompt_tokens or 0), answer + (reply.answer_tokens or 0)
        return reply

    def requests(self) -> Requests:
        """What was asked so far."""
        times = self._times
        most = max((sum(t - HOUR < at <= t for at in times) for t in times), default=0)
        return Requests(dict(sorted(self._purposes.items())), most, *self._tokens)


def check(chosen: Chosen) -> None:
    """Refuse a model that cannot be asked; raises `EvaluationError`. Makes no connection."""
    if chosen.is_known:
        if chosen.host is not None:
            raise EvaluationError(f"{chosen.name} is no model with a host; leave --host out")
        return
    problem = assembly.model_problem(Settings(agent=_settings(chosen)), {})
    if problem is not None:
        raise EvaluationError(problem)


def _settings(chosen: Chosen) -> AgentSettings:
    return AgentSettings(model=chosen.name, host=chosen.host, timeout=PATIENCE)


def model_of(
    chosen: Chosen,
    *,
    seed: str,
    tree: Tree,
    clock: VirtualClock,
    edited: Callable[[], Sequence[str]],
    future: Callable[[], Sequence[Pending]],
) -> Model:
    """The model to ask; `edited` are the paths so far, `future` the hunks still to come."""
    if chosen.name == ORACLE:
        return Oracle(future, tree)
    if chosen.name == RANDOM:
        return Guesser(RANDOM, seed, tree, lambda: sorted(tree.paths()))
    if chosen.name == NEAR_MISS:
        return Guesser(NEAR_MISS, seed, tree, lambda: edited()[-1:])
    return host_model(chosen, clock)


def host_model(chosen: Chosen, clock: VirtualClock) -> Model:
    """The model of that name at its host; raises `EvaluationError` where it cannot be had."""
    model = assembly.ollama_model(_settings(chosen), clock)
    if model is None:
        raise EvaluationError(f"{chosen.name}: the model is off")
    return model


class Writing:
    """A scheduler of which each card that the model proposes is also written, at once."""

    def __init__(self, scheduler: Scheduler, wanted: Callable[[Suggestion], bool]) -> None:
        self._scheduler = scheduler
        self._wanted = wanted
        self.written: dict[str, Plan | Stale | Silence] = {}
        self.record, self.next_due, self.close = (
            scheduler.record,
            scheduler.next_due,
            scheduler.close,
        )

    async def run_due(self) -> tuple[Outcome, ...]:
        """What is due, and the edits of what was proposed."""
        outcomes = await self._scheduler.run_due()
        engine = self._scheduler.engine
        for card in (outcome.offered for outcome in outcomes):
            if card is not None and card.need == KIND and self._wanted(card):
                self.written[card.id] = await engine.write(card.id)
        return outcomes


def came_of(outcome: Outcome) -> str:
    """What a prediction came to, in one word."""
    if outcome.offered is not None:
        return "shown"
    silence = outcome.silence or next((each.silence for each in outcome.judgements), None)
    return silence.kind if silence is not None else "nothing-left"


def fate_of(written: Plan | Stale | Silence, later: Sequence[Pending], engine: Engine) -> Fate:
    """Whether what was written is what one of these hunks makes of its file, and nothing else."""
    if isinstance(written, Silence):
        return "not-written"
    if isinstance(written, Stale):
        return "stale"
    tree = engine.work.tree
    for hunk in later:
        text = tree.read(hunk.path)
        if text is None or [file.path for file in written.files] != [hunk.path]:
            continue
        start, end = hunk.first, hunk.first + len(hunk.hunk.before)
        true = apply_changes(text, [Change(span(start, 0, end, 0), hunk.hunk.text)])
        if result(text, written.files[0].edits) == true:
            return "exact"
    return "other"
