"""Which old lines of an edit became which new ones: pairs in order, and what lies between them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cached_property, lru_cache

from msgspec import Struct

from proactive_lsp.workspace.hunks import LineHunk
from proactive_lsp.workspace.tokens import tokens

# Two lines are kin when so many of their tokens, or of their characters, are common to both.
LEAST_LIKENESS = 0.5
# Comparing characters costs the product of the lengths; longer lines are data.
LONGEST_LINE = 500
# More pairs of lines are not compared: a rewrite of that size says little.
MOST_PAIRS = 1_600
# One line that became more than so many had others written beside it.
MOST_FROM_ONE = 6


class Part(Struct, frozen=True):
    """Old lines from `start` on and the new ones from `to` on, counted from the hunk's first line.

    Of a pair both have one line; what lies between two pairs has any number on either side.
    """

    start: int
    old: tuple[str, ...]
    to: int
    new: tuple[str, ...]

    @property
    def end(self) -> int:
        """The number behind the last old line."""
        return self.start + len(self.old)


class LineEdit(Struct, frozen=True, dict=True):
    """An old line, its number in the hunk, what it became, and the line where that stands now.

    `new` is empty when the line was deleted, None when it is not known what became of it: others
    were rewritten along with it, or what stands there now has nothing of it.
    """

    old: str
    new: tuple[str, ...] | None
    line: int
    number: int

    @cached_property
    def key(self) -> tuple[str, tuple[str, ...] | None]:
        """What was done, indentation aside."""
        new = tuple(line.strip() for line in self.new) if self.new is not None else None
        return self.old.strip(), new


def parts_of(hunk: LineHunk) -> tuple[Part, ...]:
    """The whole hunk in order, as pairs and as what lies between them."""
    return _parts(hunk.before, hunk.after)


# Each of several detectors asks for those of the hunks that were worked on last.
@lru_cache(maxsize=64)
def line_edits(hunk: LineHunk) -> tuple[LineEdit, ...]:
    """What became of each old line, those aside that only moved in or out."""
    return tuple(_line_edits(hunk))


def _line_edits(hunk: LineHunk) -> Iterator[LineEdit]:
    for part in parts_of(hunk):
        line = hunk.after_start + part.to
        known = is_known(part)
        for number, old in enumerate(part.old, part.start):
            alone = known and (part.new or not _opened((old,)))
            edit = LineEdit(old, part.new if alone else None, line, number)
            if edit.key[0] and edit.key[1] != (edit.key[0],):
                yield edit


def is_known(part: Part) -> bool:
    """Whether the new lines were made from one old line, and not merely stand where it stood.

    Of lines that went it is known, of several that were rewritten together it is not, and never
    where a bracket was opened or closed: the rest of such an edit is on other lines.
    """
    if not part.new:
        return not _opened(part.old)
    if len(part.old) != 1 or _opened(part.old) != _opened(part.new):
        return False
    (old,) = part.old
    kin = any(likeness(old, line) >= LEAST_LIKENESS for line in part.new)
    return kin or alike(old, part.new[0])


def _opened(lines: Sequence[str]) -> int:
    """How many more brackets are opened than closed."""
    text = "".join(lines)
    return sum(map(text.count, "([{")) - sum(map(text.count, ")]}"))


@lru_cache(maxsize=1_024)
def _parts(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[Part, ...]:
    whole = (Part(0, before, 0, after),)
    if not before or not after:
        return whole
    if len(before) == 1 and len(after) <= MOST_FROM_ONE:
        return whole
    return tuple(_between(before, after, aligned(before, after)))


def _between(
    old: tuple[str, ...], new: tuple[str, ...], pairs: Sequence[tuple[int, int]]
) -> Iterator[Part]:
    start = to = 0
    for i, j in (*pairs, (len(old), len(new))):
        if start < i or to < j:
            yield Part(start, old[start:i], to, new[to:j])
        if i < len(old):
            yield Part(i, old[i : i + 1], j, new[j : j + 1])
        start, to = i + 1, j + 1


@lru_cache(maxsize=1_024)
def aligned(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Numbers of lines that correspond, rising on both sides: equal ones first, then kin."""
    ours, theirs = [line.strip() for line in old], [line.strip() for line in new]
    pairs: list[tuple[int, int]] = []
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            pairs += zip(range(i1, i2), range(j1, j2), strict=True)
        elif tag == "replace":
            pairs += _kin(old, new, (i1, i2, j1, j2))
    return tuple(pairs)


def _kin(
    old: Sequence[str], new: Sequence[str], stretch: tuple[int, int, int, int]
) -> Iterator[tuple[int, int]]:
    """The pairs, in order, that are most alike altogether."""
    i1, i2, j1, j2 = stretch
    if (i2 - i1) * (j2 - j1) > MOST_PAIRS:
        return
    rows = [[likeness(old[i], new[j]) for j in range(j1, j2)] for i in range(i1, i2)]
    # best[i][j] is the most likeness that lines from i and j on can have.
    best = [[0.0] * (j2 - j1 + 1) for _ in range(i2 - i1 + 1)]
    for i in reversed(range(i2 - i1)):
        for j in reversed(range(j2 - j1)):
            pair = rows[i][j] + best[i + 1][j + 1] if rows[i][j] >= LEAST_LIKENESS else 0.0
            best[i][j] = max(pair, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < i2 - i1 and j < j2 - j1:
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            yield i1 + i, j1 + j
            i, j = i + 1, j + 1


@lru_cache(maxsize=4_096)
def likeness(one: str, other: str) -> float:
    """The share of both lines' tokens that is common to them, in any order; 0 for blank lines.

    A word counts as much as three marks of punctuation: brackets are in every line.
    """
    if max(len(one), len(other)) > LONGEST_LINE:
        return 0.0
    ours, theirs = Counter(tokens(one)), Counter(tokens(other))
    whole = _weight(ours) + _weight(theirs)
    return 2 * _weight(ours & theirs) / whole if whole else 0.0


def _weight(bag: Counter[str]) -> int:
    return sum(count * (3 if token[0].isalnum() else 1) for token, count in bag.items())


@lru_cache(maxsize=4_096)
def alike(one: str, other: str) -> bool:
    """Whether so many characters of both are common to them, in order."""
    one, other = one.strip(), other.strip()
    if max(len(one), len(other)) > LONGEST_LINE:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= LEAST_LIKENESS


def times_done(hunks: Sequence[LineHunk]) -> Counter[tuple[str, tuple[str, ...] | None]]:
    """How often each edit of a line was made in these hunks."""
    return Counter(edit.key for hunk in hunks for edit in line_edits(hunk))
