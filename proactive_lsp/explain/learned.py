"""List what this user's answers changed, per kind of need, boundary and folder."""

from collections.abc import Mapping

from msgspec import Struct, structs

from proactive_lsp.explain.evidence import DIGITS, LogOdds
from proactive_lsp.memory import Memory
from proactive_lsp.reward.learning import shift

# What moved most is listed; the rest of a long life moved next to nothing.
MOST_ROWS = 100
EVEN = 0.5


class LearnedRow(Struct, frozen=True):
    """The answers for one kind of need, woken by `trigger`, in the folder `prefix`.

    `answers` counts each answer that was given, `shift` is what all of them add to the log odds.
    """

    kind: str
    trigger: str
    prefix: str
    answers: Mapping[str, LogOdds]
    shift: LogOdds


def learned_rows(memory: Memory) -> tuple[LearnedRow, ...]:
    """One row per key that was answered, the largest shift first; none when nothing was.

    How far answers shift depends on what is likely without them: here, on even chances.
    """
    rows = [
        LearnedRow(
            kind,
            trigger,
            prefix,
            {op: count for op, count in structs.asdict(counts).items() if count},
            round(shift(counts, EVEN), DIGITS),
        )
        for (kind, trigger, prefix), counts in memory.learned().items()
    ]
    rows.sort(key=lambda row: (-abs(row.shift), row.kind, row.trigger, row.prefix))
    return tuple(row for row in rows if row.answers)[:MOST_ROWS]
