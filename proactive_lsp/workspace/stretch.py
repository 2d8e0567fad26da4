"""What changed since the stretch of work began, per file: the ground on which needs stand.

A file's stretch begins with the first edit after it was opened and ends with the second commit
of the file in which nothing new was defined, so that what a commit still owes keeps its evidence
for a while. A definition that does not parse keeps its last good state aside: it is not compared
until it settles.
"""

from collections.abc import Collection, Hashable
from heapq import nsmallest

from proactive_lsp.workspace.changes import (
    LineHunk,
    Origins,
    SemanticChange,
    begin,
    carry,
    line_hunks,
    since,
)
from proactive_lsp.workspace.documents import split_lines
from proactive_lsp.workspace.syntax import Module, parse

# What a person still has in mind of what they changed.
MOST_CHANGES = 40
# Commits of a file after which what was done before them is settled.
COMMITS = 2


class _File:
    """One file's start and its last settled state."""

    __slots__ = (
        *("ages", "changes", "commits", "committed", "hunks", "language", "module"),
        *("origins", "seen", "start", "text"),
    )

    def __init__(self, language: str, text: str) -> None:
        self.language = language
        self.commits = 0
        self.start = text
        self.committed = text
        self.text = text
        self.module: Module | None = None
        self.origins: Origins | None = None
        self.changes: tuple[SemanticChange, ...] = ()
        self.seen: dict[Hashable, int] = {}
        self.hunks: tuple[LineHunk, ...] = ()
        self.ages: tuple[int, ...] = ()


class Stretch:
    """The files worked on, what they were when work on them began, and what became of them."""

    def __init__(self) -> None:
        self._files: dict[str, _File] = {}
        self._looks = 0
        self._settled = 0

    def begin(self, path: str, language: str, text: str) -> None:
        """Remember how the file stood; a file already worked on keeps its older start."""
        if path not in self._files:
            self._files[path] = _File(language, text)
        else:
            self.settle(path, text)

    def edited(self) -> tuple[str, ...]:
        """The files whose text is not what it was."""
        return tuple(path for path, file in self._files.items() if file.text != file.start)

    def touched(self) -> tuple[str, ...]:
        """The files whose text is not what was committed last, as far as that is known."""
        return tuple(path for path, file in self._files.items() if file.text != file.committed)

    def start(self, path: str) -> str | None:
        """What the file was when work on it began, None when it is not worked on."""
        file = self._files.get(path)
        return file.start if file is not None else None

    def text(self, path: str) -> str | None:
        """The settled text of a file, None when it is not worked on in this stretch."""
        file = self._files.get(path)
        return file.text if file is not None else None

    def settle(self, path: str, text: str) -> None:
        """Take in the text as it stands now at a boundary."""
        file = self._files.get(path)
        if file is None or text == file.text:
            return
        if file.text == file.start:
            file.commits = 0
        file.text = text
        self._settled += 1
        ages = {_same(hunk): age for hunk, age in zip(file.hunks, file.ages, strict=True)}
        file.hunks = line_hunks(path, split_lines(file.start), split_lines(text))
        file.ages = tuple(ages.get(_same(hunk), self._settled) for hunk in file.hunks)
        if file.module is None or file.origins is None:
            # Files are opened far more often than changed, so the start is parsed only now.
            file.module = parse(file.language, file.start)
            if file.module is None:
                return
            file.origins = begin(file.module)
        after = parse(file.language, text)
        if after is None:
            return
        file.origins = carry(file.origins, file.module, after)
        file.module = after
        file.changes = since(path, file.origins, after)
        self._looks += 1
        before, file.seen = file.seen, {}
        for key in map(_key, file.changes):
            file.seen[key] = before.get(key, self._looks)
        if file.seen.keys() - before.keys():
            file.commits = 0

    def changes(self) -> tuple[SemanticChange, ...]:
        """Definitions and imports that differ from the start, in order of the files.

        Of more than `MOST_CHANGES` only the latest, so that a look costs no more however long
        the stretch has become.
        """
        found = [
            (file.seen[_key(change)], change)
            for file in self._files.values()
            for change in file.changes
        ]
        ages = sorted(seen for seen, _ in found)
        oldest = ages[-MOST_CHANGES] if len(ages) > MOST_CHANGES else 0
        latest = [change for seen, change in found if seen >= oldest]
        return tuple(latest[-MOST_CHANGES:])

    def hunks(self) -> tuple[LineHunk, ...]:
        """Lines that differ from the start, in order of the files."""
        return tuple(hunk for file in self._files.values() for hunk in file.hunks)

    def recent(self, most: int) -> tuple[LineHunk, ...]:
        """The hunks that were worked on last, newest first; of one moment from top to bottom."""
        found = [
            (-age, order, number, hunk)
            for order, file in enumerate(self._files.values())
            for number, (age, hunk) in enumerate(zip(file.ages, file.hunks, strict=True))
        ]
        return tuple(hunk for *_, hunk in nsmallest(most, found, key=lambda each: each[:3]))

    def committed(self, paths: Collection[str] | None = None, again: Collection[str] = ()) -> None:
        """These files were committed, or any; after the second time work on a file begins anew.

        Those committed `again` were in the commit that this one amends, so it does not count.
        """
        for path, file in list(self._files.items()):
            if paths is not None and path not in paths:
                continue
            file.committed = file.text
            file.commits += path not in again
            if file.commits >= COMMITS:
                self._files[path] = _File(file.language, file.text)

    def rebase(self, path: str, text: str) -> None:
        """The text came from elsewhere (checkout, reload): work on the file begins anew."""
        file = self._files.get(path)
        if file is not None:
            self._files[path] = _File(file.language, text)

    def resume(self, path: str, language: str, start: str, text: str) -> None:
        """Work on the file that was put away goes on: it was `start` once and is `text` now."""
        self._files[path] = _File(language, start)
        self.settle(path, text)

    def forget(self, path: str) -> None:
        """The file, or a folder with all its files, is gone."""
        for each in self._below(path):
            del self._files[each]

    def rename(self, path: str, to: str) -> None:
        """The file or folder has another name; texts and their starts stay."""
        for each in self._below(path):
            file = self._files.pop(each)
            moved = to + each.removeprefix(path)
            self._files[moved] = _File(file.language, file.start)
            self.settle(moved, file.text)

    def _below(self, path: str) -> list[str]:
        return [each for each in self._files if each == path or each.startswith(f"{path}/")]


def _same(hunk: LineHunk) -> Hashable:
    """What makes a hunk the one that was seen before, wherever its lines are now."""
    return (hunk.before_start, hunk.before, hunk.after)


def _key(change: SemanticChange) -> Hashable:
    """What makes a change the one that was seen before, wherever its lines are now."""
    return (change.kind, change.name, change.after.header if change.after else None)
