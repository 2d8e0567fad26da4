"""When to look: at boundaries only, the newest wins, and typing is never waited for."""

import asyncio
import logging
from collections.abc import Callable

from proactive_lsp.clock import Clock
from proactive_lsp.engine import Engine
from proactive_lsp.events import (
    Command,
    Edit,
    Event,
    FileOperation,
    Git,
    Save,
    TestResult,
    starts_at,
)
from proactive_lsp.outcome import Outcome
from proactive_lsp.settings import ScheduleSettings
from proactive_lsp.situation import Boundary, BoundaryKind, Cancelled

log = logging.getLogger(__name__)

# The edits of one accepted card reach several files one after the other.
ANSWER_SECONDS = 0.2
# How often files are looked at for a claim that no edit event has proven yet.
PROOF_SECONDS = 1.0
# After being overtaken this often an analysis runs to its end, so that steady typing cannot
# starve it.
MOST_CANCELLATIONS = 3


class Scheduler:
    """Feeds one engine and says when it is due.

    The owner calls `record` for each event and `run_due` whenever `next_due` has come. With
    `patient`, a model's answer is waited for, as a replay must; otherwise it arrives through
    `publish` later, unless a newer boundary came first.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        settings: ScheduleSettings,
        *,
        patient: bool = True,
        publish: Callable[[Outcome], None] = lambda outcome: None,
        overtaken: Callable[[], bool] = lambda: False,
    ) -> None:
        self.engine = engine
        self.clock = clock
        self._settings = settings
        self._patient = patient
        self._publish = publish
        self._overtaken = overtaken
        self._pending: Boundary | None = None
        self._pending_due = 0.0
        self._pause_due: float | None = None
        self._flush_due: float | None = None
        self._typed_in: str | None = None
        self._renamed = False
        self._cancellations = 0
        self._prediction: asyncio.Task[None] | None = None

    def record(self, event: Event) -> None:
        """Hand an event to the engine and note what it makes due."""
        self.engine.record(event)
        if isinstance(event, Edit):
            self._typed(event)
        else:
            if self._flush_due is None:
                self._flush_due = event.t + self._settings.settle_seconds
            if isinstance(event, FileOperation) and event.op == "renamed":
                # Nothing is typed or saved for it, and every import of the file may be owed.
                self._renamed = True
                self._pause_due = event.t + self._settings.quiet_seconds
                self._typed_in = event.to
            boundary = _boundary(event)
            if boundary is not None:
                self._pause_due, self._renamed = None, False
                self._wake(boundary)
        if self.engine.answered:
            self._after_answer(event.t)

    def next_due(self) -> float | None:
        """When `run_due` has something to do next, in seconds of the clock; None for never."""
        due = [
            at
            for at in (
                self._pending_due if self._pending is not None else None,
                self._pause_due,
                self._flush_due,
            )
            if at is not None
        ]
        return min(due) if due else None

    async def run_due(self) -> tuple[Outcome, ...]:
        """Do what is due now: look at a boundary, and write down what has settled."""
        now = self.clock.now()
        if self._pause_due is not None and self._pause_due <= now:
            # What was typed and taken back leaves no trace, in a recording neither.
            if self.engine.has_news() or self._renamed:
                self._wake(Boundary("pause", self._pause_due, self._typed_in))
            self._pause_due, self._renamed = None, False
        outcomes: tuple[Outcome, ...] = ()
        if self._pending is not None and self._pending_due <= now:
            outcomes = await self._consider(self._pending)
        if self._flush_due is not None and self._flush_due <= now:
            self.engine.flush(now)
            self._flush_due = now + PROOF_SECONDS if self.engine.waits_for_proof else None
        if self._flush_due is None and self.engine.told.unwritten:
            # A look that no new event brought about, such as that after an answer.
            self._flush_due = now + self._settings.settle_seconds
        if self.engine.answered:
            self._after_answer(now)
        return outcomes

    def claim(self, id: str) -> None:
        """The client says it carried out a suggestion; believed once the text shows it."""
        now = self.clock.now()
        self.engine.claim(id, now)
        self._flush_due = now + ANSWER_SECONDS
        if self.engine.answered:
            self._after_answer(now)

    def look_again(self) -> None:
        """Make the standing cards be looked at soon, without offering anything new."""
        self._wake(Boundary("answer", self.clock.now()))

    def close(self) -> None:
        """Stop what is under way and write everything down."""
        self._cancel_prediction()
        self.engine.close()

    def _after_answer(self, t: float) -> None:
        """Say at once what an answer took away, and look again once its edits have arrived."""
        self.engine.answered = False
        boundary = Boundary("answer", t)
        self._publish(Outcome(boundary, current=self.engine.current))
        # A no must outlive whatever happens next.
        self._flush_due = t
        self._wake(boundary, after=ANSWER_SECONDS)

    def _typed(self, event: Edit) -> None:
        self._pause_due = event.t + self._settings.quiet_seconds
        self._typed_in = event.path
        if self._flush_due is None:
            self._flush_due = starts_at(event) + self._settings.settle_seconds

    def _wake(self, boundary: Boundary, after: float = 0.0) -> None:
        """Note a boundary; of two that wait the stronger one stays, due when the first was."""
        strongest = boundary.stronger(self._pending)
        due = boundary.t + after
        if self._pending is not None:
            due = min(due, self._pending_due)
        self._pending, self._pending_due = strongest, due

    async def _consider(self, boundary: Boundary) -> tuple[Outcome, ...]:
        if boundary.kind != "answer":
            self._cancel_prediction()
        # Whatever goes wrong below, this boundary has had its look and is not tried for ever.
        self._pending = None
        try:
            outcome = self.engine.consider(boundary, self._cancelled)
        except Cancelled:
            self._cancellations += 1
            self._wake(boundary)
            return ()
        self._cancellations = 0
        self._publish(outcome)
        if not self.engine.wants_prediction(outcome):
            return (outcome,)
        if self._patient:
            return (outcome, await self.engine.predict(outcome.boundary))
        self._prediction = asyncio.create_task(self._predict(outcome.boundary))
        return (outcome,)

    async def _predict(self, boundary: Boundary) -> None:
        try:
            outcome = await self.engine.predict(boundary)
        except Exception:
            log.exception("the prediction failed; rules carry on")
            outcome = Outcome(boundary, current=self.engine.current)
        # A newer boundary has its own prediction; one that took long to be cancelled is too late.
        if self._prediction is not asyncio.current_task():
            return
        # Only now, so that whoever is told no longer sees us thinking.
        self._prediction = None
        self._publish(outcome)

    @property
    def thinking(self) -> bool:
        """Whether a model is being asked."""
        return self._prediction is not None

    def _cancelled(self) -> bool:
        return self._cancellations < MOST_CANCELLATIONS and self._overtaken()

    def _cancel_prediction(self) -> None:
        if self._prediction is not None:
            self._prediction.cancel()
            self._prediction = None


GIT_BOUNDARIES: dict[str, BoundaryKind] = {
    "commit": "commit",
    "checkout": "checkout",
    "merge": "merge",
    "rebase": "rebase",
    "stash": "stash",
    "stage": "stage",
    "conflict": "conflict",
    "push": "push",
}


def _boundary(event: Event) -> Boundary | None:
    """The boundary that an event makes by itself, None when it makes none."""
    match event:
        case Save():
            return Boundary("save", event.t, event.path)
        # A stash that was put away is over at once; a merge or rebase only starts.
        case Git() if event.op in GIT_BOUNDARIES and (
            event.phase != "started" or event.op == "stash"
        ):
            return Boundary(GIT_BOUNDARIES[event.op], event.t)
        case Command():
            return Boundary("command", event.t)
        case TestResult():
            return Boundary("test", event.t, event.path)
        case _:
            return None
