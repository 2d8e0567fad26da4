"""What a history still has to do: commits as texts that files are to have in the end.

A plan keeps no line numbers. Each time it is asked, what is left is worked out anew from the files
as they stand, so what an accepted suggestion did drops out, and the rest follows its lines.
"""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from proactive_lsp.evaluation.commits import Commit, FileChange, Hunk, hunks_of
from proactive_lsp.evaluation.labels import Pending
from proactive_lsp.evaluation.steps import text_after
from proactive_lsp.events import Change, span
from proactive_lsp.gym.environment import Environment
from proactive_lsp.workspace.documents import apply_changes
from proactive_lsp.workspace.kinds import ORDER, file_kind

# So often a developer writes the tests first.
_TESTS_FIRST = 0.2

What = Literal["create", "rename", "delete", "hunk"]


class Goal(Struct, frozen=True):
    """What one commit makes of one file; `target` None is "not there"."""

    path: str
    target: str | None
    old_path: str | None = None


class Chapter(Struct, frozen=True):
    """One commit of a plan, its files in the order in which they are worked on."""

    commit: str
    message: str
    goals: tuple[Goal, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that it touches."""
        named = ((goal.old_path, goal.path) for goal in self.goals)
        return tuple(dict.fromkeys(path for pair in named for path in pair if path is not None))


class Todo(Struct, frozen=True):
    """One thing that is left to do, in the lines of the file as it stands."""

    what: What
    goal: Goal
    path: str
    hunk: Hunk | None = None

    @property
    def characters(self) -> int:
        """How many are to be typed and deleted for it; a move of a file counts none."""
        hunk = self.hunk
        return 0 if hunk is None else sum(len(line) + 1 for line in (*hunk.before, *hunk.after))


class Size(Struct, frozen=True):
    """How much is left: things to do, and characters to type or delete for them."""

    todos: int
    characters: int

    def __sub__(self, other: "Size") -> "Size":
        return Size(self.todos - other.todos, self.characters - other.characters)


def chapter_of(commit: Commit, message: str, seed: int) -> Chapter:
    """A commit as a developer goes about it.

    Source first, then tests, documents and the rest; files of a kind in an order by the seed, and
    now and then the tests before all.
    """
    random = Random(f"{seed} {commit.id} order")  # noqa: S311 - for repetition, not secrecy
    order = sorted(ORDER, key=lambda kind: kind != "tests") if _tests_first(random) else ORDER
    drawn = {file.path: random.random() for file in commit.files}
    files = sorted(
        commit.files, key=lambda file: (order.index(file_kind(file.path)), drawn[file.path])
    )
    return Chapter(commit.id, message, tuple(map(_goal, files)))


def _tests_first(random: Random) -> bool:
    return random.random() < _TESTS_FIRST


def _goal(file: FileChange) -> Goal:
    return Goal(file.path, None if file.op == "deleted" else text_after(file), file.old_path)


class TodoList:
    """What is left of the chapters, the one at work first."""

    def __init__(self, chapters: Sequence[Chapter], desk: Environment) -> None:
        self._chapters = list(chapters)
        self._desk = desk
        self._known: dict[tuple[str, str], tuple[str, tuple[Hunk, ...]]] = {}

    @property
    def chapter(self) -> Chapter | None:
        """The commit that is being worked on; None when all is done."""
        return self._chapters[0] if self._chapters else None

    def turn(self) -> None:
        """The chapter is committed."""
        del self._chapters[0]
        self._known.clear()

    def give_up(self, goal: Goal) -> None:
        """What the chapter makes of this file cannot be done."""
        first = self._chapters[0]
        goals = tuple(each for each in first.goals if each != goal)
        self._chapters[0] = replace(first, goals=goals)

    def todos(self) -> tuple[Todo, ...]:
        """What is left of this chapter, in order."""
        goals = self._chapters[0].goals if self._chapters else ()
        return tuple(todo for goal in goals for todo in self._of(goal))

    def size(self) -> Size:
        """How much is left in all; each file counts with what its last chapter makes of it."""
        todos = [todo for goal in self._last_goals().values() for todo in self._of(goal)]
        return Size(len(todos), sum(todo.characters for todo in todos))

    def pending(self) -> tuple[Pending, ...]:
        """Every hunk that is still to come, of this chapter and the later ones, for a judge."""
        goals = [*self._chapters[0].goals, *self._last_goals().values()] if self._chapters else []
        todos = [todo for goal in dict.fromkeys(goals) for todo in self._of(goal)]
        return tuple(_pending(todos))

    def cost(self, path: str, text: str) -> int | None:
        """Characters to type and delete from this text of a file on; None where none is known.

        A file that the chapter at work does not touch is measured by what later ones make of it.
        """
        goals = self._chapters[0].goals if self._chapters else ()
        named = (goal for goal in goals if path in (goal.path, goal.old_path))
        goal = next(named, None) or self._last_goals().get(path)
        if goal is None or goal.target is None:
            return None
        return sum(
            len(line) + 1
            for hunk in hunks_of(path, text, goal.target)
            for line in (*hunk.before, *hunk.after)
        )

    def _last_goals(self) -> Mapping[str, Goal]:
        return {goal.path: goal for chapter in self._chapters for goal in chapter.goals}

    def _of(self, goal: Goal) -> Iterator[Todo]:
        text = self._desk.text(goal.path)
        if goal.target is None:
            if text is not None:
                yield Todo("delete", goal, goal.path)
            return
        path = goal.path
        if text is None and goal.old_path is not None:
            text = self._desk.text(goal.old_path)
            if text is not None:
                path = goal.old_path
                yield Todo("rename", goal, path)
        if text is None:
            (hunk, *_) = hunks_of(path, "", goal.target) or (None,)
            yield Todo("create", goal, path, hunk)
            return
        for hunk in self._hunks(path, text, goal.target):
            yield Todo("hunk", goal, path, hunk)

    def _hunks(self, path: str, text: str, target: str) -> tuple[Hunk, ...]:
        known = self._known.get((path, target))
        if known is None or known[0] != text:
            known = self._known[path, target] = (text, hunks_of(path, text, target))
        return known[1]


def after_hunk(text: str, hunk: Hunk) -> str:
    """The text once a hunk is typed."""
    end = hunk.start + len(hunk.before)
    return apply_changes(text, [Change(span(hunk.start, 0, end, 0), hunk.text)])


def _pending(todos: Sequence[Todo]) -> Iterator[Pending]:
    for number, todo in enumerate(todos):
        if todo.hunk is not None:
            first = todo.hunk.start
            last = first + max(len(todo.hunk.before) - 1, 0)
            yield Pending(number, todo.path, todo.goal.path, first, last, todo.hunk)
