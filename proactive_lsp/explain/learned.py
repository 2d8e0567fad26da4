"""List what this user's answers changed, per kind of need, boundary and folder."""

from collections.abc import Mapping

from msgspec import Struct, structs

from proactive_lsp.explain.evidence import DIGITS, LogOdds
from proactive_lsp.memory import Memory
from proactive_lsp.reward import learning

# What moved most is listed; the rest of a long life moved next to nothing.
MOST_ROWS = 100


class LearnedRow(Struct, frozen=True):
    """The answers for one kind of need, woken by `trigger`, in the folder `prefix`.

    `answers` counts each answer that was given, `shift` is what they and the kind's other rows add
    to the log odds there.
    """

    kind: str
    trigger: str
    prefix: str
    answers: Mapping[str, LogOdds]
    shift: LogOdds


def learned_rows(memory: Memory) -> tuple[LearnedRow, ...]:
    """One row per key that was answered, the largest shift first; none when nothing was."""
    rows = [
        LearnedRow(
            row.kind,
            row.trigger,
            row.prefix,
            {op: count for op, count in structs.asdict(row.counts).items() if count},
            round(row.shift, DIGITS),
        )
        for row in learning.learned_rows(memory)
    ]
    rows.sort(key=lambda row: (-abs(row.shift), row.kind, row.trigger, row.prefix))
    return tuple(row for row in rows if row.answers)[:MOST_ROWS]
