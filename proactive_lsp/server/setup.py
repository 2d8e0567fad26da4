"""What each folder's engine is given: its settings, its repository, what records it.

An untrusted workspace has no git and no model, and nothing of it is written down.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from proactive_lsp.server.folders import Folder
from proactive_lsp.settings import (
    Settings,
    WorkspaceSettings,
    from_user,
    from_workspace,
    quieter,
    workspace_asks,
)
from proactive_lsp.workspace.repository import NoRepository, Repository

if TYPE_CHECKING:
    from proactive_lsp.replay.recorder import Recorder

Complain = Callable[[str], None]
# What the editor's settings ask for, by folder; under None what holds where nothing is asked for.
Asked = Mapping[Folder | None, Mapping[str, Any]]


class Setup(Struct, frozen=True):
    """What the editor and the command line ask for; an untrusted workspace has no git, no model."""

    options: object
    folders: tuple[Folder, ...]
    trusted: bool
    watched: bool
    client: str
    record: Path | None


class FolderSettings:
    """The user's settings, made quieter for each folder by whoever asks for it there."""

    def __init__(self, setup: Setup, complain: Complain) -> None:
        self._trusted = setup.trusted
        self._complain = complain
        self._asked: dict[Folder | None, WorkspaceSettings] = {}
        user, messages = from_user(setup.options)
        if not setup.trusted:
            # Without git nobody knows what is ignored, so no model is told of anything, and
            # nothing is written down either.
            user = replace(
                user,
                agent=replace(user.agent, enabled=False),
                memory=replace(user.memory, durable=False),
            )
        self.user = user
        for message in messages:
            complain(message)

    def ask(self, asked: Asked) -> None:
        """What the editor's settings ask for from now on; they can only make it quieter."""
        self._asked = {}
        for folder, options in asked.items():
            self._asked[folder], messages = workspace_asks(options)
            for message in messages:
                self._complain(message)

    def of(self, folder: Folder) -> Settings:
        """The settings that hold in a folder; the files of an untrusted one are not read."""
        asked = self._asked.get(folder) or self._asked.get(None) or WorkspaceSettings()
        settings = quieter(self.user, asked)
        if folder.root is None or not self._trusted:
            return settings
        of_its_files, messages = from_workspace(folder.root)
        for message in messages:
            self._complain(message)
        return quieter(settings, of_its_files)


def repository_of(folder: Folder, *, trusted: bool) -> Repository | NoRepository:
    """The repository that a folder lies in, or why it is not looked for."""
    if folder.root is None:
        return NoRepository("no folder is open")
    if not trusted:
        return NoRepository("the workspace is not trusted")
    return Repository.find(folder.root)


def recorder_of(
    setup: Setup, folder: Folder, repository: Repository | NoRepository, complain: Complain
) -> "Recorder | None":
    """What writes the session down, where the user asked for that and it can be done."""
    file = setup.record
    if file is None or not setup.trusted:
        return None
    # Only a server that was asked to record has room for it.
    from proactive_lsp.replay.recorder import Recorder
    from proactive_lsp.replay.session import Header
    from proactive_lsp.server.recorded import recorded_workspace

    created = datetime.now(UTC).isoformat(timespec="seconds")
    header = Header(
        name=file.stem,
        created=created,
        client=setup.client,
        workspace=recorded_workspace(folder.root, repository),
    )
    try:
        recorder = Recorder(file, header)
    except OSError as error:
        complain(f"cannot record to {file}: {error.strerror}")
        return None
    if recorder.path != file:
        complain(f"{file} is there already; recording to {recorder.path}")
    return recorder
