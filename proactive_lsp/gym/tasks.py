"""Which sessions a run makes: one for each commit, one for a branch, one for a script or scene."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from msgspec import Struct

from proactive_lsp.evaluation.benchmark import MOST_FILES
from proactive_lsp.evaluation.commits import read_commits, select
from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.evaluation.sources import head_of, name_of, open_history
from proactive_lsp.gym.scene import Scene
from proactive_lsp.gym.script import Script
from proactive_lsp.gym.stage import Task
from proactive_lsp.workspace.git_history import History
from proactive_lsp.workspace.tree import GitTree

_SHA1 = 40  # hex digits; sessions know no other
# A longer branch is no one's afternoon.
_MOST_ON_A_BRANCH = 200


class Planned(Struct, frozen=True):
    """The tasks of a run; `left_out` says of each commit that is not played why."""

    tasks: tuple[Task, ...]
    left_out: tuple[str, ...] = ()


def commit_tasks(repo: Path, most: int) -> Planned:
    """The newest commits that count, a session each; raises `EvaluationError`."""
    history = open_history(repo)
    try:
        head = head_of(history, repo)
        _check_ids(head)
        tasks: list[Task] = []
        left_out: list[str] = []
        for commit in select(history, head, most=most):
            problem = _too_large(history, commit.parent)
            if problem is not None:
                left_out.append(f"{commit.id[:12]}: {problem}")
                continue
            name = f"{name_of(repo)} {commit.id[:12]}"
            file = f"{commit.id[:12]}.jsonl"
            tasks.append(Task(name, file, commit.parent, (commit.id,)))
    finally:
        history.close()
    if not tasks:
        reason = left_out[0] if left_out else "no commit counts; is it shallow, or all merges?"
        raise EvaluationError(f"{repo}: {reason}")
    return Planned(tuple(tasks), tuple(left_out))


def branch_task(repo: Path, branch: str) -> Planned:
    """The commits that a branch has and HEAD has not, as one session; up to its first merge.

    Raises `EvaluationError`, for the branch that HEAD is on among others, which has none.
    """
    history = open_history(repo)
    try:
        head, tip = head_of(history, repo), head_of(history, repo, branch)
        _check_ids(tip)
        line = _line(history, tip, head)
        if not line:
            raise EvaluationError(
                f"{repo}: branch {branch} has no commit of its own that HEAD has not, so there "
                "is nothing to play; check out another branch, or play --commits"
            )
        merge = next((n for n, (_, parents) in enumerate(line) if len(parents) != 1), len(line))
        played, rest = line[:merge], line[merge:]
        if not played:
            raise EvaluationError(f"{repo}: branch {branch} begins with a merge; play --commits")
        left_out = [f"{id[:12]}: it comes after a merge" for id, _ in rest]
        if len(played) > _MOST_ON_A_BRANCH:
            left_out += (f"{id[:12]}: the branch is long" for id, _ in played[_MOST_ON_A_BRANCH:])
            played = played[:_MOST_ON_A_BRANCH]
        pairs = [(id, parents[0]) for id, parents in played]
        counting = [commit.id for commit in read_commits(history, pairs)]
        left_out += (f"{id[:12]}: it does not count" for id, _ in pairs if id not in counting)
        start = pairs[0][1]
        problem = "no commit of it counts" if not counting else _too_large(history, start)
        if problem is not None:
            raise EvaluationError(f"{repo}: branch {branch}: {problem}")
    finally:
        history.close()
    file = "".join(sign if sign.isalnum() else "-" for sign in branch)
    name = f"{name_of(repo)} {branch}"
    return Planned((Task(name, f"{file}.jsonl", start, tuple(counting)),), tuple(left_out))


def script_task(script: Script, repo: Path | None) -> Planned:
    """What a script does, over its own files or the head of a repository."""
    start = None if script.files is not None else _head(repo, "the script has no [files]")
    return Planned((Task(script.name, f"{_slug(script.name)}.jsonl", start, script=script),))


def scene_tasks(scenes: Sequence[Scene], repo: Path | None) -> Planned:
    """One session for each scene, over its own files or the head of a repository."""
    tasks: dict[str, Task] = {}
    for scene in scenes:
        start = None if scene.files is not None else _head(repo, "the scene has no [files]")
        if scene.name in tasks:
            raise EvaluationError(f"two scenes are called {scene.name}; give one another name")
        tasks[scene.name] = Task(scene.name, f"{scene.name}.jsonl", start, scene=scene)
    return Planned(tuple(tasks.values()))


def _head(repo: Path | None, why: str) -> str:
    if repo is None:
        raise EvaluationError(f"{why}, so say where to work: give --repo DIR")
    history = open_history(repo)
    try:
        head = head_of(history, repo)
        _check_ids(head)
        if (problem := _too_large(history, head)) is not None:
            raise EvaluationError(f"{repo}: {problem}")
        return head
    finally:
        history.close()


def _line(history: History, tip: str, head: str) -> list[tuple[str, tuple[str, ...]]]:
    """The first-parent line from the first commit that `head` has not to the tip, oldest first."""
    known = {id for id, _ in history.parents(head)}
    line: list[tuple[str, tuple[str, ...]]] = []
    at: str | None = tip
    while at is not None and at not in known:
        facts = history.commit(at)
        if facts is None:
            break
        line.append((at, facts.parents))
        at = facts.parents[0] if facts.parents else None
    return line[::-1]


def _too_large(history: History, commit: str) -> str | None:
    tree = history.tree(commit)
    if tree is None:
        return "the files of its parent are missing, as where a shallow clone ends"
    if len(tree.paths()) > MOST_FILES:
        return f"it has more than {MOST_FILES} files"
    if not any(True for _ in islice(GitTree(tree).paths(), 1)):
        return "its parent has no files"
    return None


def _check_ids(id: str) -> None:
    if len(id) != _SHA1:
        raise EvaluationError("a repository with SHA-256 ids cannot be played; sessions know SHA-1")


def _slug(name: str) -> str:
    slug = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in name)
    return slug.strip("-")[:80] or "script"
