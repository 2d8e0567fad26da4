"""What `gym run --json` writes: a row for each session, and all of them added up."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec import UNSET, Struct, UnsetType

from proactive_lsp.gym.episode import Judged, Told
from proactive_lsp.gym.todo import Size
from proactive_lsp.gym.user import ModelCount


class Saved(Struct, frozen=True):
    """One acceptance: how much of the plan was left right before and right after it."""

    id: str
    need: str
    worth: str
    before: Size | None
    after: Size | None


class Row(Struct, frozen=True):
    """One session.

    `plan` is how much there was to do in the beginning, `saved` by how much acceptances made it
    less, `left` what was not done in the end; None where the user has no plan. `answers` counts
    what came of each card that was looked at, `worth` what it was worth.
    """

    name: str
    file: str
    commits: tuple[str, ...]
    events: int
    seconds: float
    suggestions: int
    answers: Mapping[str, int]
    worth: Mapping[str, int]
    stale: int
    plan: Size | None
    saved: Size | None
    left: Size | None
    acceptances: tuple[Saved, ...]
    impossible: tuple[str, ...] = ()
    model: ModelCount | UnsetType = UNSET


class Totals(Struct, frozen=True):
    """All sessions together; `share_saved` is of the characters of all plans, None without one."""

    sessions: int
    events: int
    suggestions: int
    answers: Mapping[str, int]
    worth: Mapping[str, int]
    stale: int
    plan: Size
    saved: Size
    left: Size
    share_saved: float | None


class Summary(Struct, frozen=True):
    """What `--json` writes."""

    user: str
    seed: int
    temperament: str
    sessions: tuple[Row, ...]
    totals: Totals
    left_out: tuple[str, ...] = ()


NOTHING = Size(0, 0)


def row_of(
    name: str,
    file: str,
    commits: Sequence[str],
    told: Told,
    *,
    events: int,
    seconds: float,
    model: ModelCount | UnsetType = UNSET,
) -> Row:
    """The row of one episode."""
    accepted = [judged for judged in told.judged if judged.carried_out]
    return Row(
        name=name,
        file=file,
        commits=tuple(commits),
        events=events,
        seconds=seconds,
        suggestions=len(told.offered),
        answers=_counted(judged.answer for judged in told.judged),
        worth=_counted(judged.worth for judged in told.judged),
        stale=told.stale,
        plan=told.begun,
        saved=None if told.begun is None else added(map(_saved, accepted)),
        left=told.left,
        acceptances=tuple(
            Saved(each.id, each.need, each.worth, each.before, each.after) for each in accepted
        ),
        impossible=told.impossible,
        model=model,
    )


def summary_of(
    rows: Sequence[Row], *, user: str, seed: int, temperament: str, left_out: Sequence[str] = ()
) -> Summary:
    """All rows and their totals."""
    plan, saved = added(row.plan for row in rows), added(row.saved for row in rows)
    totals = Totals(
        sessions=len(rows),
        events=sum(row.events for row in rows),
        suggestions=sum(row.suggestions for row in rows),
        answers=_summed(row.answers for row in rows),
        worth=_summed(row.worth for row in rows),
        stale=sum(row.stale for row in rows),
        plan=plan,
        saved=saved,
        left=added(row.left for row in rows),
        share_saved=round(saved.characters / plan.characters, 4) if plan.characters else None,
    )
    return Summary(user, seed, temperament, tuple(rows), totals, tuple(left_out))


def encode(summary: Summary) -> bytes:
    """Indented JSON with a final newline."""
    return msgspec.json.format(msgspec.json.encode(summary), indent=2) + b"\n"


def added(sizes: Iterable[Size | None]) -> Size:
    """The sum of those that are known."""
    known = [size for size in sizes if size is not None]
    return Size(sum(size.todos for size in known), sum(size.characters for size in known))


def _saved(judged: Judged) -> Size | None:
    if judged.before is None or judged.after is None:
        return None
    return judged.before - judged.after


def _counted(words: Iterable[str]) -> Mapping[str, int]:
    return dict(sorted(Counter(words).items()))


def _summed(counts: Iterable[Mapping[str, int]]) -> Mapping[str, int]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(sorted(total.items()))
