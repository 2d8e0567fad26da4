"""All folder engines, on the worker: what is asked of them, and what they tell.

Imported on the worker thread alone, since everything that thinks hangs below it.
"""

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from proactive_lsp.assembly import model_problem, ollama_model
from proactive_lsp.clock import Clock
from proactive_lsp.events import Answer, Close, Event, Open, Save
from proactive_lsp.llm import Heard, ModelError
from proactive_lsp.llm.facts import Installed
from proactive_lsp.llm.pulling import PullProgress
from proactive_lsp.llm.status import Status
from proactive_lsp.memory import forgotten
from proactive_lsp.needs import KINDS
from proactive_lsp.reward.learning import forget
from proactive_lsp.scheduling import Turn
from proactive_lsp.server import logs
from proactive_lsp.server.folder_engine import FolderEngine, Surroundings
from proactive_lsp.server.folders import Folder
from proactive_lsp.server.git_signals import git_dirs
from proactive_lsp.server.news import Cards, Complaint, GitFound, ModelNews, Mood, News
from proactive_lsp.server.setup import (
    Asked,
    FolderSettings,
    Setup,
    recording_of,
    repository_of,
)
from proactive_lsp.suggestions import Place, Plan, Silence, Stale
from proactive_lsp.workspace.repository import NoRepository, Repository

log = logging.getLogger(__name__)

# Where a workspace asks to be left alone; see `settings.from_workspace`.
SETTINGS_FILES = (".proactive.toml", "pyproject.toml")
# Open files that another folder owns now, or none: from folder and path to folder and path.
Moves = Mapping[tuple[Folder, str], tuple[Folder, str] | None]


class Engines:
    """One engine per workspace folder. Used from the worker alone."""

    def __init__(
        self,
        setup: Setup,
        *,
        clock: Clock,
        tell: Callable[[News], None],
        overtaken: Callable[[], bool],
        taken: Callable[[], int],
        wake: Callable[[], None],
    ) -> None:
        self._setup = setup
        self._clock = clock
        self._tell = tell
        self._wake = wake
        self._complaints: set[str] = set()
        self._mood = Mood()
        self._model_told: Status | None = None
        self._settings = FolderSettings(setup, self._complain)
        self._user = self._settings.user
        logs.set_level(self._user.log_level)
        self._snoozed_until = 0.0
        self._turn = Turn()
        self._model = ollama_model(self._user.agent, clock, os.environ)
        self._around = Surroundings(
            clock,
            self._tell_cards,
            self._complain,
            overtaken,
            taken,
            wake,
            self._model,
            self._turn,
        )
        self._folders: dict[Folder, FolderEngine] = {}
        if (problem := model_problem(self._user)) is not None:
            self._complain(problem)
        # What was sent while this thread began to work is still to come.
        self._since: float | None = 0.0
        for folder in setup.folders:
            self._add(folder)
        self._since = None
        if self._model is not None:
            self._model.listen(self._tell_model)
            self._tell_model(self._model.status, None)
        self._tell_mood()

    # What happens.

    def record(self, folder: Folder, event: Event) -> None:
        """Hand an event to its folder; a folder that was closed hears nothing."""
        engine = self._folders.get(folder)
        if engine is None:
            return
        engine.record(event)
        if isinstance(event, Save) and event.path in SETTINGS_FILES:
            engine.configure(self._settings.of(folder))

    def open_folders(self, folders: tuple[Folder, ...], moves: Moves) -> None:
        """These are the folders now; open files move to the folder that they belong to."""
        for folder in folders:
            if folder not in self._folders:
                self._add(folder)
        for (folder, path), home in moves.items():
            if folder in self._folders:
                self._move(self._folders[folder], path, home)
        for folder in [folder for folder in self._folders if folder not in folders]:
            self._folders.pop(folder).close()

    def signal_git(self, *, watcher: bool = False) -> None:
        """Some repository moved, says a watcher or somebody else; each looks at its own."""
        for engine in self._folders.values():
            engine.signal_git(watcher=watcher)

    def files_moved(self) -> None:
        """Files came or went, too many or too far away for an event each."""
        for engine in self._folders.values():
            engine.files_moved()

    def configure(self, asked: Asked) -> None:
        """What the editor's settings ask for now; they can only make it quieter."""
        self._settings.ask(asked)
        for engine in self._folders.values():
            engine.configure(self._settings.of(engine.folder))
        self._tell_mood()

    def power(self, *, on_battery: bool) -> None:
        """Whether the machine runs on battery, as the client says."""
        if self._model is not None:
            self._model.pause(on_battery)

    # When.

    def next_due(self) -> float | None:
        """When `run_due` has something to do next; None for not before the next event."""
        due = [at for engine in self._folders.values() if (at := engine.next_due()) is not None]
        return min(due) if due else None

    async def run_due(self) -> None:
        """Do what is due in every folder."""
        for engine in self._folders.values():
            await engine.run_due()
        self._tell_mood()

    def close(self) -> None:
        """Write down everything; not used afterwards."""
        for engine in self._folders.values():
            try:
                engine.close()
            except Exception:
                log.exception("closing %s failed", engine.folder.uri)

    # What is asked of them.

    def plan(
        self, folder: Folder, id: str, place: Place | None = None, *, uncertain: bool
    ) -> Plan | Stale:
        """The edits of a card, which count as handed out."""
        engine = self._folders.get(folder)
        if engine is None:
            return Stale(id, "its folder was closed")
        return engine.plan(id, place, uncertain=uncertain)

    async def write(
        self, folder: Folder, id: str, place: Place | None, *, uncertain: bool, heard: Heard
    ) -> Plan | Stale | Silence:
        """The edits of a card that the model writes, which count as handed out.

        What it was predicting in any folder is given up first, and nothing is predicted meanwhile.
        """
        engine = self._folders.get(folder)
        if engine is None:
            return Stale(id, "its folder was closed")
        try:
            async with self._turn.writing():
                self._tell_mood()
                return await engine.write(id, place, uncertain=uncertain, heard=heard)
        finally:
            self._tell_mood()
            # A card that turned out to be stale is to be looked at again.
            self._wake()

    async def pull(self, name: str, tell: Callable[[PullProgress], None]) -> str:
        """Have the server download a model; what went wrong, or nothing."""
        if self._model is None:
            return "the model is off in your settings"
        try:
            await self._model.pull(name, tell)
        except ModelError as error:
            return str(error)
        return ""

    async def installed(self) -> tuple[Installed, ...] | None:
        """The models that the server has; None while the model is off or nobody answers."""
        if self._model is None:
            return None
        try:
            return await self._model.installed()
        except ModelError as error:
            log.info("no list of models: %s", error)
            return None

    def claim(self, id: str, folder: str | None = None) -> None:
        """The client says that it carried out a plan; whoever handed it out looks whether."""
        for engine in self._in(folder):
            engine.claim(id)

    def answer(
        self, id: str, op: Literal["dismissed", "ignored", "muted"], folder: str | None = None
    ) -> bool:
        """The user's answer to a card; False when no folder, or not the named one, has it."""
        found = [engine for engine in self._in(folder) if engine.card(id) is not None]
        for engine in found:
            engine.record(Answer(self._clock.now(), id, op))
        return bool(found)

    def mute(self, kind: str, folder: Folder, path: str) -> bool:
        """Never this kind again in the path's folder; False when there is no such kind."""
        engine = self._folders.get(folder)
        if kind not in KINDS or engine is None:
            return False
        if engine.scheduler is not None:
            engine.scheduler.engine.mute(kind, path)
            engine.scheduler.look_again()
        return True

    def snooze(self, seconds: float) -> None:
        """Offer nothing for so many seconds."""
        until = self._snoozed_until = self._clock.now() + seconds
        for engine in self._folders.values():
            if engine.scheduler is not None:
                engine.scheduler.engine.snooze(until)

    def of(self, folder: str | None) -> Sequence[FolderEngine]:
        """The engine of the folder with this URI; all where none is named."""
        return self._in(folder)

    def forget_learned(self, kind: str | None, folder: str | None = None) -> str | None:
        """Forget what answers taught; a line that says of what, None when no kind is called so."""
        if kind is not None and kind not in KINDS:
            return None
        texts: list[str] = []
        for engine in self._in(folder):
            if engine.scheduler is not None:
                texts.append(forget(engine.scheduler.engine.memory, kind))
                engine.scheduler.look_again()
        return " ".join(dict.fromkeys(texts)) or "Suggestions are off."

    def forget_events(self, folder: str | None = None) -> str:
        """Forget what happened; a line that says how much that was."""
        number, problems = 0, dict[str, None]()
        for engine in self._in(folder):
            events, problem = engine.forget()
            number += events
            problems |= {problem: None} if problem else {}
            if engine.scheduler is not None:
                engine.scheduler.engine.snooze(self._snoozed_until)
        self._tell_mood()
        if problems:
            return f"Not everything was forgotten: {'; '.join(problems)}."
        return forgotten(number)

    def explain(self, id: str, folder: str | None = None) -> str:
        """Markdown: why this card, or for none such why nothing was said; see `Engine.explain`.

        Where several folders have something to say, each says it below its name.
        """
        engines = [engine for engine in self._in(folder) if engine.scheduler is not None]
        if not engines:
            return "Suggestions are off."
        having = [engine for engine in engines if engine.card(id) is not None]
        texts = [
            (engine.folder, engine.scheduler.engine.explain(id))
            for engine in having or engines
            if engine.scheduler is not None
        ]
        if len(texts) == 1:
            return texts[0][1]
        from proactive_lsp.explain.markdown import span

        return "\n\n".join(f"## {span(_name(folder))}\n\n{text}" for folder, text in texts)

    # Inside.

    def _in(self, folder: str | None) -> list[FolderEngine]:
        """The engine of the folder with this URI; all where none is named.

        The same project opened twice has the same ids in both.
        """
        return [
            engine for each, engine in self._folders.items() if folder is None or each.uri == folder
        ]

    def _add(self, folder: Folder) -> None:
        setup = self._setup
        repository = repository_of(folder, trusted=setup.trusted)
        if isinstance(repository, NoRepository):
            log.info("no repository: %s", repository.reason)
        settings = self._settings.of(folder)
        recording = recording_of(
            setup,
            folder,
            repository,
            self._user.recording,
            first=not self._folders,
            since=self._since,
            complain=self._complain,
        )
        try:
            engine = FolderEngine(folder, settings, repository, self._around, recording)
        except Exception:
            log.exception("no engine for %s; the other folders have theirs", folder.uri)
            self._complain(f"proactive-lsp cannot work in {folder.root}; its log says why")
            return
        self._folders[folder] = engine
        # Told once its state is known, since whoever is told may report changes from then on.
        dirs = git_dirs(folder.root) if folder.root and isinstance(repository, Repository) else None
        if dirs is not None:
            self._tell(GitFound(*dirs))

    def _move(self, engine: FolderEngine, path: str, home: tuple[Folder, str] | None) -> None:
        document, now = engine.documents.get(path), self._clock.now()
        if document is None:
            return
        engine.record(Close(now, path))
        if home is not None:
            folder, path = home
            self.record(folder, Open(now, path, document.version, document.language, document.text))

    def _complain(self, text: str) -> None:
        if text not in self._complaints:
            self._complaints.add(text)
            self._tell(Complaint(text))

    def _tell_cards(self, cards: Cards) -> None:
        """With the mood, since a model's answer comes while nothing else is due."""
        self._tell(cards)
        self._tell_mood()

    def _tell_model(self, status: Status, sentence: str | None) -> None:
        self._model_told = status
        agent = self._user.agent
        named = bool(agent.host or agent.model or os.environ.get("OLLAMA_HOST"))
        self._tell(ModelNews(status, sentence, writing=not self._turn.free, named=named))

    def model_status(self) -> Status | None:
        """How the model is at this moment; None while it is off."""
        return self._model.status if self._model is not None else None

    def _tell_mood(self) -> None:
        engines = self._folders.values()
        mood = Mood(
            off=not any(engine.settings.enabled for engine in engines),
            thinking=any(engine.thinking for engine in engines),
            writing=not self._turn.free,
            recording=next((mode for engine in engines if (mode := engine.recording_mode)), ""),
        )
        if mood != self._mood:
            self._mood = mood
            self._tell(mood)
        # A request that was hung up on is a call, too, and no news of its own.
        if self._model is not None and self._model.status != self._model_told:
            self._tell_model(self._model.status, None)


def _name(folder: Folder) -> str:
    return folder.root.name if folder.root is not None else "open files"
