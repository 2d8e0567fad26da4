"""What one folder writes down: a recording while one is on, and the last minutes in RAM.

Used from the worker alone. Whatever comes here is settled and redacted already.
"""

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from proactive_lsp.engine import Engine
from proactive_lsp.events import Event, Open
from proactive_lsp.redaction import redact_event
from proactive_lsp.replay.recorder import Recorder
from proactive_lsp.replay.session import FilesWorkspace, Header
from proactive_lsp.server.folders import Folder
from proactive_lsp.server.recorded import nearest_workspace, recorded_workspace
from proactive_lsp.sessions.keeping import (
    MEGABYTE,
    make_private,
    new_recording,
    recordings_folder,
    tidy,
)
from proactive_lsp.sessions.recent import Recent
from proactive_lsp.sessions.shifting import shifted
from proactive_lsp.sessions.structure import Shaper
from proactive_lsp.settings import RecordingSettings
from proactive_lsp.workspace.repository import NoRepository, Repository

log = logging.getLogger(__name__)

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
        self._file = file
        self._recorder: Recorder | None = None
        self._shaper: Shaper | None = None
        self._began = 0.0
        # What it begins with does not count: a part that is full at its start would never end.
        self._base = 0
        self._since = since
        # When the first thing happened that is in no file yet.
        self._unwritten: float | None = None
        seconds = 60 * settings.last_minutes
        self.recent = Recent(seconds) if seconds else None

    @property
    def mode(self) -> Mode | None:
        """How it records now; None while it does not."""
        if self._recorder is None:
            return None
        return "structure" if self._shaper is not None else "full"

    @property
    def path(self) -> Path | None:
        """The file that is written to now."""
        return self._recorder.path if self._recorder is not None else None

    # When.

    def turned_on(self, now: float) -> None:
        """The engine begins to work: so does a recording, if each session is to be recorded."""
        since, self._since = self._since, None
        if self._file is not None or self._settings.mode != "off":
            self._begin(now, (), since=now if since is None else since)

    def turned_off(self) -> None:
        """The engine ends: nothing more comes, and nothing is kept."""
        self.end()
        if self.recent is not None:
            self.recent.clear()

    def heard(self, t: float) -> None:
        """Something happened then that will come here once it is settled."""
        if self._unwritten is None and self._recorder is not None:
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
        recorder = self._recorder
        if recorder is None:
            return
        recorder.flush()
        if recorder.problem is not None:
            self.end()
        elif recorder.size - self._base > self._settings.max_session_megabytes * MEGABYTE:
            most = self._settings.max_session_megabytes
            self._complain(f"a recording has reached {most} MB and goes on in a new file")
            self.begin(now, engine)

    # What.

    def begin(self, now: float, engine: Engine) -> None:
        """Record from now on, into a new file that begins with the open documents."""
        engine.settle()
        self._begin(now, map(redact_event, _opens(engine, now)), since=now)

    def end(self) -> None:
        """Write everything down and let go of the file; nothing when it is off."""
        recorder, self._recorder, self._unwritten = self._recorder, None, None
        if recorder is not None:
            recorder.close()
            if recorder.problem is not None:
                self._complain(recorder.problem)

    def append(self, event: Event) -> None:
        """Take in what happened; it is in the file after the next `flush`."""
        if self.recent is not None:
            self.recent.append(event)
        if self._recorder is not None:
            self._write(event, self._recorder)

    def save_recent(self, file: Path) -> float:
        """Write the last minutes as a session of its own; the time at which they begin.

        Raises `OSError` when it cannot be written, and `ValueError` when nothing is there.
        """
        recent = self.recent
        if recent is None or not recent.size:
            raise ValueError("nothing is kept of the last minutes")
        start = recent.start()
        touched = dict.fromkeys(
            path for event in recent.events() if (path := getattr(event, "path", None))
        )
        workspace = nearest_workspace(self._folder.root, self._repository, touched)
        files = recent.files_before(workspace.files)
        header = Header(
            name=file.stem,
            created=_stamp(datetime.now(UTC)),
            client=self._client,
            workspace=FilesWorkspace(files, workspace.past, workspace.subjects),
        )
        recorder = Recorder(file, header)
        for event in recent.events():
            recorder.append(shifted(event, -start))
        recorder.close()
        if recorder.problem is not None:
            raise OSError(recorder.problem)
        return start

    def _begin(self, now: float, opens: Iterable[Event], *, since: float) -> None:
        self.end()
        # Drawn anew each time and forgotten with it: no two recordings have a word in common.
        structure = self._settings.mode == "structure"
        self._shaper = Shaper(os.urandom(32)) if structure else None
        created = datetime.now(UTC) - timedelta(seconds=now - since)
        try:
            file = self._file or self._new_file(created)
            recorder = Recorder(file, self._header(file, created))
        except OSError as error:
            where = self._file or recordings_folder(self._settings.folder)
            self._complain(f"cannot record to {where}: {error.strerror}")
            return
        if self._file is not None and recorder.path != self._file:
            self._complain(f"{self._file} is there already; recording to {recorder.path}")
        log.info("recording to %s", recorder.path)
        self._recorder, self._began = recorder, since
        for event in opens:
            self._write(event, recorder)
        recorder.flush()
        self._base = recorder.size

    def _new_file(self, created: datetime) -> Path:
        settings = self._settings
        folder = recordings_folder(settings.folder)
        make_private(folder)
        most = settings.max_megabytes * MEGABYTE
        for path in tidy(folder, max_bytes=most, max_days=settings.max_days):
            log.info("removed the recording %s, as the limits want", path)
        root = self._folder.root
        name = "structure" if self._shaper is not None else root.name if root else "open-files"
        return new_recording(folder, name, created)

    def _header(self, file: Path, created: datetime) -> Header:
        header = Header(
            name=file.stem,
            created=_stamp(created),
            client=self._client,
            workspace=recorded_workspace(self._folder.root, self._repository),
        )
        return header if self._shaper is None else self._shaper.header(header)

    def _write(self, event: Event, recorder: Recorder) -> None:
        event = shifted(event, -self._began)
        recorder.append(event if self._shaper is None else self._shaper.event(event))


def _opens(engine: Engine, now: float) -> Iterator[Open]:
    documents = engine.work.documents
    for path in documents.paths():
        document = documents.get(path)
        if document is not None:
            yield Open(now, path, document.version, document.language, document.text)


def _stamp(created: datetime) -> str:
    return created.isoformat(timespec="milliseconds")
