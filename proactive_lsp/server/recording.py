"""What one folder writes down: a recording while one is on, and the last minutes in RAM.

Used from the worker alone. Whatever comes here is settled and redacted already.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from proactive_lsp.engine import Engine
from proactive_lsp.events import Event, Git, Open
from proactive_lsp.redaction import redact_event
from proactive_lsp.server.folders import Folder
from proactive_lsp.sessions.recent import Recent
from proactive_lsp.settings import RecordingSettings
from proactive_lsp.workspace.repository import NoRepository, Repository

if TYPE_CHECKING:
    from proactive_lsp.server.recording_file import Origin, RecordingFile

# A recording is to hold whatever is two seconds old; the rest of that is left for a busy machine.
WRITE_SECONDS = 1.0
Mode = Literal["full", "structure"]


class Recording:
    """One folder's recording, on or off, in as many files as its size wants.

    `file` is where the command line asked to record to; without it each recording gets a file of
    its own in the folder of the settings. The first one counts its time from `since`, as events
    of before are still to come. What goes wrong is told to `complain` and ends it.
    """

    def __init__(
        self,
        folder: Folder,
        repository: Repository | NoRepository,
        settings: RecordingSettings,
        *,
        client: str,
        complain: Callable[[str], None],
        file: Path | None = None,
        since: float | None = None,
    ) -> None:
        self._folder = folder
        self._repository = repository
        self._settings = settings
        self._client = client
        self._complain = complain
        self._target = file
        self._since = since
        self._file: RecordingFile | None = None
        # When the first thing happened that is in no file yet.
        self._unwritten: float | None = None
        seconds = 60 * settings.last_minutes
        self.recent = Recent(seconds) if seconds else None

    @property
    def mode(self) -> Mode | None:
        """How it records now; None while it does not."""
        if self._file is None:
            return None
        return "structure" if self._file.is_structure else "full"

    @property
    def path(self) -> Path | None:
        """The file that is written to now."""
        return self._file.path if self._file is not None else None

    # When.

    def turned_on(self, now: float) -> None:
        """The engine begins to work: so does a recording, if each session is to be recorded."""
        since, self._since = self._since, None
        if self._target is not None or self._settings.mode != "off":
            self._begin(now, (), since=now if since is None else since)

    def turned_off(self) -> None:
        """The engine ends: nothing more comes, and nothing is kept."""
        self.end()
        if self.recent is not None:
            self.recent.clear()

    def heard(self, t: float) -> None:
        """Something happened then that will come here once it is settled."""
        if self._unwritten is None and self._file is not None:
            self._unwritten = t

    def next_due(self) -> float | None:
        """When what was heard is to be settled at the latest."""
        return self._unwritten + WRITE_SECONDS if self._unwritten is not None else None

    def settle_due(self, now: float, engine: Engine) -> None:
        """Settle what has waited for so long."""
        if self._unwritten is not None and self._unwritten + WRITE_SECONDS <= now:
            engine.settle()
            self._unwritten = None

    def write_down(self, now: float, engine: Engine) -> None:
        """Hand everything to the operating system, which keeps it when this process is killed.

        A file that has grown too large ends, and another one begins.
        """
        file = self._file
        if file is None:
            return
        file.flush()
        if file.problem is not None:
            self.end()
        elif file.is_full:
            most = self._settings.max_session_megabytes
            self._complain(f"a recording has reached {most} MB and goes on in a new file")
            self.begin(now, engine)

    # What.

    def begin(self, now: float, engine: Engine) -> None:
        """Record from now on, into a new file that begins with what stands by now."""
        engine.settle()
        self._begin(now, map(redact_event, _stands(engine, now)), since=now)

    def end(self) -> None:
        """Write everything down and let go of the file; nothing when it is off."""
        file, self._file, self._unwritten = self._file, None, None
        if file is not None:
            file.close()
            if file.problem is not None:
                self._complain(file.problem)

    def append(self, event: Event) -> None:
        """Take in what happened; it is in the file after the next `write_down`."""
        if self.recent is not None:
            self.recent.append(event)
        if self._file is not None:
            self._file.append(event)

    def save_recent(self, file: Path) -> float:
        """Write the last minutes as a session of its own; the time at which they begin.

        Raises `OSError` when it cannot be written, and `ValueError` when nothing is kept.
        """
        from proactive_lsp.server.recording_file import save_recent

        if self.recent is None or not self.recent.size:
            raise ValueError("nothing is kept of the last minutes")
        return save_recent(self.recent, self._origin(), file)

    def _begin(self, now: float, stands: Iterable[Event], *, since: float) -> None:
        from proactive_lsp.server.recording_file import RecordingFile

        self.end()
        target = self._target
        try:
            self._file = RecordingFile(self._origin(), now, since, stands, target)
        except OSError as error:
            where = target or error.filename or self._settings.folder
            self._complain(f"cannot record to {where}: {error.strerror}")
            return
        if target is not None and self._file.path != target:
            self._complain(f"{target} is there already; recording to {self._file.path}")

    def _origin(self) -> "Origin":
        from proactive_lsp.server.recording_file import Origin

        return Origin(self._folder, self._repository, self._settings, self._client)


def _stands(engine: Engine, now: float) -> Iterator[Open | Git]:
    """What no event tells any more: the open documents, and what git is in the middle of."""
    work = engine.work
    for path in work.documents.paths():
        document = work.documents.get(path)
        if document is not None:
            yield Open(now, path, document.version, document.language, document.text)
    if work.operation is not None:
        op = "rebase" if work.operation == "rebase" else "merge"
        yield Git(now, op, phase="started")
    if work.conflicts:
        yield Git(now, "conflict", paths=work.conflicts)
