"""Ask a model yes or no about places of real histories, and fit what its word is worth.

Asked is what the engine would ask: the task nearest to its threshold, at boundaries at which the
filter was unsure. Right is a task whose likeliest place a later hunk of the commit touches. What
the model says and what the filter says are fitted together, by a logistic regression.
"""

import asyncio
from collections.abc import Callable, Sequence
from math import log
from pathlib import Path

import msgspec
from msgspec import Struct

from proactive_lsp import assembly
from proactive_lsp.agent.opinion import yes_minus_no
from proactive_lsp.agent.prompt import opinion, room
from proactive_lsp.agent.settings import AgentSettings
from proactive_lsp.agent.story import Story
from proactive_lsp.asking import UNSURE
from proactive_lsp.clock import VirtualClock
from proactive_lsp.evaluation.asked import Chosen, host_model
from proactive_lsp.evaluation.benchmark import MOST_FILES
from proactive_lsp.evaluation.commits import Commit
from proactive_lsp.evaluation.course import Course
from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.evaluation.labels import judge_spot, spot_of
from proactive_lsp.evaluation.logistic import fit
from proactive_lsp.evaluation.scores import auc
from proactive_lsp.evaluation.sources import Source, chosen, head_of, open_history, sources_of
from proactive_lsp.evaluation.steps import steps_of
from proactive_lsp.llm import Model, ModelError
from proactive_lsp.outcome import Outcome
from proactive_lsp.replay.player import play
from proactive_lsp.reward import RewardSettings
from proactive_lsp.reward.model import logit
from proactive_lsp.reward.opinion import FORMAT, Opinion, Opinions, shipped
from proactive_lsp.scheduling import Scheduler
from proactive_lsp.settings import Settings
from proactive_lsp.suggestions import Judgement
from proactive_lsp.workspace.git_history import History
from proactive_lsp.workspace.tree import GitTree

# Of one commit, so that a long one is no sample of itself.
MOST_OF_A_COMMIT = 3
FEWEST = 20
RIDGE = 3.0
_UNLIMITED = 1_000_000
_DIGITS = 4


class Said(Struct, frozen=True):
    """One answer: the filter's log odds, how much likelier yes was than no, and the truth."""

    repository: str
    commit: str
    odds: float
    said: float
    right: bool


class Measured(Struct, frozen=True):
    """What was heard of one repository, or why there is nothing more: the model's own words."""

    said: tuple[Said, ...]
    problem: str = ""


def opinions_of(
    paths: Sequence[Path],
    model: Chosen,
    *,
    sample: int,
    commits: int,
    date: str,
    advance: Callable[[], None],
) -> Opinions:
    """The shipped file with this model in it; `advance` is called after each of `sample` answers.

    The sample is spread evenly over the repositories. Raises `EvaluationError` when the model
    cannot be asked, or too little was heard.
    """
    sources = [source for path in paths for source in sources_of(path)]
    heard: list[Said] = []
    heads: list[dict[str, str | int]] = []
    problem = ""
    for number, source in enumerate(sources, 1):
        wanted = round(sample * number / len(sources)) - len(heard)
        found = _measured(source, model, wanted=wanted, most=commits, advance=advance)
        heard += found.said
        problem = problem or found.problem
        history = open_history(source.path)
        heads.append({"name": source.name, "head": head_of(history, source.path)})
        heads[-1]["answers"] = len(found.said)
        history.close()
    if len(heard) < FEWEST or len({each.right for each in heard}) < 2:
        reason = f": {problem}" if problem else "; give more repositories, or a larger --sample"
        raise EvaluationError(f"{model.name} gave {len(heard)} answers, too few to fit{reason}")
    fitted = fitted_to(heard, {"date": date, "repositories": heads, "command": _COMMAND})
    known = {**shipped().models, model.name.removesuffix(":latest"): fitted}
    return Opinions(FORMAT, dict(sorted(known.items())))


_COMMAND = "proactive-lsp bench opinion --model NAME --host URL DIR… --out FILE"


def encode(opinions: Opinions) -> bytes:
    """The readable file that ships."""
    return msgspec.json.format(msgspec.json.encode(opinions), indent=1) + b"\n"


def fitted_to(heard: Sequence[Said], provenance: dict[str, object]) -> Opinion:
    """The numbers of a model; its AUC by leaving each repository out in turn.

    With one repository alone each commit is left out in turn. Where what was left out is told no
    better with the model than by the filter, nothing that it says counts.
    """
    several = len({each.repository for each in heard}) > 1

    def group(each: Said) -> str:
        return each.repository if several else each.commit

    alone: list[tuple[float, bool]] = []
    both: list[tuple[float, bool]] = []
    for held in sorted({group(each) for each in heard}):
        others = [each for each in heard if group(each) != held]
        if len({each.right for each in others}) < 2:
            continue
        found = fit(_rows(others), [each.right for each in others], RIDGE)
        for each in (each for each in heard if group(each) == held):
            alone.append((each.odds, each.right))
            both.append((found.log_odds((each.odds, each.said)), each.right))
    auc_filter, auc_both = _rounded(auc(alone)), _rounded(auc(both))
    bias, odds, said = 0.0, 1.0, 0.0
    if auc_filter is not None and auc_both is not None and auc_both > auc_filter:
        whole = fit(_rows(heard), [each.right for each in heard], RIDGE)
        bias, (odds, said) = whole.bias, whole.weights
    return Opinion(
        bias=round(bias, _DIGITS),
        odds=round(odds, _DIGITS),
        said=round(said, _DIGITS),
        low=round(min(each.said for each in heard), _DIGITS),
        high=round(max(each.said for each in heard), _DIGITS),
        n=len(heard),
        right=round(sum(each.right for each in heard) / len(heard), _DIGITS),
        auc_filter=auc_filter,
        auc_both=auc_both,
        provenance=provenance,
    )


def _rows(heard: Sequence[Said]) -> list[tuple[float, float]]:
    return [(each.odds, each.said) for each in heard]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)


def _measured(
    source: Source, model: Chosen, *, wanted: int, most: int, advance: Callable[[], None]
) -> Measured:
    history = open_history(source.path)
    heard: list[Said] = []
    try:
        for commit in chosen(history, source, most):
            left = wanted - len(heard)
            if left <= 0:
                break
            asking = _lived(history, commit, source.name, model, min(left, MOST_OF_A_COMMIT))
            if asking is None:
                continue
            for each in asking.heard:
                heard.append(each)
                advance()
            if asking.problem:
                return Measured(tuple(heard), asking.problem)
    finally:
        history.close()
    return Measured(tuple(heard))


def _lived(
    history: History, commit: Commit, name: str, chosen: Chosen, most: int
) -> "_Asking | None":
    """What was asked during one commit; None where its tree is missing or too large."""
    tree = history.tree(commit.parent)
    if tree is None or len(tree.paths()) > MOST_FILES:
        return None
    clock = VirtualClock()
    settings = Settings(reward=RewardSettings(cards_per_hour=_UNLIMITED))
    scheduler = assembly.for_replay(
        settings, base=GitTree(tree), clock=clock, past=history.past(commit.parent)
    )
    course = Course(commit, steps_of(commit, "random", 0), None)
    asking = _Asking(scheduler, course, host_model(chosen, clock), name, most)
    try:
        asyncio.run(play(course.events(), asking, clock, _Listening(course)))
    finally:
        scheduler.close()
    return asking


class _Listening:
    """Lets the course know what was typed."""

    def __init__(self, course: Course) -> None:
        self.heard = course.heard

    def decided(self, outcomes: tuple[Outcome, ...], seconds: float) -> None:
        """See `player.Listener`."""


class _Asking:
    """A scheduler after each of whose looks the model may be asked."""

    def __init__(
        self, scheduler: Scheduler, course: Course, model: Model, name: str, most: int
    ) -> None:
        self._scheduler = scheduler
        self._course = course
        self._model = model
        self._repository = name
        self._most = most
        self._story = Story(room(AgentSettings().num_ctx))
        self.heard: list[Said] = []
        self.problem = ""
        self.record, self.next_due, self.close = (
            scheduler.record,
            scheduler.next_due,
            scheduler.close,
        )

    async def run_due(self) -> tuple[Outcome, ...]:
        """What is due, and the model's word on the place that the filter was least sure of."""
        outcomes = await self._scheduler.run_due()
        for outcome in outcomes:
            near = max(filter(is_near, outcome.judgements), key=lambda each: each.p, default=None)
            if self._scheduler.engine.situation is not None:
                self._story.look(self._scheduler.engine.situation)
            if outcome.offered is None and near is not None and not self._is_done(outcome):
                await self._ask(outcome, near)
        return outcomes

    def _is_done(self, outcome: Outcome) -> bool:
        enough = len(self.heard) >= self._most or bool(self.problem)
        return enough or outcome.boundary.kind == "commit"

    async def _ask(self, outcome: Outcome, near: Judgement) -> None:
        situation = self._scheduler.engine.situation
        assert situation is not None, "there was a boundary"
        request = opinion(self._story, situation, outcome.needs, near.task)
        try:
            reply = await self._model.complete(request)
        except ModelError as error:
            self.problem = str(error)
            return
        said = yes_minus_no(reply.logprobs)
        if said is None:
            self.problem = "it says neither yes nor no, or tells no log probabilities"
            return
        spot = spot_of(near.task.places[0])
        right = bool(judge_spot(near.task.need.kind, spot, self._course.later()).hunks)
        commit = self._course.commit.id
        self.heard.append(Said(self._repository, commit, logit(near.p), said, right))


def is_near(judged: Judgement) -> bool:
    """Whether the engine would ask about it: kept back, though the filter is not sure."""
    return (
        bool(judged.task.places)
        and judged.silence is not None
        and judged.silence.kind == "below-threshold"
        and logit(judged.p) - logit(judged.threshold) >= -log(UNSURE)
    )
