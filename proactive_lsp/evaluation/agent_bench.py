"""Run the agent protocol of arXiv 2410.12361 over stored answers: at each event a task or nothing.

The paper's own figures come from a judge, a model that is not at hand; here an answer is held
against the labels that the data has. Both say whether help was wanted at that moment, and neither
says whether it was this help. Each answer counts twice: as it stands, and filtered by the relevance
of its words, fitted without the session at hand.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, get_args

import msgspec
from msgspec import Struct

from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.evaluation.proactivebench import (
    FIELDS,
    Observation,
    Proposal,
    Rewards,
    Session,
)
from proactive_lsp.evaluation.relevance_fit import examples, fit_relevance
from proactive_lsp.evaluation.scores import share
from proactive_lsp.reward.relevance import Weights, probability

Label = Literal["help_needed", "task_status"]
LABELS: tuple[Label, ...] = get_args(Label)


class Figures(Struct, frozen=True):
    """Shares in [0, 1] rounded to 4 digits, None where there is nothing to divide by.

    - precision: proposals at a moment with the label / all proposals
    - recall: moments with the label at which something was proposed / all such moments
    - f1: of the two; accuracy: right moments, with and without a proposal / all
    - false_alarm: proposals at a moment without the label / all proposals
    - quiet_rate: moments without the label and without a proposal / all without the label
    """

    events: int
    wanted: int
    proposals: int
    precision: float | None
    recall: float | None
    f1: float | None
    false_alarm: float | None
    quiet_rate: float | None
    accuracy: float | None


# By label, by field ("all", "coding", "writing").
Table = Mapping[Label, Mapping[str, Figures]]


class Agent(Struct, frozen=True):
    """One model: its answers as they stand and filtered; `left_out` are requests that failed."""

    plain: Table
    filtered: Table
    left_out: int


class Coverage(Struct, frozen=True):
    """How far the labels reach.

    `answered` are the events that models answered, which are those of the sessions but for a few;
    `same_wording` those whose whole history reads as in the judged proposals, since the events
    were put in other words before the models saw them; `help_needed` and `task_status` those with
    the label, found by session and time; `agree` those at which both labels say the same.
    """

    sessions: int
    events: int
    answered: int
    same_wording: int
    help_needed: int
    task_status: int
    agree: int


class Report(Struct, frozen=True):
    """What `bench agent --json` gives; `baselines` propose at every event, or at none."""

    coverage: Coverage
    agents: dict[str, Agent]
    baselines: dict[str, Table]


class Moment(Struct, frozen=True):
    """One answered event: what happened up to it in the words the models saw, and its labels."""

    session: str
    field: str
    events: tuple[str, ...]
    labels: Mapping[Label, bool]
    same_wording: bool


# Whether something was proposed at a moment; None when the answer is left out.
Decision = bool | None


def measure(
    rewards: Rewards,
    sessions: Sequence[Session],
    traces: Mapping[str, Mapping[str, Sequence[Proposal]]],
    folder: Path,
    advance: Callable[[], None] = lambda: None,
) -> Report:
    """Score every trace; `advance` is called for each session that a filter was fitted without."""
    needed = {row.obs: row.help_needed for row in (*rewards.train, *rewards.test)}
    moments: list[Moment] = []
    filters: dict[str, Weights] = {}
    given = examples((*rewards.train, *rewards.test))
    for session in sessions:
        moments += _moments(session, _one_wording(traces, session.name, folder), needed, folder)
        own = session.steps[0].observation
        filters[session.name] = fit_relevance([e for e in given if e.session != own]).weights
        advance()
    agents: dict[str, Agent] = {}
    for model, answers in traces.items():
        proposals = [each for session in sessions for each in answers[session.name]]
        plain = [None if each.failed else each.task is not None for each in proposals]
        passed = [
            decision and _passes(each.task or "", moment, filters[moment.session])
            for decision, each, moment in zip(plain, proposals, moments, strict=True)
        ]
        agents[model] = Agent(
            _table(moments, plain), _table(moments, passed), sum(each.failed for each in proposals)
        )
    return Report(
        coverage=_coverage(sessions, moments),
        agents=agents,
        baselines={
            "always": _table(moments, [True] * len(moments)),
            "never": _table(moments, [False] * len(moments)),
        },
    )


def encode(report: Report) -> bytes:
    """The report as JSON for a file."""
    return msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n"


def _one_wording(
    traces: Mapping[str, Mapping[str, Sequence[Proposal]]], session: str, folder: Path
) -> Sequence[Observation]:
    """The events of a session as all models saw them."""
    first, *others = traces
    seen = [each.observation for each in traces[first][session]]
    for model in others:
        if [each.observation for each in traces[model][session]] != seen:
            raise EvaluationError(
                f"{folder / 'traces' / model / session}.json: other events than in {first}'s; "
                "all models must have seen the same"
            )
    return seen


def _moments(
    session: Session,
    seen: Sequence[Observation],
    needed: Mapping[tuple[Observation, ...], bool],
    folder: Path,
) -> Iterable[Moment]:
    """Each answered event with the labels of the same event of the session."""
    history = tuple(step.observation for step in session.steps)
    for number, (at, position) in enumerate(zip(seen, _positions(session, seen), strict=True)):
        if position is None:
            raise EvaluationError(
                f"{folder / 'traces'}: event {number + 1} of {session.name} is at {at.time}, "
                "when nothing happens in events/; are both of the same release?"
            )
        labels: dict[Label, bool] = {"task_status": session.steps[position].task_status}
        known = needed.get(history[: position + 1])
        if known is not None:
            labels["help_needed"] = known
        yield Moment(
            session.name,
            session.field,
            tuple(each.event for each in seen[: number + 1]),
            labels,
            tuple(seen[: number + 1]) == history[: position + 1],
        )


def _positions(session: Session, seen: Sequence[Observation]) -> Iterable[int | None]:
    """Where each seen event stands in the session: the same time, in order.

    Of several at one time the last of those seen is the last of the session, since what models
    did not see was cut off the beginning of a session.
    """
    times = [step.observation.time for step in session.steps]
    found: list[int | None] = []
    end = len(times)
    for at in reversed(seen):
        here = next((n for n in reversed(range(end)) if times[n] == at.time), None)
        found.append(here)
        end = end if here is None else here
    return reversed(found)


def _passes(task: str, moment: Moment, weights: Weights) -> bool:
    p = probability(task, moment.events, weights)
    return p is None or p >= weights.threshold


def _table(moments: Sequence[Moment], decisions: Sequence[Decision]) -> Table:
    return {
        label: {
            field: _figures(
                [
                    (decision, moment.labels[label])
                    for moment, decision in zip(moments, decisions, strict=True)
                    if decision is not None
                    and label in moment.labels
                    and field in ("all", moment.field)
                ]
            )
            for field in ("all", *FIELDS)
        }
        for label in LABELS
    }


def _figures(pairs: Sequence[tuple[bool, bool]]) -> Figures:
    proposals = sum(proposed for proposed, _ in pairs)
    wanted = sum(label for _, label in pairs)
    hits = sum(proposed and label for proposed, label in pairs)
    calm = len(pairs) - wanted
    return Figures(
        events=len(pairs),
        wanted=wanted,
        proposals=proposals,
        precision=share(hits, proposals),
        recall=share(hits, wanted),
        f1=share(2 * hits, proposals + wanted),
        false_alarm=share(proposals - hits, proposals),
        quiet_rate=share(calm - (proposals - hits), calm),
        accuracy=share(sum(proposed == label for proposed, label in pairs), len(pairs)),
    )


def _coverage(sessions: Sequence[Session], moments: Sequence[Moment]) -> Coverage:
    both = [each.labels for each in moments if len(each.labels) == len(LABELS)]
    return Coverage(
        sessions=len(sessions),
        events=sum(len(session.steps) for session in sessions),
        answered=len(moments),
        same_wording=sum(each.same_wording for each in moments),
        help_needed=sum("help_needed" in each.labels for each in moments),
        task_status=sum("task_status" in each.labels for each in moments),
        agree=sum(labels["help_needed"] == labels["task_status"] for labels in both),
    )
