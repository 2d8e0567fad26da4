"""Live through one task of the gym from beginning to end: a value goes in, a session comes out.

Nothing is written but a temporary folder, so a task can be done in any process, or on another
machine that sees the same repository.
"""

import asyncio
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal

from msgspec import Struct

from proactive_lsp import assembly
from proactive_lsp.clock import VirtualClock
from proactive_lsp.evaluation.commits import read_commits
from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.evaluation.mining import date_of
from proactive_lsp.evaluation.sources import open_history
from proactive_lsp.events import Event
from proactive_lsp.gym.clone import Clone, clone_commit, new_repository
from proactive_lsp.gym.environment import Environment
from proactive_lsp.gym.episode import MOST_ACTS, Episode
from proactive_lsp.gym.history_user import HistoryUser
from proactive_lsp.gym.rhythm import Rhythm
from proactive_lsp.gym.room import room
from proactive_lsp.gym.rows import Row, row_of
from proactive_lsp.gym.scene import Scene
from proactive_lsp.gym.script import Script
from proactive_lsp.gym.scripted_user import ScriptedUser
from proactive_lsp.gym.temperament import TEMPERAMENTS
from proactive_lsp.gym.terminal import Terminal
from proactive_lsp.gym.todo import Chapter, chapter_of
from proactive_lsp.gym.user import User
from proactive_lsp.gym.written import encode_session, labels_of
from proactive_lsp.replay.session import FilesWorkspace, GitWorkspace, Header, Workspace
from proactive_lsp.settings import Settings
from proactive_lsp.workspace.git_history import History
from proactive_lsp.workspace.past import Past
from proactive_lsp.workspace.tree import FilesTree, GitTree, Tree

CLIENT = "proactive-lsp gym"
Kind = Literal["history", "scripted", "model"]


class GymOptions(Struct, frozen=True):
    """How sessions are lived through; the same for all of a run.

    `repo` is absolute. `allow` are the programs that may run in the sandbox.
    """

    user: Kind
    repo: str | None = None
    repository: str = ""
    temperament: str = "patient"
    seed: int = 0
    labels: bool = False
    allow: tuple[str, ...] = ()
    model: str | None = None
    host: str | None = None
    acts: int = MOST_ACTS


class Task(Struct, frozen=True):
    """One session to make: over the files of `start`, a commit, or over those of its script.

    `file` is what its session is called; `commits` are what a history user plays, oldest first.
    """

    name: str
    file: str
    start: str | None = None
    commits: tuple[str, ...] = ()
    script: Script | None = None
    scene: Scene | None = None


class Lived(Struct, frozen=True):
    """What came of a task: the session file, and its row."""

    session: bytes
    row: Row


class _Ground(Struct, frozen=True):
    """What a session stands on: the files as the engine and its replay know them."""

    base: Tree
    past: Past
    workspace: Workspace
    clone: Callable[[Path], Clone]


def live_through(options: GymOptions, task: Task) -> Lived:
    """Live through a task; raises `EvaluationError` when it cannot be begun."""
    ground = _ground(options, task)
    with room() as folder:
        clone = ground.clone(folder / "work")
        try:
            return _lived(options, task, ground, clone)
        finally:
            clone.close()


def _lived(options: GymOptions, task: Task, ground: _Ground, clone: Clone) -> Lived:
    seed = f"{options.seed} {task.name}"
    desk = Environment(clone, Rhythm(f"{seed} rhythm"), Terminal(options.allow))
    clock, events = VirtualClock(), list[Event]()
    scheduler = assembly.for_replay(
        Settings(), base=ground.base, clock=clock, past=ground.past, sink=events.append
    )
    user = _user(options, task, desk, seed)
    episode = Episode(user, desk, scheduler, clock)
    try:
        told = asyncio.run(episode.live(options.acts))
    finally:
        scheduler.close()
    labels = tuple(labels_of(told)) if options.labels else ()
    header = Header(
        name=task.name, created=_created(options, task), client=CLIENT, workspace=ground.workspace
    )
    row = row_of(
        task.name,
        task.file,
        task.commits,
        told,
        events=len(events),
        seconds=desk.now,
        model=user.asked,
    )
    return Lived(encode_session(header, events, labels), row)


def _user(options: GymOptions, task: Task, desk: Environment, seed: str) -> User:
    match options.user:
        case "history":
            chapters = _chapters(options, task.commits)
            return HistoryUser(chapters, desk, TEMPERAMENTS[options.temperament], seed)
        case "scripted":
            assert task.script is not None, "a scripted user has a script"
            return ScriptedUser(task.script, seed)
        case "model":
            # Its adapter is loaded for those who ask for it.
            from proactive_lsp.gym.model_user import model_user

            assert task.scene is not None, "a model user has a scene"
            return model_user(task.scene, options.model, options.host, options.seed)


def _ground(options: GymOptions, task: Task) -> _Ground:
    files = task.script.files if task.script is not None else None
    files = files or (task.scene.files if task.scene is not None else None)
    if task.start is None:
        texts = dict(files or {})
        return _Ground(
            FilesTree(texts), Past(), FilesWorkspace(texts), lambda to: new_repository(to, texts)
        )
    assert options.repo is not None, "a commit has a repository"
    history, start = _opened(options.repo), task.start
    tree, objects = history.tree(start), history.object_folder()
    if tree is None or objects is None:
        raise EvaluationError(f"{options.repo}: the files of commit {start[:12]} are missing")
    return _Ground(
        GitTree(tree),
        history.past(start),
        GitWorkspace(start, options.repository),
        lambda to: clone_commit(to, objects, start),
    )


def _chapters(options: GymOptions, commits: Sequence[str]) -> list[Chapter]:
    assert options.repo is not None, "a commit has a repository"
    history = _opened(options.repo)
    pairs = [
        (id, facts.parents[0])
        for id in commits
        if (facts := history.commit(id)) is not None and len(facts.parents) == 1
    ]
    found = {commit.id: commit for commit in read_commits(history, pairs)}
    messages = {id: facts.message for id, _ in pairs if (facts := history.commit(id)) is not None}
    return [chapter_of(found[id], messages[id], options.seed) for id, _ in pairs if id in found]


def _created(options: GymOptions, task: Task) -> str:
    if task.start is None or options.repo is None:
        return ""
    facts = _opened(options.repo).commit(task.commits[-1] if task.commits else task.start)
    return date_of(facts.time) if facts is not None else ""


@lru_cache(maxsize=1)
def _opened(path: str) -> History:
    """One history for all tasks of a process, so that its blobs stay."""
    return open_history(Path(path))
