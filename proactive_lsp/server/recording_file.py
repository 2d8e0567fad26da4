"""One file of a recording, and the session that is made of the last minutes.

Imported by those alone who record, as the others have no room for it.
"""

import logging
import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct

from proactive_lsp.events import Event
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
from proactive_lsp.workspace.past import Past
from proactive_lsp.workspace.repository import NoRepository, Repository

log = logging.getLogger(__name__)


class Origin(Struct, frozen=True):
    """What is recorded, by which client, and how the user wants it."""

    folder: Folder
    repository: Repository | NoRepository
    settings: RecordingSettings
    client: str


class RecordingFile:
    """A file that is written to; its time counts from `since`.

    With a `target` it goes there, or to a name beside it that is free, else into the folder of the
    settings, which is tidied first. Raises `OSError` when it cannot be created.
    """

    def __init__(
        self, origin: Origin, now: float, since: float, stands: Iterable[Event], target: Path | None
    ) -> None:
        # Drawn anew each time and forgotten with it: no two recordings have a word in common.
        structure = origin.settings.mode == "structure"
        self._shaper = Shaper(os.urandom(32)) if structure else None
        self._since = since
        created = datetime.now(UTC) - timedelta(seconds=now - since)
        file = target or _new_file(origin, created)
        header = _header(origin, file.stem, created)
        if self._shaper is not None:
            header = self._shaper.header(header)
        self._recorder = Recorder(file, header)
        log.info("recording to %s", self.path)
        for event in stands:
            self.append(event)
        self._recorder.flush()
        # What it begins with does not count: a part that is full at its start would never end.
        self._base = self._recorder.size
        self._most = origin.settings.max_session_megabytes * MEGABYTE

    @property
    def path(self) -> Path:
        """Where it is."""
        return self._recorder.path

    @property
    def is_structure(self) -> bool:
        """Whether names and literals are left out."""
        return self._shaper is not None

    @property
    def is_full(self) -> bool:
        """Whether it has grown so much that another one should begin."""
        return self._recorder.size - self._base > self._most

    @property
    def problem(self) -> str | None:
        """Why nothing more is written, when that is so."""
        return self._recorder.problem

    def append(self, event: Event) -> None:
        """Keep an event for the next flush."""
        event = shifted(event, -self._since)
        self._recorder.append(event if self._shaper is None else self._shaper.event(event))

    def flush(self) -> None:
        """Hand everything to the operating system, which keeps it when this process is killed."""
        self._recorder.flush()

    def close(self) -> None:
        """Flush, and let go of it."""
        self._recorder.close()


def save_recent(recent: Recent, origin: Origin, file: Path) -> float:
    """Write the last minutes as a session of its own; the time at which they begin.

    Raises `OSError` when it cannot be written.
    """
    start = recent.start()
    touched = dict.fromkeys(
        path for event in recent.events() if (path := getattr(event, "path", None))
    )
    workspace = nearest_workspace(origin.folder.root, origin.repository, touched)
    files = recent.files_before(workspace.files)
    past = recent.past_before(Past(workspace.past, workspace.subjects))
    header = Header(
        name=file.stem,
        created=_stamp(datetime.now(UTC)),
        client=origin.client,
        workspace=FilesWorkspace(files, past.commits, past.subjects),
    )
    recorder = Recorder(file, header)
    for event in recent.events():
        recorder.append(shifted(event, -start))
    recorder.close()
    if recorder.problem is not None:
        raise OSError(recorder.problem)
    return start


def _new_file(origin: Origin, created: datetime) -> Path:
    settings, root = origin.settings, origin.folder.root
    folder = recordings_folder(settings.folder)
    make_private(folder)
    most = settings.max_megabytes * MEGABYTE
    for path in tidy(folder, max_bytes=most, max_days=settings.max_days):
        log.info("removed the recording %s, as the limits want", path)
    name = root.name if root is not None else "open-files"
    return new_recording(folder, "structure" if settings.mode == "structure" else name, created)


def _header(origin: Origin, name: str, created: datetime) -> Header:
    return Header(
        name=name,
        created=_stamp(created),
        client=origin.client,
        workspace=recorded_workspace(origin.folder.root, origin.repository),
    )


def _stamp(created: datetime) -> str:
    return created.isoformat(timespec="milliseconds")
