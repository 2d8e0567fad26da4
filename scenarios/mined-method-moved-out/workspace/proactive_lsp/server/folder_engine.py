"""Everything the worker keeps for one workspace folder: engine, repository, recording."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from msgspec import Struct

from proactive_lsp.assembly import for_editor
from proactive_lsp.clock import Clock
from proactive_lsp.engine import Engine
from proactive_lsp.events import (
    Close,
    Edit,
    Event,
    FileOperation,
    Open,
    Save,
    SuggestionEvent,
    paths_of,
)
from proactive_lsp.llm import Heard, Model
from proactive_lsp.memory import forget_events, store_path
from proactive_lsp.outcome import Outcome
from proactive_lsp.scheduling import Scheduler, Turn
from proactive_lsp.server import story
from proactive_lsp.server.folders import Folder
from proactive_lsp.server.git_signals import GitSignals
from proactive_lsp.server.hints import hints_of
from proactive_lsp.server.news import Cards
from proactive_lsp.server.plans import asked_for, certain_only, to_be_confirmed
from proactive_lsp.server.unopened import Unopened
from proactive_lsp.settings import Settings
from proactive_lsp.suggestions import Place, Plan, Silence, Stale, Suggestion
from proactive_lsp.workspace.documents import Documents
from proactive_lsp.workspace.repository import NoRepository, Repository

if TYPE_CHECKING:
    from proactive_lsp.server.recording import Recording

log = logging.getLogger(__name__)

# After a failure the engine is left alone for so long, lest it fails all the time.
BACK_OFF_SECONDS = 5.0
# While off nobody reads the edits, so they are put into the text by so many.
SETTLE_EVERY = 1_000
# Of so many files at most it is remembered whether git ignores them.
MOST_KNOWN = 10_000


class Surroundings(Struct, frozen=True):
    """What a folder's engine is given from outside, the same for all folders."""

    clock: Clock
    publish: Callable[[Cards], None]
    complain: Callable[[str], None]
    overtaken: Callable[[], bool]
    taken: Callable[[], int]
    wake: Callable[[], None]
    model: Model | None = None
    turn: Turn | None = None


class FolderEngine:
    """One folder's engine with what feeds it. Used from the worker alone.

    While it is off it only keeps the open texts, so that it can be turned on again.
    """

    def __init__(
        self,
        folder: Folder,
        settings: Settings,
        repository: Repository | NoRepository,
        around: Surroundings,
        recording: "Recording | None" = None,
    ) -> None:
        self.folder = folder
        self.settings = settings
        self.repository = repository
        self._around = around
        self.recording = recording
        self._scheduler: Scheduler | None = None
        self._git: GitSignals | None = None
        self._documents = Documents()
        self._ignored: dict[str, bool] = {}
        self._mirrored = 0
        self._upto = 0
        self._looking_at: int | None = None
        self._writing: asyncio.Task[Plan | Stale | Silence] | None = None
        self._cards = Cards(folder, (), (), 0)
        self._unopened = Unopened()
        self._resume_at = 0.0
        if settings.enabled:
            self._turn_on()

    # What happens.

    def record(self, event: Event) -> None:
        """Take in one event, unless it is about a file that git ignores."""
        if self._is_hidden(event):
            self._leave(event)
            return
        if self._scheduler is None:
            self._mirror(event)
            return
        self._scheduler.record(event)
        if self.recording is not None:
            self.recording.heard(event.t)
        match event:
            case Open() if len(event.text) > self.settings.max_file_bytes:
                log.info("%s is over max_file_bytes; it is kept as text only", event.path)
            case Save():
                self._saved(event.path)
            case FileOperation():
                self.files_moved()
            case _:
                pass

    def signal_git(self, *, watcher: bool) -> None:
        """Git's own files were said to have changed, by a watcher of the editor's or not."""
        if self._git is not None:
            self._git.signal(watcher=watcher)

    def files_moved(self) -> None:
        """Files came, went, or are newly ignored: git is to be asked again."""
        self._ignored.clear()
        if isinstance(self.repository, Repository):
            self.repository.forget()

    def configure(self, settings: Settings) -> None:
        """Other settings from now on; off and on again keeps the open texts."""
        if settings == self.settings:
            return
        self.settings = settings
        if self._scheduler is None:
            if settings.enabled:
                self._turn_on()
        elif not settings.enabled:
            self._turn_off()
        else:
            self._scheduler.engine.settings = settings
            self._scheduler.look_again()

    def forget(self) -> tuple[int, str]:
        """Forget what happened here; how many events there were, and what kept some, if anything.

        The engine begins anew with the texts as they are, so nothing of it knows what was.
        """
        number = self._scheduler.engine.memory.number if self._scheduler is not None else 0
        self._turn_off()
        root, problem = self.folder.root, ""
        if root is not None:
            stored, problem = forget_events(store_path(root, None))
            number = max(number, stored)
        self._unopened = Unopened()
        if self.settings.enabled:
            self._turn_on()
        return number, problem

    # When.

    @property
    def thinking(self) -> bool:
        """Whether a model is being asked."""
        return self._scheduler is not None and self._scheduler.thinking

    def next_due(self) -> float | None:
        """When `run_due` has something to do next; None for never."""
        due = [self._scheduler.next_due()] if self._scheduler is not None else []
        due += [self._git.next_due()] if self._git is not None else []
        due += [self.recording.next_due()] if self.recording is not None else []
        times = [max(at, self._resume_at) for at in due if at is not None]
        return min(times) if times else None

    async def run_due(self) -> None:
        """Do what is due; a failure is logged and nothing is tried again for 5 s."""
        now = self._around.clock.now()
        if self._scheduler is None or now < self._resume_at:
            return
        try:
            if self._git is not None:
                self._git.run_due()
                self._git.run_before(self._scheduler.next_due())
            self._looking_at = self._around.taken()
            if self.recording is not None:
                self.recording.settle_due(now, self._scheduler.engine)
            await self._scheduler.run_due()
        except Exception:
            log.exception("looking at %s failed", self.folder.uri or "the open files")
            self._resume_at = now + BACK_OFF_SECONDS
        finally:
            self._looking_at = None
        for message in self._scheduler.engine.memory.take_messages():
            self._around.complain(message)
        if self.recording is not None:
            self.recording.write_down(now, self._scheduler.engine)

    def close(self) -> None:
        """Write down everything; not used afterwards."""
        self._turn_off()
        if isinstance(self.repository, Repository):
            self.repository.close()

    # What is asked of it.

    @property
    def recording_mode(self) -> str:
        """How it is recorded, empty while it is not."""
        return (self.recording.mode or "") if self.recording is not None else ""

    @property
    def scheduler(self) -> Scheduler | None:
        """The engine's scheduler; None while it is off."""
        return self._scheduler

    @property
    def documents(self) -> Documents:
        """The open texts."""
        return self._documents if self._scheduler is None else self._scheduler.engine.work.documents

    def card(self, id: str) -> Suggestion | None:
        """The standing card with this id; None when there is none."""
        return self._scheduler.engine.card(id) if self._scheduler is not None else None

    def plan(self, id: str, place: Place | None, *, uncertain: bool) -> Plan | Stale:
        """The edits of a card, which count as handed out; a stale card is looked at again.

        Without `uncertain` only those that need no confirmation.
        """
        if self._scheduler is None:
            return Stale(id, "suggestions are off")
        engine = self._scheduler.engine
        plan = engine.plan(id, place)
        story.planned(plan)
        if isinstance(plan, Stale):
            self._tell_stale(id)
            self._scheduler.look_again()
            return plan
        if not uncertain:
            plan = certain_only(plan)
        self._hand_out(plan, engine)
        return plan

    async def write(
        self, id: str, place: Place | None, *, uncertain: bool, heard: Heard
    ) -> Plan | Stale | Silence:
        """The edits of a card that the model writes, which count as handed out.

        With `uncertain` the user is to confirm them all. Without it, what the model wrote is what
        was asked for, and of what rules wrote only that is left which needs no confirmation.
        """
        scheduler = self._scheduler
        if scheduler is None:
            return Stale(id, "suggestions are off")
        self._writing = asyncio.create_task(scheduler.engine.write(id, place, heard=heard))
        try:
            written = await self._writing
        except asyncio.CancelledError:
            if scheduler is self._scheduler:
                raise
            return Stale(id, "suggestions were turned off meanwhile")
        if isinstance(written, Stale):
            self._tell_stale(id)
            scheduler.look_again()
        if not isinstance(written, Plan):
            return written
        written = to_be_confirmed(written) if uncertain else certain_only(asked_for(written))
        self._hand_out(written, scheduler.engine)
        return written

    def claim(self, id: str) -> None:
        """The client says that it carried out a plan; the text shows whether it did."""
        if self._scheduler is None:
            return
        work, now = self._scheduler.engine.work, self._around.clock.now()
        for event in self._unopened.carried_out(id, work, now):
            self._scheduler.record(event)
        self._scheduler.claim(id)

    # Inside.

    def _hand_out(self, plan: Plan, engine: Engine) -> None:
        engine.hand_out(plan)
        self._unopened.hand_out(plan, engine.work.tree)

    def _tell_stale(self, id: str) -> None:
        card, now = self.card(id), self._around.clock.now()
        if card is not None and self._scheduler is not None:
            stale = SuggestionEvent(now, id, "stale", card.need, card.path, card.range)
            self._scheduler.record(stale)

    def _turn_on(self) -> None:
        around = self._around
        self._scheduler = for_editor(
            self.settings,
            root=self.folder.root,
            repository=self.repository,
            clock=around.clock,
            publish=self._publish,
            overtaken=around.overtaken,
            model=around.model,
            turn=around.turn,
            sink=self._happened,
        )
        if self.recording is not None:
            self.recording.turned_on(around.clock.now())
        for path in self._documents.paths():
            document = self._documents.get(path)
            if document is not None:
                now, version = around.clock.now(), document.version
                self._scheduler.record(Open(now, path, version, document.language, document.text))
        if isinstance(self.repository, Repository):
            self._git = GitSignals(
                self.repository,
                clock=around.clock,
                record=self._scheduler.record,
            )
        self._scheduler.engine.warm_up()

    def _happened(self, event: Event) -> None:
        story.happened(event)
        if self.recording is not None:
            self.recording.append(event)

    def _turn_off(self) -> None:
        if self._scheduler is None:
            return
        self._documents = self._scheduler.engine.work.documents
        if self._writing is not None:
            # Off means that nothing is asked, of what is under way neither.
            self._writing.cancel()
        self._scheduler.close()
        if self.recording is not None:
            self.recording.turned_off()
        self._scheduler = self._git = None
        self._send((), self._around.taken())

    def _mirror(self, event: Event) -> None:
        match event:
            case Open():
                self._documents.open(event)
            case Edit():
                self._documents.edit(event)
                self._mirrored += 1
                if self._mirrored % SETTLE_EVERY == 0:
                    self._documents.settle(event.path)
            case Close():
                self._documents.close(event.path)
            case _:
                pass

    def _saved(self, path: str) -> None:
        tracked = self.repository.tracked() if isinstance(self.repository, Repository) else (path,)
        if path not in tracked or PurePosixPath(path).name == ".gitignore":
            self.files_moved()
        if self._git is not None:
            self._git.glance()

    def _leave(self, event: Event) -> None:
        """A file that git has come to ignore while it was open is closed for the engine."""
        for path in paths_of(event):
            if self._scheduler is not None and self.documents.get(path) is not None:
                self._scheduler.record(Close(event.t, path))

    def _is_hidden(self, event: Event) -> bool:
        """Whether an event names a file that git ignores; asked of git once per file."""
        if isinstance(event, Edit):
            return self._ignored.get(event.path, False)
        if isinstance(event, Close):
            return self.documents.get(event.path) is None
        if not isinstance(self.repository, Repository):
            return False
        if len(self._ignored) > MOST_KNOWN:
            self._ignored.clear()
        unknown = [path for path in paths_of(event) if path not in self._ignored]
        if unknown:
            ignored = self.repository.ignored(unknown)
            self._ignored |= {path: path in ignored for path in unknown}
        return any(self._ignored[path] for path in paths_of(event))

    def _publish(self, outcome: Outcome) -> None:
        for message in outcome.messages:
            self._around.complain(message)
        # What is said right after an answer still stands where the last look found it.
        if outcome.looked and self._looking_at is not None:
            self._upto = self._looking_at
        self._send(outcome.current, self._upto)
        if self._looking_at is None:
            # A prediction, which comes while the worker sleeps, is to be written down as well.
            self._around.wake()

    def _writable(self, cards: tuple[Suggestion, ...]) -> frozenset[str]:
        if self._scheduler is None:
            return frozenset()
        return frozenset(card.id for card in cards if self._scheduler.engine.writable(card))

    def _send(self, cards: tuple[Suggestion, ...], upto: int) -> None:
        hints = self._cards.hints
        if cards != self._cards.cards:
            story.cards_changed(self._cards.cards, cards)
            hints = hints_of(cards, self._scheduler.engine.work.tree) if self._scheduler else ()
        self._cards = Cards(self.folder, cards, hints, upto, self._writable(cards))
        self._around.publish(self._cards)
