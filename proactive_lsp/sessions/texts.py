"""The texts of a workspace as a session carries them: redacted, and not too many."""

from pathlib import Path

from proactive_lsp.redaction import redact_file, redact_path
from proactive_lsp.replay.session import (
    FilesWorkspace,
    FolderWorkspace,
    Header,
    Session,
    SessionError,
    read_header,
)
from proactive_lsp.replay.workspaces import open_past, open_workspace
from proactive_lsp.workspace.languages import language_of
from proactive_lsp.workspace.past import Past
from proactive_lsp.workspace.tree import Tree

# A session's first line holds them all, and has to be read at once.
MOST_CHARACTERS = 20_000_000


def opened(path: Path, repo: Path | None) -> tuple[Header, Tree, Past]:
    """A session's header, and its workspace as it was when it began."""
    header = read_header(path)
    session = Session(path, header, (), 0, 0.0, ())
    return header, open_workspace(session, repo), open_past(session, repo)


def texts_of(tree: Tree, what: Path) -> dict[str, str]:
    """All texts of a tree, redacted; raises `SessionError` when they are too many to carry."""
    texts: dict[str, str] = {}
    left = MOST_CHARACTERS
    for path in tree.paths():
        text = tree.read(path)
        if text is None:
            continue
        left -= len(text)
        if left < 0:
            most = f"more than {MOST_CHARACTERS:,} characters of text, too many for one file"
            raise SessionError(f"{what}:1: its workspace has {most}; record a smaller folder")
        texts[redact_path(path)] = redact_file(path, text, language_of(path))
    return texts


def carried(tree: Tree, past: Past, what: Path) -> FilesWorkspace:
    """The workspace of a tree and its past, with the texts in it."""
    return FilesWorkspace(texts_of(tree, what), past.commits, past.subjects)


def still_found(header: Header, path: Path, target: Path) -> Header:
    """The header for another file: a folder that it names is named from there."""
    if not isinstance(header.workspace, FolderWorkspace):
        return header
    from msgspec.structs import replace

    root = (path.parent / header.workspace.path).resolve()
    try:
        name = str(root.relative_to(target.parent.resolve()))
    except ValueError:
        name = str(root)
    return replace(header, workspace=replace(header.workspace, path=name))
