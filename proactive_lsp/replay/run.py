"""Replay session files through engines that somebody else assembles, one or several at a time."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from msgspec import UNSET, Struct

from proactive_lsp.clock import VirtualClock
from proactive_lsp.events import Answer, Edit, Event, FileOperation, Git, paths_of
from proactive_lsp.explain.learned import LearnedRow
from proactive_lsp.llm.recorded import Answers
from proactive_lsp.llm.usage import Usage
from proactive_lsp.outcome import Outcome
from proactive_lsp.replay.answering import Answering, Report, Use, drift, recorded_answers
from proactive_lsp.replay.check import Checker, Miss
from proactive_lsp.replay.chronicle import Chronicle, Chronicler
from proactive_lsp.replay.entry import Entry
from proactive_lsp.replay.folding import MOMENT
from proactive_lsp.replay.labels import Read
from proactive_lsp.replay.listing import describe_header
from proactive_lsp.replay.metrics import Counts, metrics
from proactive_lsp.replay.model_row import model_row
from proactive_lsp.replay.player import Scheduled, Wait, play
from proactive_lsp.replay.session import (
    Expect,
    LabelLine,
    Quiet,
    Session,
    SessionError,
    Unknown,
    read_items,
    scan,
)
from proactive_lsp.replay.story import Story
from proactive_lsp.replay.transcript import (
    SessionRow,
    Transcriber,
    Transcript,
    latencies,
    totals,
)
from proactive_lsp.replay.workspaces import open_past, open_workspace
from proactive_lsp.suggestions import Plan, Stale
from proactive_lsp.workspace.languages import language_of
from proactive_lsp.workspace.past import Past
from proactive_lsp.workspace.tree import Tree


class ReplayOptions(Struct, frozen=True):
    """How to replay; the same for all sessions of a run.

    `model` at `host` is asked where `answers` says so; None is Ollama's own address. Without
    `explained`, rows do not say why, and a session of any length is replayed in little memory. A
    `chronicle` is for whoever makes a page of it.
    """

    repo: Path | None = None
    model: str | None = None
    host: str | None = None
    answers: Use = "recorded"
    real_time: bool = False
    disable: tuple[str, ...] = ()
    filter: bool = True
    explained: bool = True
    timings: bool = False
    chronicle: bool = False


class Replayed(Struct, frozen=True):
    """What came of one session; `model` is None where none was asked, so is `chronicle`.

    `languages` are those of the files that were edited, moved or committed, or that a label names.
    """

    path: Path
    row: SessionRow
    counts: Counts
    misses: tuple[Miss, ...]
    warnings: tuple[str, ...]
    seconds: tuple[float, ...]
    model: Report | None = None
    chronicle: Chronicle | None = None
    labels: tuple[LabelLine, ...] = ()
    languages: tuple[str, ...] = ()


class Assembled(Struct, frozen=True):
    """An engine made for one session: what drives it, plans its cards, reads its files.

    `learned` tells what the user's answers changed so far; `model` is what it asks, if anything.
    `when` is the time of an event that evidence cites by its number, while it is remembered.
    """

    scheduler: Scheduled
    plan: Callable[[str], Plan | Stale]
    read: Read
    learned: Callable[[], Sequence[LearnedRow]]
    model: Answering | None = None
    when: Callable[[int], float | None] = lambda number: None


# Has to be importable by name, for worker processes. The answers are those recorded beside the
# session, None where none are to be used or made.
Assemble = Callable[[Tree, Past, VirtualClock, ReplayOptions, Answers | None], Assembled]
Tell = Callable[[Entry], None]


def replay_all(
    paths: Sequence[Path], options: ReplayOptions, assemble: Assemble, tell: Tell, *, jobs: int = 1
) -> Iterator[Replayed]:
    """Replay every file and give the results in the order of `paths`, whatever `jobs` is.

    `tell` gets the timeline, also in that order: while it happens with one job, else after each
    session. Raises the `SessionError` of the first session that cannot be replayed.
    """
    if jobs == 1 or len(paths) == 1:
        for path in paths:
            yield replay_one(path, options, assemble, tell)
        return
    # Not forked: a fresh process shares no state, so its result cannot depend on ours.
    context = get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(paths)), mp_context=context) as pool:
        try:
            yield from _in_order(pool, paths, partial(_in_worker, options, assemble), tell)
        except BrokenProcessPool as error:
            reason = "a worker process died; replay with --jobs 1 to see which session kills it"
            raise SessionError(reason) from error
        finally:
            pool.shutdown(cancel_futures=True)


def replay_one(path: Path, options: ReplayOptions, assemble: Assemble, tell: Tell) -> Replayed:
    """Replay one file; raises `SessionError` before anything is told when it is broken.

    Writes answers beside it when `options.answers` says so, and nothing else.
    """
    session = scan(path)
    answers = recorded_answers(path, options.answers)
    clock = VirtualClock()
    base, past = open_workspace(session, options.repo), open_past(session, options.repo)
    assembled = assemble(base, past, clock, options, answers)
    tell(describe_header(session.header))
    watcher = _Watcher(
        session, assembled, tell, explained=options.explained, chronicle=options.chronicle
    )
    wait = _real_time(watcher.rest) if options.real_time else None
    try:
        asyncio.run(play(_events(path), assembled.scheduler, clock, watcher, wait=wait))
    finally:
        assembled.scheduler.close()
    written = None
    if assembled.model is not None and options.answers in ("record", "refresh"):
        written = assembled.model.write(path)
    return watcher.result(timings=options.timings, written=written)


def transcript(results: Sequence[Replayed], *, timings: bool) -> Transcript:
    """All results as one transcript."""
    seconds = [second for result in results for second in result.seconds] if timings else None
    rows = tuple(result.row for result in results)
    reports = [result.model for result in results if result.model is not None]
    return Transcript(rows, totals(rows, (result.counts for result in results), seconds, reports))


class _Watcher:
    """Listens to one replay and writes it down in every form that is asked for."""

    def __init__(
        self,
        session: Session,
        assembled: Assembled,
        tell: Tell,
        *,
        explained: bool,
        chronicle: bool,
    ) -> None:
        self._session = session
        self._assembled = assembled
        self._chronicler = Chronicler(session.header, assembled.when) if chronicle else None
        self._tell = tell
        self._story = Story(self._told)
        self._checker = Checker(session.labels)
        self._transcriber = Transcriber(explained=explained)
        self._edits = 0
        self._worked_on = {
            each.label.path for each in session.labels if isinstance(each.label, Expect)
        }
        self._seconds: list[float] = []
        self._silences: Counter[str] = Counter()
        self._purposes: Mapping[str, int] = {}

    def heard(self, event: Event) -> None:
        """See `player.Listener`."""
        self._edits += isinstance(event, Edit)
        if isinstance(event, Edit | FileOperation | Git):
            self._worked_on.update(paths_of(event))
        if isinstance(event, Answer):
            self._transcriber.answered(event)
        self._story.heard(event)
        if self._chronicler is not None:
            self._chronicler.heard(event)

    def decided(self, outcomes: tuple[Outcome, ...], seconds: float) -> None:
        """See `player.Listener`."""
        self._seconds.append(seconds)
        read, asked = self._assembled.read, self._asked()
        for outcome in outcomes:
            if outcome.silence is not None:
                self._silences[outcome.silence.kind] += 1
            plan = self._plan(outcome)
            self._checker.decided(outcome, plan, read)
            news = self._transcriber.decided(outcome, plan)
            self._story.decided(outcome, plan, news, read, asked=asked)
            if self._chronicler is not None:
                verdict, usage = self._checker.verdict, self._usage()
                self._chronicler.decided(outcome, plan, news, read, verdict, usage)

    def rest(self) -> None:
        """The next event is more than a moment away."""
        self._story.rest()

    def result(self, *, timings: bool, written: Path | None) -> Replayed:
        """Everything, once the replay is over; `written` is where its answers are now."""
        self._story.pause()
        model = self._assembled.model
        report = model.report(self._silences, written) if model is not None else None
        counts, misses = self._checker.counts(edits=self._edits), self._checker.misses()
        row = SessionRow(
            name=self._session.header.name,
            events=self._session.events,
            suggestions=tuple(self._transcriber.rows),
            metrics=metrics(counts),
            learned=tuple(self._assembled.learned()),
            model=model_row([report]) if report is not None else UNSET,
            latencies=latencies(self._seconds) if timings else UNSET,
        )
        return Replayed(
            path=self._session.path,
            row=row,
            counts=counts,
            misses=misses,
            warnings=(*self._session.warnings, *filter(None, [drift(self._session.path, report)])),
            seconds=tuple(self._seconds),
            model=report,
            chronicle=self._chronicler.chronicle(self._session.labels, misses)
            if self._chronicler is not None
            else None,
            labels=self._session.labels,
            languages=tuple(sorted(set(filter(None, map(language_of, self._worked_on))))),
        )

    def _told(self, entry: Entry) -> None:
        self._tell(entry)
        if self._chronicler is not None:
            self._chronicler.told(entry)

    def _usage(self) -> Usage | None:
        return self._assembled.model.metered.usage if self._assembled.model is not None else None

    def _asked(self) -> frozenset[str]:
        """What for the model was asked since the last time."""
        if self._assembled.model is None:
            return frozenset()
        before, self._purposes = self._purposes, self._assembled.model.metered.usage.purposes
        return frozenset(
            purpose for purpose, count in self._purposes.items() if count > before.get(purpose, 0)
        )

    def _plan(self, outcome: Outcome) -> Plan | None:
        if outcome.offered is None:
            return None
        plan = self._assembled.plan(outcome.offered.id)
        return plan if isinstance(plan, Plan) else None


def _events(path: Path) -> Iterator[Event]:
    for _, item in read_items(path):
        if not isinstance(item, (Expect, Quiet, Unknown)):
            yield item


def _real_time(rest: Callable[[], None]) -> Wait:
    start = time.monotonic()

    async def wait(t: float) -> None:
        seconds = start + t - time.monotonic()
        if seconds > MOMENT:
            rest()
        await asyncio.sleep(max(0.0, seconds))

    return wait


def _in_worker(
    options: ReplayOptions, assemble: Assemble, path: Path
) -> tuple[Replayed, list[Entry]]:
    told: list[Entry] = []
    return replay_one(path, options, assemble, told.append), told


def _in_order(
    pool: Executor,
    paths: Iterable[Path],
    work: Callable[[Path], tuple[Replayed, list[Entry]]],
    tell: Tell,
) -> Iterator[Replayed]:
    for result, told in pool.map(work, paths):
        for entry in told:
            tell(entry)
        yield result
