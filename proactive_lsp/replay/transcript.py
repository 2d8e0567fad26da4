"""The machine-readable result of replays: JSON whose bytes depend on the sessions alone."""

from collections.abc import Iterable, Sequence

import msgspec
from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from proactive_lsp.events import Answer, Range
from proactive_lsp.outcome import Outcome
from proactive_lsp.replay.metrics import Counts, Metrics, metrics, total
from proactive_lsp.suggestions import Judgement, Plan


class EditRow(Struct, frozen=True, rename="camel"):
    """One replacement, in LSP's names."""

    range: Range
    new_text: str


class FileRow(Struct, frozen=True):
    """The replacements in one file."""

    path: str
    edits: tuple[EditRow, ...]


class SuggestionRow(Struct, frozen=True):
    """A card that was offered, or a candidate that stayed silent and why.

    `reason` is the kind and the text of the silence, None for what was offered; `answer` the last
    thing the user did with the card; `edit` what accepting would have done when it was offered,
    None when it only points or stayed silent.
    """

    id: str
    need: str
    title: str
    path: str
    range: Range
    t: float
    p: float
    offered: bool
    reason: str | None
    answer: str | None
    edit: tuple[FileRow, ...] | None


class Latencies(Struct, frozen=True):
    """Seconds of computing per boundary, the one thing that differs from run to run."""

    boundaries: int
    p50: float | None
    p95: float | None


class SessionRow(Struct, frozen=True):
    """One session; `events` leaves out labels and lines of unknown type."""

    name: str
    events: int
    suggestions: tuple[SuggestionRow, ...]
    metrics: Metrics
    latencies: Latencies | UnsetType = UNSET


class Totals(Struct, frozen=True):
    """All sessions together; the metrics are made of the summed counts."""

    sessions: int
    events: int
    offered: int
    silent: int
    metrics: Metrics
    latencies: Latencies | UnsetType = UNSET


class Transcript(Struct, frozen=True):
    """What `--json` writes."""

    sessions: tuple[SessionRow, ...]
    totals: Totals


class Transcriber:
    """Collects the suggestions of one replay.

    Silent candidates are judged again at every boundary; only a change of their state is news.
    """

    def __init__(self) -> None:
        self.rows: list[SuggestionRow] = []
        self._state: dict[str, str] = {}
        self._card_row: dict[str, int] = {}

    def answered(self, answer: Answer) -> None:
        """The user reacted to a card; an unknown id is ignored."""
        row = self._card_row.get(answer.id)
        if row is not None:
            self.rows[row] = replace(self.rows[row], answer=answer.op)

    def decided(self, outcome: Outcome, plan: Plan | None) -> tuple[Judgement, ...]:
        """Take in one outcome; gives the judgements whose silence is news."""
        t, card = round(outcome.boundary.t, 3), outcome.offered
        news = tuple(self._news(outcome.judgements))
        for judgement in news:
            task = judgement.task
            need, silence = task.need, judgement.silence
            assert silence is not None
            self.rows.append(
                SuggestionRow(
                    id=need.id,
                    need=need.kind,
                    title=task.title,
                    path=need.path,
                    range=need.range,
                    t=t,
                    p=round(judgement.p, 4),
                    offered=False,
                    reason=f"{silence.kind}: {silence.text}",
                    answer=None,
                    edit=None,
                )
            )
        if card is not None:
            self._state |= {task.need.id: "offered" for task in card.tasks}
            self._card_row[card.id] = len(self.rows)
            self.rows.append(
                SuggestionRow(
                    id=card.id,
                    need=card.need,
                    title=card.title,
                    path=card.path,
                    range=card.range,
                    t=t,
                    p=round(card.p, 4),
                    offered=True,
                    reason=None,
                    answer=None,
                    edit=_edit(plan),
                )
            )
        return news

    def _news(self, judgements: Iterable[Judgement]) -> Iterable[Judgement]:
        for judgement in judgements:
            id, silence = judgement.task.need.id, judgement.silence
            # The text of a reason may count seconds, so its kind makes the state. A standing card
            # is judged a duplicate of itself at each later boundary.
            if silence is None or (self._state.get(id), silence.kind) == ("offered", "duplicate"):
                continue
            if self._state.get(id) != silence.kind:
                self._state[id] = silence.kind
                yield judgement


def latencies(seconds: Sequence[float]) -> Latencies:
    """Median and 95th percentile (nearest rank), in seconds; None without a boundary."""
    ordered = sorted(seconds)
    return Latencies(len(ordered), _percentile(ordered, 50), _percentile(ordered, 95))


def totals(
    rows: Sequence[SessionRow], counts: Iterable[Counts], seconds: Sequence[float] | None
) -> Totals:
    """The line below all sessions; `seconds` when latencies are asked for."""
    offered = [row.offered for session in rows for row in session.suggestions]
    return Totals(
        sessions=len(rows),
        events=sum(row.events for row in rows),
        offered=sum(offered),
        silent=len(offered) - sum(offered),
        metrics=metrics(total(counts)),
        latencies=UNSET if seconds is None else latencies(seconds),
    )


def encode(transcript: Transcript) -> bytes:
    """Indented JSON with a final newline; fields stand in the order they are declared."""
    return msgspec.json.format(msgspec.json.encode(transcript), indent=2) + b"\n"


def _percentile(ordered: Sequence[float], percent: int) -> float | None:
    if not ordered:
        return None
    return round(ordered[max(0, -(-len(ordered) * percent // 100) - 1)], 6)


def _edit(plan: Plan | None) -> tuple[FileRow, ...] | None:
    if plan is None or not plan.files:
        return None
    return tuple(
        FileRow(file.path, tuple(EditRow(edit.range, edit.new_text) for edit in file.edits))
        for file in plan.files
    )
