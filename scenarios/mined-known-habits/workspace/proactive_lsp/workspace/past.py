"""What earlier commits changed together: how this repository's developers go about their work.

Numbers of paths, no texts: who commits what along with what, and how often. Of what the commits
say of themselves only the newest subjects, which show how this log is written.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property

from proactive_lsp.redaction import redact

# So many commits are looked back at; more would tell of habits long given up.
MOST_COMMITS = 1_500
# A larger commit (a move, a reformat) says nothing of what belongs together.
MOST_FILES = 30
MOST_SUBJECTS = 200
LONGEST_SUBJECT = 200


class Past:
    """The paths that each earlier commit touched, newest first; merges are none of them.

    `subjects` are the first lines of the messages of the newest.
    """

    def __init__(self, commits: Iterable[Sequence[str]] = (), subjects: Iterable[str] = ()) -> None:
        self.commits: tuple[tuple[str, ...], ...] = tuple(map(tuple, commits))[:MOST_COMMITS]
        self._subjects: tuple[str, ...] = tuple(subjects)[:MOST_SUBJECTS]
        self._numbers: dict[str, list[int]] | None = None
        self._together: dict[str, Mapping[str, int]] = {}

    @cached_property
    def subjects(self) -> tuple[str, ...]:
        """How the newest commits are called, newest first, redacted; "" where that is not known.

        Most who ask for a past never ask for these.
        """
        # Cut behind what is told, or half a key would be none.
        longest = 4 * LONGEST_SUBJECT
        return tuple(redact(each[:longest])[:LONGEST_SUBJECT] for each in self._subjects)

    def after(self, paths: Collection[str], message: str | None = None) -> "Past":
        """The same, one commit later."""
        subject = (message or "").strip().partition("\n")[0].strip()
        return Past((tuple(sorted(paths)), *self.commits), (subject, *self._subjects))

    def before(self) -> "Past":
        """The same, one commit earlier."""
        return Past(self.commits[1:], self._subjects[1:])

    def commits_of(self, path: str) -> int:
        """How many of the commits touched this file; mass commits aside."""
        return len(self._index().get(path, ()))

    def last(self, path: str) -> int | None:
        """How many commits ago this file was touched, 0 for the newest; None for never."""
        numbers = self._index().get(path)
        return numbers[0] if numbers else None

    def together(self, path: str) -> Mapping[str, int]:
        """For each other file, how many commits touched it along with this one."""
        if path not in self._together:
            numbers = self._index().get(path, ())
            counts = Counter(other for number in numbers for other in self.commits[number])
            del counts[path]
            self._together[path] = counts
        return self._together[path]

    def rate(
        self,
        done: Callable[[Sequence[str]], bool],
        among: Callable[[Sequence[str]], bool],
        most: int = 20,
    ) -> tuple[float, int]:
        """Of the newest `most` commits that are `among`, the share that is `done`; and how many."""
        chosen: list[bool] = []
        for paths in self.commits:
            if len(chosen) == most:
                break
            if 0 < len(paths) <= MOST_FILES and among(paths):
                chosen.append(done(paths))
        return (sum(chosen) / len(chosen) if chosen else 0.0), len(chosen)

    def _index(self) -> Mapping[str, Sequence[int]]:
        """The numbers of the commits that touched a path."""
        if self._numbers is None:
            self._numbers = {}
            for number, paths in enumerate(self.commits):
                for path in paths if len(paths) <= MOST_FILES else ():
                    self._numbers.setdefault(path, []).append(number)
        return self._numbers
