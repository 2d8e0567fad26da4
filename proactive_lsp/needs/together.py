"""Notice files that usually change along with those just changed, by the repository's own log.

    7 of the last 9 commits that touched cli.py touched docs/usage.md, too

points at docs/usage.md when cli.py was edited and it was not.
"""

from collections.abc import Iterator
from itertools import islice
from posixpath import basename

from msgspec import Struct

from proactive_lsp.needs.pointing import named, where, whole_file, worked_on
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need
from proactive_lsp.workspace.kinds import file_kind

KIND = "together"
MOST_PLACES = 3
MOST_SOURCES = 8
LEAST_SHARE = 0.25
FEWEST_COMMITS = 3
# From so many common commits on, more of them say nothing further.
MANY_COMMITS = 20


class _Habit(Struct, frozen=True):
    """Of `commits` commits that touched `path`, so many touched `other`, too."""

    path: str
    other: str
    both: int
    commits: int

    @property
    def share(self) -> float:
        return self.both / self.commits

    @property
    def weight(self) -> float:
        """The share, held back while there are few commits to tell it from."""
        return self.both / (self.commits + 2)


def detect(situation: Situation) -> Iterator[Need]:
    """One need per file worked on with habits that were not followed, three places in all."""
    best: dict[str, _Habit] = {}
    agreed: dict[str, int] = {}
    for habit in _habits(situation):
        agreed[habit.other] = agreed.get(habit.other, 0) + 1
        known = best.get(habit.other)
        if known is None or habit.weight > known.weight:
            best[habit.other] = habit
    ranked = sorted(best.values(), key=lambda habit: (-habit.weight, habit.other))
    groups: dict[str, list[_Habit]] = {}
    for habit in ranked[:MOST_PLACES]:
        groups.setdefault(habit.path, []).append(habit)
    work = worked_on(situation)
    for path, habits in groups.items():
        first, at = habits[0], where(work[path][0])
        others = [habit.other for habit in habits]
        yield Need(
            kind=KIND,
            path=path,
            range=at,
            anchor="",
            title=f"Look at {named(others)}: usually changed with {basename(path)}",
            facts=(
                Fact(f"`{path}` changed", path, at.start.line),
                *(
                    Fact(
                        f"{habit.both} of {habit.commits} commits of it touched `{habit.other}`",
                        habit.other,
                    )
                    for habit in habits
                ),
            ),
            places=tuple(
                whole_file(
                    habit.other,
                    features={
                        "share": habit.share,
                        "both": min(habit.both, MANY_COMMITS) / MANY_COMMITS,
                        "agreed": min(agreed[habit.other], 4) / 4,
                        "tests": float(file_kind(habit.other) == "tests"),
                        "changelog": float(file_kind(habit.other) == "changelog"),
                    },
                )
                for habit in habits
            ),
            features={"share": first.share, "commits": min(first.commits, 50) / 50},
        )


def _habits(situation: Situation) -> Iterator[_Habit]:
    touched = frozenset((*situation.touched, *worked_on(situation)))
    known: frozenset[str] | None = None
    for path in islice(worked_on(situation), MOST_SOURCES):
        commits = situation.past.commits_of(path)
        if commits < FEWEST_COMMITS:
            continue
        for other, both in situation.past.together(path).items():
            if both < FEWEST_COMMITS or both / commits < LEAST_SHARE or other in touched:
                continue
            known = known if known is not None else frozenset(situation.tree.paths())
            if other in known:
                yield _Habit(path, other, both, commits)
