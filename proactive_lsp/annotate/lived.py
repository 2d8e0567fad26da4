"""Live through a session for somebody who judges it: what happened, what was offered, what not.

The suggestions are those that this version makes of the session, and those that the recording
itself tells of. Each comes with its evidence, its edit and the code it is about, as they stood at
that moment.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from proactive_lsp import assembly
from proactive_lsp.agent.settings import AgentSettings
from proactive_lsp.annotate.excerpts import Changed, Excerpt, changed_files, excerpts
from proactive_lsp.clock import VirtualClock
from proactive_lsp.engine import Engine
from proactive_lsp.events import Answer, Event, Range, SuggestionEvent, paths_of
from proactive_lsp.explain.evidence import Explained, explained_card, explained_silence
from proactive_lsp.explain.news import News
from proactive_lsp.outcome import Outcome
from proactive_lsp.replay.answering import Answering, recorded_answers
from proactive_lsp.replay.entry import Entry
from proactive_lsp.replay.listing import describe_header
from proactive_lsp.replay.player import play
from proactive_lsp.replay.session import (
    Expect,
    Header,
    Quiet,
    SessionError,
    Unknown,
    read_items,
    scan,
)
from proactive_lsp.replay.story import Story
from proactive_lsp.replay.workspaces import open_past, open_workspace
from proactive_lsp.settings import Settings
from proactive_lsp.suggestions import Plan, Suggestion

# What is left out beyond these is said; nobody reads a longer page.
MOST_HAPPENED, MOST_SILENCES, MOST_CARDS = 5_000, 2_000, 2_000
MOST_BYTES = 256 * 1024 * 1024
_WORDS = {"withdrawn": "withdrawn: ", "silent": "kept back by "}


class Happened(Struct, frozen=True):
    """Something that was done or that happened, folded as a replay tells it."""

    t: float
    text: str
    details: tuple[str, ...] = ()
    excerpt: str = ""


class Silence(Struct, frozen=True):
    """What was noticed and kept back; its reason is in `why`."""

    t: float
    why: Explained


class Card(Struct, frozen=True, kw_only=True):
    """A suggestion to judge.

    `key` is its id and which time it was offered, `why` None for one that the recording tells of
    and this version does not make. `answer` is what the recorded user did with it.
    """

    key: str
    t: float
    need: str
    title: str
    path: str
    range: Range
    why: Explained | None = None
    changed: tuple[Changed, ...] = ()
    excerpts: tuple[Excerpt, ...] = ()
    draft: str = ""
    recorded: bool = False
    answer: str | None = None


Row = Happened | Silence | Card


class Lived(Struct, frozen=True):
    """All of it in the order of time; `left_out` says what is not among the rows."""

    header: Header
    about: str
    rows: tuple[Row, ...]
    end: float
    paths: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    left_out: str = ""

    @property
    def cards(self) -> tuple[Card, ...]:
        """What there is to judge."""
        return tuple(row for row in self.rows if isinstance(row, Card))


def live_through(path: Path, repo: Path | None = None) -> Lived:
    """The session at `path`; raises `SessionError` when it cannot be replayed.

    Nothing is written, and no model is asked: where its answers were recorded, these are used.
    """
    session = scan(path)
    if path.stat().st_size > MOST_BYTES:
        reason = f"larger than {MOST_BYTES >> 20} MiB; cut it with proactive-lsp sessions trim"
        raise SessionError(f"{path}: {reason}")
    clock = VirtualClock()
    answers = recorded_answers(path, "recorded")
    model = Answering(None, answers).metered if answers is not None else None
    scheduler = assembly.for_replay(
        Settings(agent=AgentSettings(enabled=model is not None)),
        base=open_workspace(session, repo),
        clock=clock,
        model=model,
        past=open_past(session, repo),
    )
    reader = _Reader(scheduler.engine)
    try:
        asyncio.run(play(reader.events(path), scheduler, clock, reader))
    finally:
        scheduler.close()
    return Lived(
        header=session.header,
        about=describe_header(session.header).excerpt,
        rows=tuple(reader.rows()),
        end=session.end,
        paths=tuple(sorted(reader.paths)),
        warnings=session.warnings,
        left_out=reader.left_out(),
    )


class _Reader:
    """Listens to one replay; see `replay.player.Listener`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._story = Story(self._tell)
        self._news = News()
        self._rows: list[Row] = []
        self._counts: Counter[type[Row]] = Counter()
        self._offered: Counter[str] = Counter()
        self._recorded: dict[str, Card] = {}
        self._recorded_times: Counter[str] = Counter()
        self._answers: dict[str, str] = {}
        self.paths: set[str] = set()

    def events(self, path: Path) -> Iterator[Event]:
        """The events of the file; on their way it is noted what the recording suggested."""
        for _, item in read_items(path):
            if isinstance(item, (Expect, Quiet, Unknown)):
                continue
            if isinstance(item, SuggestionEvent) and item.op == "offered":
                self._note(item)
            yield item

    def heard(self, event: Event) -> None:
        """See `player.Listener`."""
        self.paths.update(paths_of(event))
        if isinstance(event, Answer):
            self._answered(event)
        self._story.heard(event)

    def decided(self, outcomes: tuple[Outcome, ...], seconds: float) -> None:
        """See `player.Listener`."""
        for outcome in outcomes:
            card, boundary = outcome.offered, outcome.boundary
            for judgement in self._news.silent(outcome.judgements):
                why = explained_silence(judgement, t=boundary.t, trigger=boundary.kind)
                self._add(Silence(boundary.t, why), MOST_SILENCES)
            if card is not None:
                self._news.offered(card)
                self._add(self._card(card, outcome), MOST_CARDS)
            self._story.decided(outcome, None, (), self._engine.work.tree.read)

    def rows(self) -> Iterator[Row]:
        """Everything in the order of time; what only the recording tells of stands among it."""
        self._story.pause()
        made = {row.key for row in self._rows if isinstance(row, Card)}
        alone = [card for key, card in self._recorded.items() if key not in made]
        for row in sorted([*self._rows, *alone], key=lambda row: row.t):
            if isinstance(row, Card):
                told = row.key in self._recorded
                yield replace(row, recorded=told, answer=self._answers.get(row.key))
            else:
                yield row

    def left_out(self) -> str:
        """How many rows there would be beyond those that are kept."""
        most = ((Happened, MOST_HAPPENED), (Silence, MOST_SILENCES), (Card, MOST_CARDS))
        words = {Happened: "events", Silence: "silences", Card: "suggestions"}
        more = [
            f"{self._counts[kind] - limit} more {words[kind]}"
            for kind, limit in most
            if self._counts[kind] > limit
        ]
        return ", ".join(more)

    def _add(self, row: Row, limit: int) -> None:
        self._counts[type(row)] += 1
        if self._counts[type(row)] <= limit:
            self._rows.append(row)

    def _tell(self, entry: Entry) -> None:
        # Cards, and the silences of rules, are told with more than an entry holds.
        if entry.kind != "offered":
            text = _WORDS.get(entry.kind, "") + entry.text
            happened = Happened(entry.t, text, entry.details, entry.excerpt)
            self._add(happened, MOST_HAPPENED)

    def _card(self, card: Suggestion, outcome: Outcome) -> Card:
        by_id = {judgement.task.need.id: judgement for judgement in outcome.judgements}
        why = explained_card(card, [by_id[task.need.id] for task in card.tasks])
        plan = self._engine.plan(card.id)
        read = self._engine.work.tree.read
        changed: tuple[Changed, ...] = ()
        if isinstance(plan, Plan):
            changed = changed_files(plan, read)
        shown = {each.path for each in changed}
        spots = [(card.path, card.range), *((each.path, each.range) for each in card.places)]
        self._offered[card.id] += 1
        return Card(
            key=f"{card.id}.{self._offered[card.id]}",
            t=round(card.t, 3),
            need=card.need,
            title=card.title,
            path=card.path,
            range=card.range,
            why=why,
            changed=changed,
            excerpts=excerpts([spot for spot in spots if spot[0] not in shown], read),
            draft=plan.text if isinstance(plan, Plan) else "",
        )

    def _note(self, event: SuggestionEvent) -> None:
        if len(self._recorded) >= MOST_CARDS:
            return
        self._recorded_times[event.id] += 1
        key = f"{event.id}.{self._recorded_times[event.id]}"
        read = self._engine.work.tree.read
        self._recorded[key] = Card(
            key=key,
            t=round(event.t, 3),
            need=event.need,
            title=f"{event.need} in {event.path}, line {event.range.start.line + 1}",
            path=event.path,
            range=event.range,
            excerpts=excerpts([(event.path, event.range)], read),
        )

    def _answered(self, event: Answer) -> None:
        times = max(self._offered[event.id], self._recorded_times[event.id], 1)
        self._answers[f"{event.id}.{times}"] = event.op
