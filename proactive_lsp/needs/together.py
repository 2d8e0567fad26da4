"""Notice files that usually change along with those just changed, by the repository's own log.

    7 of the last 9 commits that touched cli.py touched docs/usage.md, too

points at docs/usage.md when cli.py was edited and it was not.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from posixpath import basename

from msgspec import Struct

from proactive_lsp.needs.habits import foreseen
from proactive_lsp.needs.pointing import named, where, whole_file, worked_on
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.kinds import file_kind

KIND = "together"
MOST_PLACES = 3
LEAST = 0.15
# From so many common commits on, more of them say nothing further.
MANY_COMMITS = 20


class _Habit(Struct, frozen=True):
    """Of `commits` commits that touched `path`, so many touched `other`, too."""

    path: str
    other: str
    both: int
    commits: int
    likely: float
    agreed: int

    @property
    def share(self) -> float:
        return self.both / self.commits


def detect(situation: Situation) -> Iterator[Need]:
    """One need per file worked on with habits that were not followed, three places in all."""
    work = worked_on(situation)
    groups: dict[str, list[_Habit]] = {}
    for habit in islice(_habits(situation, tuple(work)), MOST_PLACES):
        groups.setdefault(habit.path, []).append(habit)
    for path, habits in groups.items():
        at = where(work[path][0])
        others = [habit.other for habit in habits]
        yield Need(
            kind=KIND,
            path=path,
            range=at,
            anchor="",
            title=f"Look at {named(others)}: usually changed with {basename(path)}",
            facts=(Fact(f"`{path}` changed", path, at.start.line), *map(_fact, habits)),
            places=tuple(map(_place, habits)),
            features={"touched-files": min(len(work), 8) / 8},
        )


def _habits(situation: Situation, work: Sequence[str]) -> Iterator[_Habit]:
    """The files most likely still to be touched, each with the edited file that tells it best."""
    past = situation.past
    touched = frozenset((*situation.touched, *work))
    known: frozenset[str] | None = None
    for other, likely in foreseen(past, touched).items() if work else ():
        if likely < LEAST:
            return
        told = [(past.together(path).get(other, 0), path) for path in work]
        both, path = max(told, key=lambda each: each[0])
        known = known if known is not None else frozenset(situation.tree.paths())
        if both and other in known:
            agreed = sum(count > 0 for count, _ in told)
            yield _Habit(path, other, both, past.commits_of(path), likely, agreed)


def _fact(habit: _Habit) -> Fact:
    return Fact(
        f"{habit.both} of {habit.commits} commits of it touched `{habit.other}`", habit.other
    )


def _place(habit: _Habit) -> Place:
    return whole_file(
        habit.other,
        features={
            "likely": habit.likely,
            "share": habit.share,
            "both": min(habit.both, MANY_COMMITS) / MANY_COMMITS,
            "agreed": min(habit.agreed, 4) / 4,
            "tests": float(file_kind(habit.other) == "tests"),
            "changelog": float(file_kind(habit.other) == "changelog"),
        },
    )
