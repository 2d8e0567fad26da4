"""What came of labelled sessions, a line for each: a table to commit, whose diff is the review.

Nothing in it depends on the machine, so a line changes only where what is said or kept back does.
"""

import csv
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from io import StringIO

from msgspec import UNSET, Struct

from proactive_lsp.replay.run import Replayed
from proactive_lsp.replay.session import Expect, LabelLine, Quiet


class ResultRow(Struct, frozen=True):
    """One session.

    `label` is what it must do: `speak`, `quiet`, `speak+quiet`, or nothing without labels. `needs`
    are the kinds it wants, `languages` those of the files that were worked on. Of `wanted` labels
    `kept` were kept; `misses` is what went wrong, `alarms` are cards that no label wants.
    `first_…` tell of the first card when it came, in seconds, of which kind it was and how likely;
    `closest_…` of the likeliest of what was kept back, of which there were `held`.
    """

    scenario: str
    label: str
    needs: str
    languages: str
    model: str
    wanted: int
    kept: int
    misses: int
    cards: int
    alarms: int
    first_t: str
    first_need: str
    first_p: str
    held: int
    closest_need: str
    closest_p: str
    closest_reason: str


def result_rows(results: Sequence[Replayed]) -> list[ResultRow]:
    """A row for each session, by name."""
    return sorted(map(_row, results), key=lambda row: row.scenario)


def encode_results(results: Sequence[Replayed]) -> bytes:
    """The table as CSV with a header line, in UTF-8."""
    file = StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(ResultRow.__struct_fields__)
    for row in result_rows(results):
        writer.writerow(getattr(row, name) for name in ResultRow.__struct_fields__)
    return file.getvalue().encode()


def is_table(content: bytes) -> bool:
    """Whether this is such a table, perhaps one with the columns of another version."""
    return content.startswith(ResultRow.__struct_fields__[0].encode() + b",")


def difference(committed: bytes, now: bytes) -> str:
    """The lines that differ between two tables, as a unified diff; "" where none does."""
    old, new = (each.decode("utf-8", "replace").splitlines() for each in (committed, now))
    return "\n".join(unified_diff(old, new, "committed", "now", n=0, lineterm=""))


def labels_kept(result: Replayed) -> Iterator[tuple[LabelLine, bool]]:
    """Each label of a session, and whether it was kept."""
    missed = {miss.line for miss in result.misses}
    for each in result.labels:
        yield each, each.line not in missed


def _row(result: Replayed) -> ResultRow:
    labels = [each.label for each in result.labels]
    kinds = sorted({label.need for label in labels if isinstance(label, Expect)})
    wants = {type(label) for label in labels}
    words = [word for word, kind in (("speak", Expect), ("quiet", Quiet)) if kind in wants]
    cards = [row for row in result.row.suggestions if row.offered]
    held = [row for row in result.row.suggestions if not row.offered]
    # What a small change of the filter would say first.
    closest = max(held, key=lambda row: row.p, default=None)
    first = cards[0] if cards else None
    counts = result.counts
    return ResultRow(
        scenario=result.row.name,
        label="+".join(words),
        needs=" ".join(kinds),
        languages=" ".join(result.languages),
        model=result.row.model.name if result.row.model is not UNSET else "",
        wanted=len(labels),
        kept=sum(kept for _, kept in labels_kept(result)),
        misses=len(result.misses),
        cards=counts.cards,
        alarms=counts.labelled_cards - counts.right_cards,
        first_t=f"{first.t:.1f}" if first else "",
        first_need=first.need if first else "",
        first_p=f"{first.p:.2f}" if first else "",
        held=len(held),
        closest_need=closest.need if closest else "",
        closest_p=f"{closest.p:.2f}" if closest else "",
        closest_reason=(closest.reason or "").partition(":")[0] if closest else "",
    )
