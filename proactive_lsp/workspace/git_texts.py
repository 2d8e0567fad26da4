"""The texts that a Git event carries: few and small, each file whole or left out."""

from collections.abc import Iterable, Iterator

from proactive_lsp.events import CommittedFile
from proactive_lsp.workspace.repository import ChangedFile, Repository
from proactive_lsp.workspace.tree import DiskTree, language_of


def changed_texts(
    changes: Iterable[ChangedFile], repository: Repository, budget: int
) -> Iterator[CommittedFile]:
    """The texts that fit into `budget` bytes; a renamed file is two."""
    for path, old, new in _sides(changes):
        if old == new or language_of(path) is None:
            continue
        texts = [_text(repository, blob) for blob in (old, new)]
        size = sum(len(text) for text in texts if text is not None)
        # A side that is there but cannot be read must not pass for one that is not there.
        if [text is None for text in texts] != [old is None, new is None] or size > budget:
            continue
        budget -= size
        yield CommittedFile(path, *texts)


def conflict_texts(
    paths: Iterable[str], head: str | None, repository: Repository, budget: int
) -> Iterator[CommittedFile]:
    """What git left in files with conflicts, markers included, and what `head` has there."""
    disk = disk_of(repository)
    for path in paths:
        text = disk.read(path)
        if text is None or language_of(path) is None or len(text) > budget:
            continue
        budget -= len(text)
        yield CommittedFile(path, as_text(repository.read(head, path)) if head else None, text)


def disk_of(repository: Repository) -> DiskTree:
    """The files of the working tree; none of them has to be named before it is read."""
    return DiskTree(repository.root, tracked=tuple)


def as_text(content: bytes | None) -> str | None:
    """The bytes as text without a byte order mark; None for what is no text."""
    if content is None or b"\0" in content:
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _sides(changes: Iterable[ChangedFile]) -> Iterator[tuple[str, str | None, str | None]]:
    for change in changes:
        if change.old_path is not None:
            yield (change.old_path, change.old_blob, None)
            yield (change.path, None, change.new_blob)
        else:
            yield (change.path, change.old_blob, change.new_blob)


def _text(repository: Repository, blob: str | None) -> str | None:
    return as_text(repository.blob(blob)) if blob is not None else None
