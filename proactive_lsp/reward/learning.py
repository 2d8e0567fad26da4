"""What this user's answers add to the log odds, per kind, boundary and folder.

The log odds are moved from the widest to the nearest: by the answers to the kind at other moments,
at moments like this in other folders, then down the folders of the path. Every answer counts at the
nearest of these that it belongs to. Each step is shrunk to none, so that the shipped probability
holds while answers are scarce: it is the likeliest one if users differ from it, and folders from
each other, by a normal distribution of so many log odds (a mixed logistic model with fixed
variances).
"""

from collections.abc import Mapping, Sequence
from posixpath import dirname

from msgspec import Struct

from proactive_lsp.memory import Counts, Lesson, Memory, Tally, Where
from proactive_lsp.reward.model import logit, prior, sigmoid
from proactive_lsp.suggestions import Judgement, Suggestion

# The variance of the nearest step in squared log odds, and that of the wider ones.
NEAR, WIDE = 1.5, 1.2
# However many answers there are, they never outweigh this many log odds either way.
MOST_SHIFT = 10.0
# What is done by hand speaks against noes; of itself it lifts by so much at most: only those that
# were done are seen, not the many that rightly were not.
MOST_LIFT = 0.4
# A step is found by halving where it may lie, to a millionth of a log odd and better.
HALVINGS = 26
# Deeper folders are not told apart.
MOST_FOLDERS = 8
# What answers add is called so among the pushes of a judgement.
PUSH = "your-answers"


class Level(Struct, frozen=True):
    """What was answered at one distance, and how far it moves the log odds.

    `trigger` is None for the kind at other moments; `folder` is the workspace where empty. What
    was answered in the folder below it on the way is not in it.
    """

    trigger: str | None
    folder: str
    weights: Tally
    shift: float


class Learned(Struct, frozen=True):
    """What the answers add to the log odds, and the levels that say why, the widest first."""

    shift: float = 0.0
    levels: tuple[Level, ...] = ()


class LearnedRow(Struct, frozen=True):
    """What was learned of a kind at one boundary in one folder.

    `counts` are all answers ever, `weights` what they weigh by now; `shift` is what they and the
    kind's other rows add to the log odds of a task there that is as likely as its kind.
    """

    kind: str
    trigger: str
    prefix: str
    counts: Counts
    weights: Tally
    shift: float


def learned(memory: Memory, kind: str, trigger: str, path: str, p: float) -> Learned:
    """How far the answers move the log odds away from those of `p`; 0 without answers."""
    rows = memory.weights(kind)
    if not rows:
        return Learned()
    folders = _folders(memory.folder(prefix_of(path)))
    parts = _by_level(rows, trigger, folders)
    levels: list[Level] = []
    asked = moved = logit(p)
    for number, part in enumerate(parts):
        variance = NEAR if number == len(folders) else WIDE
        step = _step(part.accepted + part.by_hand, part.no, moved, variance)
        asked += _step(part.accepted, part.no, asked, variance)
        moved += step
        woken, folder = (trigger, folders[number - 1]) if number else (None, "")
        levels.append(Level(woken, folder, part, step))
    shift = max(asked, min(moved, logit(p) + MOST_LIFT)) - logit(p)
    return Learned(max(-MOST_SHIFT, min(MOST_SHIFT, shift)), tuple(levels))


def learned_rows(memory: Memory) -> Sequence[LearnedRow]:
    """Everything that was learned, by kind, boundary and folder."""
    rows: list[LearnedRow] = []
    for kind in memory.learned_kinds():
        for (trigger, prefix), weights in memory.weights(kind).items():
            shift = learned(memory, kind, trigger, f"{prefix}/", sigmoid(prior(kind))).shift
            counts = memory.counts(kind, trigger, prefix)
            rows.append(LearnedRow(kind, trigger, prefix, counts, weights, shift))
    return rows


def forget(memory: Memory, kind: str | None = None) -> str:
    """Forget what was learned of a kind, or of all; one line that says what that was."""
    kinds = memory.forget_learned(kind)
    memory.flush()
    if kinds:
        return f"Forgot what was learned of {', '.join(kinds)}; the shipped weights hold again."
    return f"Nothing was learned of {kind}." if kind else "Nothing was learned."


def prefix_of(path: str) -> str:
    """The folder that answers are counted by; the workspace itself is the empty one."""
    return dirname(path)


def learn(memory: Memory, suggestion: Suggestion, lesson: Lesson) -> None:
    """Count an answer for each kind of task on the card."""
    for kind in sorted({task.need.kind for task in suggestion.tasks}):
        memory.learn(kind, suggestion.trigger, prefix_of(suggestion.path), lesson)


def held_back(judgement: Judgement) -> bool:
    """Whether the task would be likely enough but for the answers."""
    push, silence = judgement.learned, judgement.silence
    if silence is None or silence.kind != "below-threshold" or push >= 0:
        return False
    return sigmoid(logit(judgement.p) - push) >= judgement.threshold


def _step(yes: float, no: float, odds: float, variance: float) -> float:
    """The likeliest step away from these log odds: where what pulls it and what holds it meet."""
    if not yes and not no:
        return 0.0
    low, high = -variance * no, variance * yes
    for _ in range(HALVINGS):
        step = (low + high) / 2
        p = sigmoid(odds + step)
        if yes * (1 - p) - no * p > step / variance:
            low = step
        else:
            high = step
    return (low + high) / 2


def _folders(prefix: str) -> tuple[str, ...]:
    """The folders on the way down to this one, which is the last; the workspace is the first."""
    names = prefix.split("/")[:MOST_FOLDERS] if prefix else []
    return ("", *("/".join(names[: number + 1]) for number in range(len(names))))


def _by_level(rows: Mapping[Where, Tally], trigger: str, folders: Sequence[str]) -> Sequence[Tally]:
    """What was answered at other moments, then what was at this one, by the nearest folder."""
    parts = [Tally()] * (1 + len(folders))
    for (woken, prefix), tally in rows.items():
        level = 0
        if woken == trigger:
            level = sum(not each or f"{prefix}/".startswith(f"{each}/") for each in folders)
        parts[level] = parts[level].plus(tally)
    return parts
