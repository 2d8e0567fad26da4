"""When to look: at boundaries only, the newest wins, and typing is never waited for."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from functools import partial

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
from proactive_lsp.suggestions import Silence

log = logging.getLogger(__name__)

# The edits of one accepted card reach several files one after the other.
ANSWER_SECONDS = 0.2
# How often files are looked at for a claim that no edit event has proven yet.
PROOF_SECONDS = 1.0
# After being overtaken this often an analysis runs to its end, so that steady typing cannot
# starve it.
MOST_CANCELLATIONS = 3
# So long a look waits at most for a cancelled request to hang up; it takes a millisecond.
HANG_UP_SECONDS = 0.05


class Turn:
    """Whose request the one model has, among the schedulers that share it.

    The newest prediction takes the turn from an older one; what the user asked to be written takes
    it from both, and keeps it.
    """

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._writing = 0

    @property
    def free(self) -> bool:
        """Whether a prediction may be asked for now."""
        return not self._writing

    def take(self, task: "asyncio.Task[None]") -> None:
        """A prediction begins; one that is still under way, of another folder, is cancelled."""
        if self._task is not None:
            self._task.cancel()
        self._task = task

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[None]:
        """Nothing is predicted inside, and whatever was is hung up on first."""
        self._writing += 1
        try:
            if self._task is not None:
                await hung_up(self._task)
            yield
        finally:
            self._writing -= 1


async def hung_up(task: "asyncio.Task[None]") -> None:
    """Cancel a task and let its connection close, which takes a few turns of the loop."""
    task.cancel()
    await asyncio.wait({task}, timeout=HANG_UP_SECONDS)
    # A transport closes its socket in the turn after it was told to.
    await asyncio.sleep(0)


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
        turn: Turn | None = None,
    ) -> None:
        self.engine = engine
        self.clock = clock
        self._settings = settings
        self._patient = patient
        self._publish = publish
        self._overtaken = overtaken
        self._turn = turn or Turn()
        self._pending: Boundary | None = None
        self._pending_due = 0.0
        self._pause_due: float | None = None
        self._flush_due: float | None = None
        self._typed_in: str | None = None
        self._renamed = False
        self._cancellations = 0
        self._prediction: asyncio.Task[None] | None = None
        self._hanging_up: asyncio.Task[None] | None = None

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
        if self._hanging_up is not None:
            await hung_up(self._hanging_up)
            self._hanging_up = None
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
        # What it comes to would be refused as stale: spare the machine the rest of it.
        if self._prediction is not None:
            self._drop_prediction(event.t, "you typed on while the model was thinking")
        self._pause_due = event.t + self._settings.quiet_seconds
        self._typed_in = event.path
        if self._flush_due is None:
            self._flush_due = starts_at(event) + self._settings.settle_seconds

    def _wake(self, boundary: Boundary, after: float = 0.0) -> None:
        """Note a boundary; of two that wait the stronger one stays, due when the first was."""
        if boundary.kind != "answer":
            # Now and not at the look, which may keep the loop from hanging up.
            self._cancel_prediction()
        strongest = boundary.stronger(self._pending)
        due = boundary.t + after
        if self._pending is not None:
            due = min(due, self._pending_due)
        self._pending, self._pending_due = strongest, due

    async def _consider(self, boundary: Boundary) -> tuple[Outcome, ...]:
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
        if self._turn.free:
            self._prediction = asyncio.create_task(self._predict(outcome.boundary))
            self._prediction.add_done_callback(partial(self._taken_away, outcome.boundary))
            self._turn.take(self._prediction)
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
        if self._flush_due is None and (outcome.offered or self.engine.told.unwritten):
            # The offer is an event, but none that came through `record`.
            self._flush_due = self.clock.now() + self._settings.settle_seconds
        self._publish(outcome)

    def _taken_away(self, boundary: Boundary, task: "asyncio.Task[None]") -> None:
        if task.cancelled() and self._prediction is task:
            self._drop_prediction(boundary.t, "something newer wants the model")

    @property
    def thinking(self) -> bool:
        """Whether a model is being asked."""
        return self._prediction is not None

    def _cancelled(self) -> bool:
        return self._cancellations < MOST_CANCELLATIONS and self._overtaken()

    def _cancel_prediction(self) -> None:
        if self._prediction is not None:
            self._prediction.cancel()
            self._hanging_up, self._prediction = self._prediction, None

    def _drop_prediction(self, t: float, why: str) -> None:
        """Cancel it and say so, since no look comes that would."""
        self._cancel_prediction()
        boundary, silence = Boundary("answer", t), Silence("stale", why)
        self._publish(Outcome(boundary, current=self.engine.current, silence=silence))


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
        # A program under the debugger that only starts is nothing to speak about yet.
        case Command() if event.phase != "started":
            return Boundary("command", event.t)
        case TestResult():
            return Boundary("test", event.t, event.path)
        case _:
            return None
