"""Whether a place was done after all, by one of the next commits that touch its file.

Known from the labels' side alone, once the engine has spoken. A place that no later hunk of its
own commit touches is followed to where its lines stand when the commit is done (`with_ends`), and
from there along the commits that lead to the head of the benchmark (`Later`). A commit of a side
branch leads to the merge, and on from there. A merge counts as one commit, with all that it
brought; where a side branch ends, the merge brings what others did meanwhile, which moves lines
but answers nothing. A place whose file is deleted, or no longer text, was not done; a whole file
is done when one of the very next commits touches it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from proactive_lsp.evaluation.commits import hunks_of, text_of
from proactive_lsp.evaluation.labels import Alarm, JudgedSpot, Lines, Pending, Spot, near
from proactive_lsp.evaluation.steps import Desk, Step
from proactive_lsp.workspace.git_history import History
from proactive_lsp.workspace.repository import ChangedFile

# So many commits that touch the file may pass until a place is done.
COMMITS = 10
# A file that nobody touches for so many commits is not waited for.
FARTHEST = 2_000
_AT_A_TIME = 500  # commits compared

_Hunks = Sequence[tuple[int, int, int]]  # first and last line before, and by how many it grows


class _Way(Struct, frozen=True):
    """From one commit to the next; of a merge, `parent` tells which of its parents one stood at."""

    to: str
    parent: int


def names_to_come(steps: Sequence[Step], desk: Desk) -> Mapping[str, str | None]:
    """What the files of the steps to come are called by now, and in the end; None when deleted."""
    return {
        desk.path(step.file): None if step.file.op == "deleted" else step.file.path
        for step in steps
    }


def with_ends(
    alarm: Alarm,
    spots: Sequence[Spot],
    later: Sequence[Pending],
    names: Mapping[str, str | None],
    *,
    whole: bool = False,
) -> Alarm:
    """The alarm with where each spot stands once the commit is done, if no hunk touches it.

    A whole file has such an end only if asked for: most are touched sooner or later.
    """
    ends = tuple(
        judged
        if judged.hunks or (spot.lines is None and not whole)
        else replace(judged, end=_end(spot, later, names))
        for judged, spot in zip(alarm.spots, spots, strict=True)
    )
    return replace(alarm, spots=ends)


def _end(spot: Spot, later: Sequence[Pending], names: Mapping[str, str | None]) -> Spot | None:
    path = names.get(spot.path, spot.path) if spot.path is not None else None
    if path is None or spot.lines is None:
        return Spot(path) if path is not None else None
    hunks = [
        (hunk.first, hunk.last, len(hunk.hunk.after) - len(hunk.hunk.before))
        for hunk in later
        if hunk.path == spot.path
    ]
    return Spot(path, _moved(spot.lines, hunks))


def _moved(lines: Lines, hunks: _Hunks) -> Lines | None:
    """Where lines are after hunks that are told in lines of before; None when one touches them."""
    if any(near(lines, first, last) for first, last, _ in hunks):
        return None
    grown = sum(growth for _, last, growth in hunks if last < lines[0])
    return lines[0] + grown, lines[1] + grown


class Later:
    """The commits that follow on those that were lived through, up to the head."""

    def __init__(self, history: History, head: str, commits: Collection[str]) -> None:
        self._history = history
        self._ways = _ways(history, head, commits)
        self._changes = _changes(history, self._ways, commits)
        self._hunks: dict[tuple[str, str], _Hunks | None] = {}

    def judge(self, commit: str, alarms: Iterable[Alarm]) -> tuple[Alarm, ...]:
        """The alarms of a commit, each spot with whether it was done later; None at the head."""
        return tuple(
            replace(alarm, spots=self.judge_spots(commit, alarm.spots)) for alarm in alarms
        )

    def judge_spots(self, commit: str, spots: Iterable[JudgedSpot]) -> tuple[JudgedSpot, ...]:
        """The same of spots that are on no card."""
        if commit not in self._ways:
            return tuple(spots)
        return tuple(
            replace(spot, later=bool(spot.hunks) or self._done(commit, spot.end)) for spot in spots
        )

    def _done(self, commit: str, spot: Spot | None) -> bool:
        if spot is None:
            return False
        path = spot.path or ""
        if spot.lines is None:
            return self._touched(commit, path)
        return self._edited(commit, path, spot.lines)

    def _touched(self, commit: str, path: str) -> bool:
        """Of a whole file: whether the very next commits touch it."""
        for way, changes in islice(self._steps(commit), COMMITS):
            if path in changes and way.parent == 0:
                return True
        return False

    def _edited(self, commit: str, path: str, lines: Lines) -> bool:
        """Whether one of the next commits that touch the file touches these lines."""
        passed = 0
        for way, changes in self._steps(commit):
            change = changes.get(path)
            if change is None:
                continue
            hunks = self._hunks_of(change)
            if hunks is None:
                return False
            moved = _moved(lines, hunks)
            if moved is None:
                return way.parent == 0
            path, lines = change.path, moved
            passed += way.parent == 0 and change.old_blob != change.new_blob
            if passed == COMMITS:
                break
        return False

    def _steps(self, commit: str) -> Iterator[tuple[_Way, Mapping[str, ChangedFile]]]:
        for way in _along(self._ways, commit):
            yield way, self._changes.get(way, {})

    def _hunks_of(self, change: ChangedFile) -> _Hunks | None:
        """What a commit did to a file, None when it is gone or no text that counts."""
        old, new = change.old_blob, change.new_blob
        if old is None or new is None:
            return None
        if (old, new) not in self._hunks:
            self._hunks[old, new] = self._compared(change.path, old, new)
        return self._hunks[old, new]

    def _compared(self, path: str, old: str, new: str) -> _Hunks | None:
        if old == new:
            return ()
        before, after = text_of(self._history, old), text_of(self._history, new)
        if before is None or after is None:
            return None
        return [
            (
                hunk.start,
                hunk.start + max(len(hunk.before) - 1, 0),
                len(hunk.after) - len(hunk.before),
            )
            for hunk in hunks_of(path, before, after)
        ]


def _along(ways: Mapping[str, _Way], commit: str) -> Iterator[_Way]:
    for _ in range(FARTHEST):
        if commit not in ways:
            return
        yield ways[commit]
        commit = ways[commit].to


def _ways(history: History, head: str, commits: Collection[str]) -> dict[str, _Way]:
    """For each commit on the way to the head, the next one.

    The line of first parents comes first; elsewhere the oldest child, so that a side branch is
    followed to its end and not along the branches that others began at it.
    """
    wanted = {*commits} - {head}
    parents_of: dict[str, tuple[str, ...]] = {}
    ways: dict[str, _Way] = {}
    for commit, parents in history.parents(head) if wanted else ():
        parents_of[commit] = parents
        for number, parent in enumerate(parents):
            if number == 0 or parent not in ways or ways[parent].parent > 0:
                ways[parent] = _Way(commit, number)
        wanted.difference_update(parents)
        if not wanted:
            break
    at = head
    while parents_of.get(at):
        first = parents_of[at][0]
        ways[first] = _Way(at, 0)
        at = first
    return ways


def _changes(
    history: History, ways: Mapping[str, _Way], commits: Collection[str]
) -> dict[_Way, Mapping[str, ChangedFile]]:
    """What happens on all ways from these commits, by the path that each file had before."""
    used: dict[_Way, str] = {}
    for commit in commits:
        at = commit
        for way in _along(ways, commit):
            if way in used:
                # A newer commit came through here, and went on farther than this one may.
                break
            used[way], at = at, way.to
    changes: dict[_Way, Mapping[str, ChangedFile]] = {}
    # A merge can be on several ways, and a listing tells commits apart by their names alone.
    for number in sorted({way.parent for way in used}):
        ways_here = [way for way in used if way.parent == number]
        for start in range(0, len(ways_here), _AT_A_TIME):
            some = ways_here[start : start + _AT_A_TIME]
            found = history.changes([(way.to, used[way]) for way in some])
            for way in some:
                # What a commit adds nobody could have named before.
                changes[way] = {
                    change.old_path or change.path: change
                    for change in found.get(way.to, ())
                    if change.status != "added"
                }
    return changes
