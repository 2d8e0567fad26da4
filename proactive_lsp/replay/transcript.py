"""The machine-readable result of replays: JSON whose bytes depend on the sessions alone."""

from collections.abc import Iterable, Sequence

import msgspec
from msgspec import UNSET, Struct, UnsetType, structs
from msgspec.structs import replace

from proactive_lsp.events import Answer, Range, Unsigned
from proactive_lsp.explain.evidence import (
    Explained,
    Grounds,
    LogOdds,
    Proof,
    Push,
    Share,
    Spot,
    explained_card,
    explained_silence,
)
from proactive_lsp.explain.learned import LearnedRow
from proactive_lsp.explain.news import News
from proactive_lsp.outcome import Outcome
from proactive_lsp.replay.answering import Report
from proactive_lsp.replay.metrics import Counts, Metrics, metrics, total
from proactive_lsp.replay.model_row import ModelRow, model_row
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
    None when it only points or stayed silent. What follows it is the explanation, with the names
    and bounds of `explain.evidence.Explained`.
    """

    id: str
    need: str
    title: str
    path: str
    range: Range
    t: float
    p: Share
    offered: bool
    reason: str | None
    answer: str | None
    edit: tuple[FileRow, ...] | None
    threshold: Share
    trigger: str
    learned: LogOdds
    pushes: tuple[Push, ...]
    facts: tuple[Proof, ...]
    places: tuple[Spot, ...]
    more_places: Unsigned
    tasks: tuple[Grounds, ...]

    @property
    def explained(self) -> Explained:
        """All of it but the edit."""
        return Explained(*(getattr(self, name) for name in Explained.__struct_fields__))


class Latencies(Struct, frozen=True):
    """Seconds of computing per boundary, the one thing that differs from run to run."""

    boundaries: int
    p50: float | None
    p95: float | None


class SessionRow(Struct, frozen=True):
    """One session; `events` leaves out labels and lines of unknown type.

    `learned` is what its answers had changed at its end; `model` is absent where none was asked.
    """

    name: str
    events: int
    suggestions: tuple[SuggestionRow, ...]
    metrics: Metrics
    learned: tuple[LearnedRow, ...] = ()
    model: ModelRow | UnsetType = UNSET
    latencies: Latencies | UnsetType = UNSET


class Totals(Struct, frozen=True):
    """All sessions together; the metrics are made of the summed counts."""

    sessions: int
    events: int
    offered: int
    silent: int
    metrics: Metrics
    model: ModelRow | UnsetType = UNSET
    latencies: Latencies | UnsetType = UNSET


class Transcript(Struct, frozen=True):
    """What `--json` writes."""

    sessions: tuple[SessionRow, ...]
    totals: Totals


class Transcriber:
    """Collects the suggestions of one replay.

    Of silent candidates only what is news has a row. Unless they are to be `explained`, rows are
    without places, edits and reasons: of a day's work these would be most of what is in memory.
    """

    def __init__(self, *, explained: bool = True) -> None:
        self._explained = explained
        self.rows: list[SuggestionRow] = []
        self._news = News()
        self._card_row: dict[str, int] = {}

    def answered(self, answer: Answer) -> None:
        """The user reacted to a card; an unknown id is ignored."""
        row = self._card_row.get(answer.id)
        if row is not None:
            self.rows[row] = replace(self.rows[row], answer=answer.op)

    def decided(self, outcome: Outcome, plan: Plan | None) -> tuple[Judgement, ...]:
        """Take in one outcome; gives the judgements whose silence is news."""
        t, trigger, card = outcome.boundary.t, outcome.boundary.kind, outcome.offered
        news = tuple(self._news.silent(outcome.judgements))
        for judgement in news:
            self._add(explained_silence(judgement, t=t, trigger=trigger), None)
        if card is not None:
            self._news.offered(card)
            self._card_row[card.id] = len(self.rows)
            by_id = {judgement.task.need.id: judgement for judgement in outcome.judgements}
            judged = [by_id[task.need.id] for task in card.tasks]
            self._add(explained_card(card, judged), plan)
        return news

    def _add(self, explained: Explained, plan: Plan | None) -> None:
        row = _row(explained, plan)
        if not self._explained:
            row = replace(row, edit=None, pushes=(), facts=(), places=(), tasks=())
        self.rows.append(row)


def _row(explained: Explained, plan: Plan | None) -> SuggestionRow:
    fields = structs.asdict(explained)
    return SuggestionRow(**fields, edit=_edit(plan))


def latencies(seconds: Sequence[float]) -> Latencies:
    """Median and 95th percentile (nearest rank), in seconds; None without a boundary."""
    ordered = sorted(seconds)
    return Latencies(len(ordered), _percentile(ordered, 50), _percentile(ordered, 95))


def totals(
    rows: Sequence[SessionRow],
    counts: Iterable[Counts],
    seconds: Sequence[float] | None,
    reports: Sequence[Report] = (),
) -> Totals:
    """The line below all sessions; `seconds` when latencies are asked for."""
    offered = [row.offered for session in rows for row in session.suggestions]
    return Totals(
        sessions=len(rows),
        events=sum(row.events for row in rows),
        offered=sum(offered),
        silent=len(offered) - sum(offered),
        metrics=metrics(total(counts)),
        model=model_row(reports) if reports else UNSET,
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
