"""Make one file of a session, which replays anywhere: the workspace is in it."""

import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from proactive_lsp.replay.answering import answers_path, carried_answers
from proactive_lsp.replay.find import SESSION_NAME
from proactive_lsp.replay.session import FilesWorkspace
from proactive_lsp.sessions.reading import whole_items
from proactive_lsp.sessions.texts import carried, opened
from proactive_lsp.sessions.writing import write_session


def export(
    path: Path,
    target: Path,
    *,
    repo: Path | None = None,
    warn: Callable[[str], None] = lambda text: None,
) -> int:
    """Write the session with the texts of its workspace; how many lines it has.

    To a `.zip`, as a folder of the session and the answers recorded beside it, if there are any.
    Texts that are read from a folder or a commit are redacted.
    """
    header, base, past = opened(path, repo)
    if not isinstance(header.workspace, FilesWorkspace):
        header = replace(header, workspace=carried(base, past, path))
    if target.suffix != ".zip":
        return write_session(target, header, whole_items(path, warn))
    with tempfile.TemporaryDirectory(prefix="proactive-export-") as folder:
        session = Path(folder) / SESSION_NAME
        count = write_session(session, header, whole_items(path, warn))
        _pack(session, carried_answers(path), target)
    return count


def _pack(session: Path, answers: bytes | None, target: Path) -> None:
    try:
        with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as archive:
            archive.write(session, f"{target.stem}/{session.name}")
            if answers is not None:
                archive.writestr(f"{target.stem}/{answers_path(session).name}", answers)
    except FileExistsError:
        raise
    except BaseException:
        target.unlink(missing_ok=True)
        raise
