"""Judge one task as this user would: a probability, a threshold, and a reason for silence."""

from collections.abc import Collection, Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct, structs

from proactive_lsp.reward.features import features
from proactive_lsp.reward.learning import PUSH, learned
from proactive_lsp.reward.model import Scorer, is_fitted, logit, problem, sigmoid, weights
from proactive_lsp.reward.pace import Pace
from proactive_lsp.reward.place_features import NO_AGREEMENT, Agreement, place_features
from proactive_lsp.reward.predicted import model_features
from proactive_lsp.reward.refused import refusal
from proactive_lsp.reward.relevance import push
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Judgement, Place, Pushes, Silence, Task, narrowed

Eagerness = Literal["low", "medium", "high"]
EAGERNESS: tuple[Eagerness, ...] = ("low", "medium", "high")

# Showing pays when p * gain > (1 - p) * cost, that is p > cost / (cost + gain). So many times what
# a wanted card gains does an unwanted one cost, interruption and doubt included.
COST: Mapping[Eagerness, float] = {"low": 10.0, "medium": 5.0, "high": 2.0}
# The cost of some kinds differs, by so many times. Those that are often likely cost more, each of
# their cards adding to the others; one that hardly ever is costs less, and so does a signature that
# does not fit its twin, which is worse to leave, and the name of a file that usually goes along,
# which takes a glance and marks no line. A prediction comes where no rule had anything to say.
PARTS: Mapping[str, float] = {
    "repeated-edit": 1.6,
    "vanished-name": 1.6,
    "message-copy": 0.8,
    "predicted": 0.3,
    "neighbour-insert": 0.5,
    "twin-signature": 0.5,
    "tests-along": 0.4,
    "together": 0.4,
}
# A kind too rare to have been trained on costs less, as it seldom comes; less so one of which
# hardly a place was right where it was seen.
RARE, DOUBTFUL = 0.3, 0.45
FEW_RIGHT = 0.2
# A place is listed on a card from this share of its threshold on: the card is there already. Below
# the threshold its edit wants to be confirmed.
PLACE_SHARE = 0.5
# So many tasks are judged at one moment, in the order of the detectors; more is a flood.
MOST_TASKS = 200
# Kinds of need that a merge or rebase in progress wakes; while it is, nothing else speaks.
DURING_OPERATIONS = frozenset({"merge-conflict"})


DISMISSED = Silence("dismissed", "you said no to this suggestion")


class RewardSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How eager, how often."""

    eagerness: Eagerness = "medium"
    """low, medium or high: from which probability on a card is shown."""
    cards_per_hour: Annotated[int, Meta(ge=0)] = 12
    """No more cards than this in any hour."""
    cooldown_seconds: Annotated[float, Meta(ge=0)] = 30.0
    """Rest after a dismissal; it doubles with each further one in a row."""
    filter: bool = True
    """Whether to judge at all; only a replay turns this off, to see what would be said."""


def judge(
    task: Task,
    situation: Situation,
    *,
    pace: Pace,
    operation: str | None,
    settings: RewardSettings,
    ignored: Collection[str] = (),
    agreement: Agreement = NO_AGREEMENT,
) -> Judgement:
    """The verdict on one task; `operation` names a merge or rebase in progress.

    `ignored` are the needs that were before the user already in this session and left alone;
    `agreement` tells which other kinds of need point at the same lines. The task is as likely
    wanted as its likeliest place; places that are unlikely themselves are left out of it.
    """
    kind = task.need.kind
    said_no = situation.memory.dismissed()
    places = tuple(one for one in task.places if refusal(one, situation.lines) not in said_no)
    refused = len(places) < len(task.places)
    if places:
        # What is left of it; with nothing left it is said no to as a whole, below.
        need = narrowed(task.need, places)
        title = need.title if task.title == task.need.title else task.title
        task = structs.replace(task, need=need, title=title)
    if task.by_model:
        common, lie = model_features(task, situation, agreement)
    else:
        common, lie = features(task, situation), place_features(task, situation, agreement)
    # What the words of a model's task say, which no weights of a kind know.
    text = push(common) if task.by_model else 0.0
    scorer = Scorer(kind, common)
    lie = lie or ({},)
    odds = [sigmoid(scorer.log_odds(own) + text) for own in lie]
    p = max(odds)
    likeliest = lie[odds.index(p)]
    odds = odds[: len(task.places)]
    answers = learned(situation.memory, kind, situation.boundary.kind, task.need.path, p)
    more = tuple(each for each in (("relevance-text", text), (PUSH, answers.shift)) if each[1])
    if answers.shift:
        p = sigmoid(logit(p) + answers.shift)
        odds = [sigmoid(logit(each) + answers.shift) for each in odds]
    threshold = threshold_of(kind, settings.eagerness)
    # Likeliest first; places that are equally likely stay in their order.
    ranked = sorted(zip(odds, task.places, strict=True), key=lambda each: -each[0])
    silence = None
    if settings.filter:
        least = threshold * PLACE_SHARE
        ranked = [
            (of, place if of >= threshold else _to_confirm(place))
            for number, (of, place) in enumerate(ranked)
            if not number or of >= least
        ]
        silence = (
            (DISMISSED if refused and not places else None)
            or _unwanted(task, situation, ignored)
            or _unlikely(p, threshold)
            or untimely(situation.now, pace, _hindering(operation, kind), settings)
        )
    need = narrowed(task.need, tuple(place for _, place in ranked))
    title = need.title if task.title == task.need.title else task.title
    return Judgement(
        task=structs.replace(task, need=need, title=title),
        p=p,
        threshold=threshold,
        silence=silence,
        pushes=Pushes(lambda: (*scorer.pushes(likeliest), *more)),
        odds=tuple(each for each, _ in ranked),
        learned=answers.shift,
    )


def _to_confirm(place: Place) -> Place:
    """A place that would not be shown by itself: its edit wants the user's tick."""
    if place.after is None or not place.certain:
        return place
    return structs.replace(place, certain=False, note=place.note or "less likely")


def too_many(task: Task) -> Judgement:
    """The verdict on a task of a flood: nobody has looked at it."""
    silence = Silence("budget-spent", f"more than {MOST_TASKS} needs came up at once")
    return Judgement(task, p=0.0, threshold=1.0, silence=silence)


def threshold_of(kind: str, eagerness: Eagerness) -> float:
    """From which probability on showing pays."""
    if is_fitted(kind):
        part = PARTS.get(kind, 1.0)
    elif problem():
        # Without any weights nobody knows which kinds are rare.
        part = 1.0
    else:
        places, right = weights().seen.get(kind, (0, 0))
        part = DOUBTFUL if right < FEW_RIGHT * places else RARE
    cost = part * COST[eagerness]
    return cost / (cost + 1)


def _hindering(operation: str | None, kind: str) -> str | None:
    """The operation in progress, unless it is what the need is about."""
    return None if kind in DURING_OPERATIONS else operation


def _unwanted(task: Task, situation: Situation, ignored: Collection[str]) -> Silence | None:
    """What the user already said no to, by word or by deed."""
    if task.need.id in ignored:
        return Silence("duplicate", "it was offered before, and left alone")
    if not situation.memory.dismissed().isdisjoint((task.need.id, task.need.matter)):
        return DISMISSED
    for kind, prefix in sorted(situation.memory.muted()):
        if kind == task.need.kind and (not prefix or task.need.path.startswith(f"{prefix}/")):
            return Silence("muted", f"{kind} is muted in {prefix or 'this workspace'}")
    if task.places and all(_undoes(place, situation) for place in task.places):
        return Silence("would-undo", "it would take back what was just done")
    return None


def _unlikely(p: float, threshold: float) -> Silence | None:
    if p >= threshold:
        return None
    return Silence("below-threshold", f"probability {p:.2f} is below {threshold:.2f}")


def untimely(
    now: float, pace: Pace, operation: str | None, settings: RewardSettings
) -> Silence | None:
    """Why this is no moment to speak, whatever there is to say; None when it is one."""
    if operation is not None:
        return Silence("operation-in-progress", f"a {operation} is in progress")
    if pace.snoozed_until is not None and now < pace.snoozed_until:
        return Silence("snoozed", f"snoozed for {_span(pace.snoozed_until - now)} more")
    rest = pace.rests_until(settings.cooldown_seconds)
    if rest is not None and now < rest:
        return Silence("too-soon", f"resting after a no, for {_span(rest - now)} more")
    if pace.shown_within_hour(now) >= settings.cards_per_hour:
        return Silence("budget-spent", f"{settings.cards_per_hour} cards were shown this hour")
    return None


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _undoes(place: Place, situation: Situation) -> bool:
    """Whether carrying this out would bring a line back to what it was before the user's edit."""
    if place.after is None:
        return False
    for hunk in situation.hunks:
        offset = place.range.start.line - hunk.after_start
        if hunk.path != place.path or not 0 <= offset < len(hunk.after):
            continue
        line = hunk.after[offset]
        # The place may be a part of the line, so the comparison is made on the whole of it.
        if place.before in line and line.replace(place.before, place.after, 1) in hunk.before:
            return True
    return False
