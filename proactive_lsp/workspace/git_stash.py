"""Tell whether a stash was put away, taken back or thrown away, and with which texts."""

from collections.abc import Iterator

from msgspec.structs import replace

from proactive_lsp.events import CommittedFile, Git
from proactive_lsp.workspace.git_texts import changed_texts, disk_of
from proactive_lsp.workspace.repository import ChangedFile, Repository, RepositoryState


def stash_moment(
    before: RepositoryState,
    after: RepositoryState,
    repository: Repository,
    plain: Git,
    *,
    max_paths: int,
    max_files: int,
    max_bytes: int,
) -> Iterator[Git]:
    """One event, `plain` made a stash: "started" when it was put away, "finished" when taken back.

    Nothing for one that was dropped, which leaves the files alone.
    """
    kept = repository.stashes()
    put_away = after.stash if before.stash is None or before.stash in kept[:-1] else None
    stash = put_away or before.stash
    if stash is None:
        return
    changes = _stashed(stash, repository)
    if put_away is not None:
        changes = tuple(map(_reverted, changes))
    files = list(changed_texts(changes, repository, max_bytes))[:max_files]
    if put_away is None:
        files, untouched = _taken_back(files, repository)
        if untouched:
            return
    yield replace(
        plain,
        op="stash",
        phase="started" if put_away is not None else "finished",
        paths=tuple(change.path for change in changes)[:max_paths],
        files=tuple(files),
    )


def _stashed(stash: str, repository: Repository) -> tuple[ChangedFile, ...]:
    """What a stash holds against the commit it was made on.

    Untracked files are its third parent.
    """
    facts = repository.commit(stash)
    if facts is None or len(facts.parents) < 2:
        return ()
    base, _, *rest = facts.parents
    untracked = repository.changed(None, rest[0]) if rest else ()
    changes = (*repository.changed(base, stash), *untracked)
    # A renamed file is one that went and one that came.
    return tuple(part for change in changes for part in _parts(change))


def _parts(change: ChangedFile) -> Iterator[ChangedFile]:
    if change.old_path is None:
        yield change
    else:
        yield ChangedFile("deleted", change.old_path, None, change.old_blob, None)
        yield ChangedFile("added", change.path, None, None, change.new_blob)


def _reverted(change: ChangedFile) -> ChangedFile:
    return replace(change, old_blob=change.new_blob, new_blob=change.old_blob)


def _taken_back(
    files: list[CommittedFile], repository: Repository
) -> tuple[list[CommittedFile], bool]:
    """The files that have the stash's text now; and whether all have the one from before.

    A file that was merged with the stash has neither: nobody knows what it was.
    """
    disk = disk_of(repository)
    now = {file.path: _plain(disk.read(file.path)) for file in files}
    found = [file for file in files if now[file.path] == _plain(file.after)]
    untouched = bool(files) and all(now[file.path] == _plain(file.before) for file in files)
    return found, untouched


def _plain(text: str | None) -> str | None:
    # Git may write other line ends than it keeps.
    return text.replace("\r\n", "\n") if text is not None else None
