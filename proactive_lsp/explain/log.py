"""Keep the newest explanations: in RAM while the engine runs, and from flush to flush in memory.

So `proactive-lsp explain` can tell them later, also when the server is gone. What another version
kept in another shape is ignored.
"""

import logging
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from proactive_lsp.agent.predict import KIND as PREDICTED
from proactive_lsp.events import Unsigned, span
from proactive_lsp.explain.evidence import Explained, explained_card, explained_silence
from proactive_lsp.explain.news import News
from proactive_lsp.memory import Memory
from proactive_lsp.situation import Boundary
from proactive_lsp.suggestions import Judgement, Need, Silence, Suggestion, Task

log = logging.getLogger(__name__)

KEY = "explanations"
MOST_CARDS = 20
MOST_SILENCES = 50


class Counted(Struct, frozen=True):
    """How many needs of a kind were kept back for that reason."""

    reason: str
    need: str
    count: Unsigned


class Kept(Struct, frozen=True):
    """The newest cards and silences, oldest first; `counts` since the server's last start."""

    cards: tuple[Explained, ...] = ()
    silences: tuple[Explained, ...] = ()
    counts: tuple[Counted, ...] = ()


class BadKeptError(ValueError):
    """What is kept has another shape; one line that says how it differs."""


class Log:
    """What an engine offered and kept back; a need counts once for each reason that is news.

    Cards of earlier runs are still there, without a time.
    """

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._news = News()
        self._changed = False
        self._silences: deque[tuple[Judgement, Boundary]] = deque(maxlen=MOST_SILENCES)
        self._counts: Counter[tuple[str, str]] = Counter()
        self._cards: dict[str, Explained] = {}
        try:
            kept = read_kept(memory)
        except BadKeptError as error:
            log.warning("%s; they are ignored", error)
        else:
            self._cards = {card.id: replace(card, t=None) for card in kept.cards}

    def decided(
        self,
        judgements: Sequence[Judgement],
        card: Suggestion | None,
        boundary: Boundary,
    ) -> None:
        """Take in what one boundary came to."""
        for judgement in self._news.silent(judgements):
            if judgement.silence is not None:
                self._counts[judgement.silence.kind, judgement.task.need.kind] += 1
                self._silences.append((judgement, boundary))
                self._changed = True
        if card is None:
            return
        self._news.offered(card)
        by_id = {judgement.task.need.id: judgement for judgement in judgements}
        self._cards.pop(card.id, None)
        self._cards[card.id] = explained_card(card, [by_id[task.need.id] for task in card.tasks])
        while len(self._cards) > MOST_CARDS:
            del self._cards[next(iter(self._cards))]
        self._changed = True

    def unanswered(self, silence: Silence, boundary: Boundary) -> None:
        """The model proposed nothing, for this reason."""
        where = boundary.path or ""
        need = Need(PREDICTED, where, span(0, 0, 0, 0), "", "What the model would propose", (), ())
        task = Task(need, need.title, "", by_model=True)
        self.decided([Judgement(task, 0.0, 0.0, silence)], None, boundary)

    def answered(self, id: str, op: str) -> None:
        """The user reacted to a card; one that is not kept any longer is nothing."""
        if id in self._cards:
            self._cards[id] = replace(self._cards[id], answer=op)
            self._changed = True

    @property
    def kept(self) -> Kept:
        """Everything, as of now."""
        return Kept(
            tuple(self._cards.values()),
            tuple(
                explained_silence(judgement, t=boundary.t, trigger=boundary.kind)
                for judgement, boundary in self._silences
            ),
            counted(self._counts),
        )

    @property
    def unwritten(self) -> bool:
        """Whether there is something new that the memory would keep beyond this run."""
        return self._changed and self._memory.durable

    def write(self) -> None:
        """Hand what changed to the memory, unless that keeps nothing beyond this run."""
        if self.unwritten:
            self._memory.set_value(KEY, self.kept)
        self._changed = False


def read_kept(memory: Memory) -> Kept:
    """What the memory holds, nothing where it holds none; raises `BadKeptError`."""
    try:
        value = memory.value(KEY)
        return Kept() if value is None else msgspec.convert(value, Kept)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        reason = str(error).replace("`", "")
        raise BadKeptError(f"the explanations in memory have another shape ({reason})") from error


def counted(counts: Mapping[tuple[str, str], int]) -> tuple[Counted, ...]:
    """Counts by reason and kind of need, in order."""
    return tuple(Counted(*key, count) for key, count in sorted(counts.items()))


def count_rows(rows: Iterable[Explained]) -> tuple[Counted, ...]:
    """The same of the silences among rows that are all there."""
    return counted(Counter((reason_of(row)[0], row.need) for row in rows if not row.offered))


def reason_of(row: Explained) -> tuple[str, str]:
    """The kind of a silence and its sentence; both empty for a card."""
    kind, _, text = (row.reason or "").partition(": ")
    return kind, text
