"""Turn two states of a repository into the Git events that lead from one to the other.

HEAD's reflog says what was done, step by step; where it is missing or speaks of something else,
the commits themselves tell. Events carry the texts of the files that changed.
"""

import re
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from proactive_lsp.events import Git
from proactive_lsp.workspace.git_push import BY_PUSH
from proactive_lsp.workspace.git_stash import stash_moment
from proactive_lsp.workspace.git_texts import changed_texts, conflict_texts
from proactive_lsp.workspace.repository import Repository, RepositoryState

MAX_MOMENTS = 20  # of one look; of more commits only the newest become events
MAX_PATHS = 1_000  # of one event
MAX_MESSAGE = 4_000  # characters

_Op = Literal["commit", "checkout", "merge", "rebase"]
_Told = _Op | Literal["inside a rebase"]


class _Step(Struct, frozen=True):
    op: _Op
    old: str | None
    new: str
    branch: str | None


# What the start of a reflog message means; the first that matches counts. Further actions (a tool
# may name its own) are told from the commits.
_ACTIONS: tuple[tuple[re.Pattern[str], _Told], ...] = (
    (re.compile(r"(rebase|pull)\b[^:]*(\((finish|abort)\)|finished|aborted):"), "rebase"),
    (re.compile(r"rebase\b|pull\b[^:]*\("), "inside a rebase"),
    (re.compile(r"commit \(merge\):|(merge|pull)\b"), "merge"),
    (re.compile(r"(commit|cherry-pick|revert|am)\b"), "commit"),
    (re.compile(r"(checkout|reset)\b"), "checkout"),
)
_MOVED = re.compile(r"checkout: moving from \S+ to (\S+)")
_REBASE_START = re.compile(r"(rebase|pull)\b[^:]*\(start\):")


def moments(
    before: RepositoryState,
    after: RepositoryState,
    repository: Repository,
    t: float,
    *,
    max_files: int = 20,
    max_bytes: int = 200_000,
) -> tuple[Git, ...]:
    """What happened between two states, oldest first; nothing when they tell no story.

    Each brings the texts of at most `max_files` files, `max_bytes` in all: also of those that the
    editor told about, since a move changes them under it. The repository's helper process is ended.
    """
    if before == after:
        return ()
    try:
        steps = _steps(before, after, repository)[-MAX_MOMENTS:]
        found = [
            _event(step, repository, t, max_files=max_files, max_bytes=max_bytes) for step in steps
        ]
        # While a rebase is in progress HEAD is detached, from the branch that it rebases.
        branch = before.branch if after.rebasing and after.branch is None else after.branch
        plain = Git(t=t, op="stage", head=after.head, branch=branch)
        found += _progress("merge", _joining(before), _joining(after), found, plain)
        found += _progress("rebase", before.rebasing, after.rebasing, found, plain)
        if _conflicts_anew(before, after):
            paths = after.unmerged[:MAX_PATHS]
            texts = conflict_texts(paths[:max_files], after.head, repository, max_bytes)
            found.append(replace(plain, op="conflict", paths=paths, files=tuple(texts)))
        elif after.unmerged != before.unmerged and not found:
            found.append(replace(plain, op="conflict", paths=after.unmerged[:MAX_PATHS]))
        if after.stash != before.stash:
            found += stash_moment(
                before,
                after,
                repository,
                plain,
                max_paths=MAX_PATHS,
                max_files=max_files,
                max_bytes=max_bytes,
            )
        found += _staging(before, after, repository, found, plain)
        if _was_pushed(before, after, repository):
            found.append(replace(plain, op="push", head=after.pushed))
    finally:
        repository.close()
    return tuple(found)


def _conflicts_anew(before: RepositoryState, after: RepositoryState) -> bool:
    """Whether there are conflicts that were not there: in other files, or of another step."""
    if set(after.unmerged) - set(before.unmerged):
        return True
    return bool(after.unmerged) and after.rebasing and after.head != before.head


def _staging(
    before: RepositoryState,
    after: RepositoryState,
    repository: Repository,
    told: list[Git],
    plain: Git,
) -> list[Git]:
    """What is staged now: told by itself, with conflicts that were resolved, or left by a move."""
    if after.index == before.index and not told:
        return []
    resolved = [event.op for event in told] == ["conflict"] and not _conflicts_anew(before, after)
    if told and not resolved:
        moved = not after.busy and not after.unmerged
        left = repository.staged()[:MAX_PATHS] if moved else ()
        return [replace(plain, paths=left)] if left else []
    return [replace(plain, paths=repository.staged()[:MAX_PATHS])]


def _was_pushed(before: RepositoryState, after: RepositoryState, repository: Repository) -> bool:
    """Whether the remote's branch moved because of us; a fetch moves it, too."""
    if after.pushed in (None, before.pushed) or after.branch != before.branch:
        return False
    reason = repository.pushed_by()
    if reason is not None:
        return reason.startswith(BY_PUSH)
    return after.pushed == after.head == before.head


def _steps(before: RepositoryState, after: RepositoryState, repository: Repository) -> list[_Step]:
    """The moves of HEAD that mean something to the user, oldest first."""
    steps: list[_Step] = []
    at, branch, rebased_from = before.head, before.branch, before.head
    entries = repository.head_moves(before, after)
    # The look came between the reflog and HEAD: the move is told the next time.
    if entries and entries[-1].new != after.head and entries[-1].old == after.head:
        entries = entries[:-1]
    for entry in entries:
        old = entry.old or at
        if _REBASE_START.match(entry.message):
            rebased_from = old
        moved = _MOVED.match(entry.message)
        target = branch
        if moved is not None:
            target = moved[1] if repository.has_branch(moved[1]) else None
        told: Iterator[_Told] = (op for pattern, op in _ACTIONS if pattern.match(entry.message))
        op = next(told, None) or _guess(old, entry.new, repository)
        if op == "rebase":
            steps.append(_Step(op, rebased_from, entry.new, target))
        elif op != "inside a rebase" and (old != entry.new or target != branch):
            steps.append(_Step(op, old, entry.new, target))
        at, branch = entry.new, target
    if after.rebasing or after.head is None:
        return steps
    # Without a reflog, or with one that does not reach the present.
    if at != after.head or (not steps and branch != after.branch):
        steps.append(_Step(_guess(at, after.head, repository), at, after.head, branch))
    if steps:
        steps[-1] = replace(steps[-1], branch=after.branch)
    return steps


def _guess(old: str | None, new: str, repository: Repository) -> _Op:
    """What a move of HEAD was, from the commits alone."""
    made = repository.commit(new)
    left = repository.commit(old) if old is not None else None
    if made is None or old == new:
        return "checkout"
    if old is None or (left is not None and left.parents == made.parents):
        return "commit"  # the first one, or an amended one
    if old not in made.parents:
        return "checkout"
    return "merge" if len(made.parents) > 1 else "commit"


def _event(
    step: _Step,
    repository: Repository,
    t: float,
    *,
    max_files: int,
    max_bytes: int,
) -> Git:
    facts = repository.commit(step.new) if step.op in ("commit", "merge") else None
    old = step.old
    if step.op == "commit" and old is not None and facts and old not in facts.parents:
        # An amended commit is told whole: what it owes did not begin with the amendment.
        old = facts.parents[0] if facts.parents else None
    changes = repository.changed(old, step.new)
    files = changed_texts(changes, repository, max_bytes)
    paths = dict.fromkeys(
        path for change in changes for path in (change.old_path, change.path) if path is not None
    )
    return Git(
        t=t,
        op=step.op,
        head=step.new,
        branch=step.branch,
        paths=tuple(paths)[:MAX_PATHS],
        message=facts.message[:MAX_MESSAGE] if facts is not None else None,
        files=tuple(file for file, _ in zip(files, range(max_files), strict=False)),
    )


def _joining(state: RepositoryState) -> bool:
    """Whether something is being joined by hand: a merge, a pick, conflicts of any origin."""
    return state.merging or (not state.rebasing and (state.picking or bool(state.unmerged)))


def _progress(
    op: Literal["merge", "rebase"], before: bool, after: bool, told: list[Git], plain: Git
) -> list[Git]:
    """The start of an operation of several steps, or an end that no move of HEAD told of."""
    if after and not before:
        return [replace(plain, op=op, phase="started")]
    if before and not after and all(event.op != op for event in told):
        return [replace(plain, op=op, phase="finished")]
    return []
