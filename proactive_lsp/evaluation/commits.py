"""Which commits of a history count, and what each changed, hunk by hunk.

A commit counts when it has one parent and changes at least one line of a file that counts. Files
that do not (see `files`), and symbolic links, submodules and changes of mode or line ends alone,
are left out of it. A mass commit does not count at all: more than `MOST_FILES` files or
`MOST_HUNKS` hunks.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Literal

from msgspec import Struct

from proactive_lsp.evaluation.files import left_out, unwritten
from proactive_lsp.events import BadPath, check_path
from proactive_lsp.workspace.documents import bare, split_lines
from proactive_lsp.workspace.git_history import CommitPair, History
from proactive_lsp.workspace.hunks import line_hunks
from proactive_lsp.workspace.repository import ChangedFile

MOST_FILES = 30
MOST_HUNKS = 200
_PAGE = 200  # commits compared at a time

FileOp = Literal["modified", "added", "deleted", "renamed"]


class Hunk(Struct, frozen=True):
    """Lines of one file that became others, in line numbers of the parent.

    `text` is what is typed, with its line ends; `before` and `after` are bare.
    """

    start: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    text: str


class FileChange(Struct, frozen=True):
    """What a commit did to one file; `old_path` is set for a rename, `text` is the parent's."""

    op: FileOp
    path: str
    text: str
    hunks: tuple[Hunk, ...]
    old_path: str | None = None


class Commit(Struct, frozen=True):
    """One commit that counts, with what it did to the files that count."""

    id: str
    parent: str
    files: tuple[FileChange, ...]


def select(
    history: History, tip: str, *, since: str | None = None, most: int | None = None
) -> Iterator[Commit]:
    """The newest commits that count, newest first, read as they are asked for."""
    return islice(_counting(history, history.pairs(tip, since)), most)


def read_commits(history: History, pairs: Sequence[CommitPair]) -> Iterator[Commit]:
    """Those of these commits that count, in the order given."""
    changes = history.changes(pairs)
    for id, parent in pairs:
        files = _files(history, changes.get(id, ()))
        if any(file.hunks for file in files):
            yield Commit(id, parent, files)


def _counting(history: History, pairs: Iterator[CommitPair]) -> Iterator[Commit]:
    while page := tuple(islice(pairs, _PAGE)):
        yield from read_commits(history, page)


def _files(history: History, changed: Sequence[ChangedFile]) -> tuple[FileChange, ...]:
    """The changes that count, in path order; nothing for a mass commit."""
    wanted = [change for change in changed if _counts(change)]
    if len(wanted) > MOST_FILES:
        return ()
    files = [file for change in wanted if (file := _read(history, change)) is not None]
    many = sum(len(file.hunks) for file in files) > MOST_HUNKS
    return () if many else tuple(files)


def _counts(change: ChangedFile) -> bool:
    if change.status == "type-changed" or left_out(change.path) is not None:
        return False
    try:
        check_path(change.path)
        check_path(change.old_path or change.path)
    except BadPath:
        return False
    # A change of mode alone keeps the blob; links and submodules have none.
    return change.old_blob != change.new_blob or change.status == "renamed"


def _read(history: History, change: ChangedFile) -> FileChange | None:
    before = text_of(history, change.old_blob)
    after = text_of(history, change.new_blob)
    match change.status:
        case "added" if after is not None:
            return FileChange("added", change.path, "", hunks_of(change.path, "", after))
        case "deleted" if before is not None:
            return FileChange("deleted", change.path, before, ())
        case "modified" if before is not None and after is not None:
            hunks = hunks_of(change.path, before, after)
            return FileChange("modified", change.path, before, hunks) if hunks else None
        case "renamed" if before is not None and after is not None:
            hunks = hunks_of(change.path, before, after)
            return FileChange("renamed", change.path, before, hunks, change.old_path)
        case _:
            return None


def text_of(history: History, blob: str | None) -> str | None:
    """What an editor would show; None for a file that does not count or cannot be had."""
    content = history.blob(blob) if blob is not None else None
    if content is None or unwritten(content) is not None:
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def hunks_of(path: str, before: str, after: str) -> tuple[Hunk, ...]:
    """The hunks from top to bottom; applying all makes `after`, but for line ends alone."""
    old, new = _lines(before), _lines(after)
    hunks: list[Hunk] = []
    for hunk in line_hunks(path, old, new):
        text = "".join(new[hunk.after_start : hunk.after_start + len(hunk.after)])
        if hunk.before_start == len(old) and old and bare(old[-1]) == old[-1]:
            # What follows a last line without a line end has to end that line first.
            text = f"\n{text}"
        hunks.append(Hunk(hunk.before_start, hunk.before, hunk.after, text))
    return tuple(hunks)


def _lines(text: str) -> list[str]:
    """Lines as people count them: the end of the last line does not begin another."""
    lines = split_lines(text)
    return lines if lines[-1] else lines[:-1]
