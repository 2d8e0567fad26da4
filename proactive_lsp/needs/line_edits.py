"""What a hunk did, line by line and token by token."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from msgspec import Struct, structs

from proactive_lsp.workspace.hunks import LineHunk
from proactive_lsp.workspace.tokens import words

# A version is one token here: `2` for `3` would be found everywhere.
_TOKEN = re.compile(r"v?\d+(?:\.\d+)+\w*|\w+|[^\w\s]")
_WORD = re.compile(r"[^\W\d]\w+")
# A larger hunk, of as many lines on both sides or not, is a rewrite.
MOST_LINES = 40
MOST_UNEQUAL = 12
MOST_TOKENS = 120
MOST_EDITS = 4
LEAST_ALIKE = 0.5
# Where lines stand across from each other, and of the tokens of a line that was edited in parts.
LEAST_ACROSS = 0.3
LEAST_KEPT = 0.5
_MARKS = "()[]{}\"'`"


class Pair(Struct, frozen=True):
    """A line and what became of it; `offset` counts from the first line of the hunk now."""

    old: str
    new: str
    offset: int


class TokenEdit(Struct, frozen=True):
    """A stretch of tokens that was replaced, with the tokens to both sides of it.

    What says too little by itself (an insertion, a bracket) has its neighbours with it. `single`
    when one token became one other. `kept` is the share of the line's tokens that stayed, `parts`
    how many such edits the line has.
    """

    old: str
    new: str
    left: str
    right: str
    single: bool
    kept: float
    parts: int


def line_pairs(hunk: LineHunk) -> tuple[Pair, ...]:
    """The lines that were edited and not merely dropped or written; none of a rewrite."""
    return _pairs(hunk.before, hunk.after)


@lru_cache(maxsize=1_024)
def _pairs(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[Pair, ...]:
    if len(before) == len(after):
        lines = zip(before, after, strict=True) if len(before) <= MOST_LINES else ()
        found = (Pair(old, new, offset) for offset, (old, new) in enumerate(lines))
        return tuple(
            pair
            for pair in found
            if pair.old.strip() != pair.new.strip() and _kin(pair) >= LEAST_ACROSS
        )
    if max(len(before), len(after)) > MOST_UNEQUAL:
        return ()
    pairs: list[Pair] = []
    free = 0
    for old in before:
        choices = [Pair(old, new, offset) for offset, new in enumerate(after) if offset >= free]
        best = max(choices, key=_kin, default=None)
        if best is not None and _kin(best) >= LEAST_ALIKE:
            free = best.offset + 1
            if best.old.strip() != best.new.strip():
                pairs.append(best)
    return tuple(pairs)


def _kin(pair: Pair) -> float:
    ours, theirs = set(words(pair.old.strip())), set(words(pair.new.strip()))
    return len(ours & theirs) / max(len(ours), len(theirs)) if ours and theirs else 0.0


@lru_cache(maxsize=8_192)
def token_edits(old: str, new: str) -> tuple[TokenEdit, ...]:
    """How the one line became the other; nothing when it is another line altogether."""
    was, now = list(_TOKEN.finditer(old)), list(_TOKEN.finditer(new))
    if max(len(was), len(now)) > MOST_TOKENS or not was or not now:
        return ()
    matcher = SequenceMatcher(
        None, [each.group() for each in was], [each.group() for each in now], autojunk=False
    )
    codes = [code[1:] for code in matcher.get_opcodes() if code[0] != "equal"]
    kept = matcher.ratio()
    if not 0 < len(codes) <= MOST_EDITS or (len(codes) > 1 and kept < LEAST_KEPT):
        return ()
    edits = _edits(old, new, was, now, codes)
    return tuple(structs.replace(each, kept=kept) for each in edits if _balanced(each))


def _balanced(edit: TokenEdit) -> bool:
    """Whether as many brackets and quotes stay open as before: else it is half of an edit."""
    counts = [edit.old.count(mark) - edit.new.count(mark) for mark in _MARKS]
    brackets = all(counts[at] == counts[at + 1] for at in range(0, 6, 2))
    return brackets and all(count % 2 == 0 for count in counts[6:])


def _edits(
    old: str,
    new: str,
    was: Sequence[re.Match[str]],
    now: Sequence[re.Match[str]],
    codes: Sequence[tuple[int, int, int, int]],
) -> Iterator[TokenEdit]:
    for i1, i2, j1, j2 in codes:
        single = i2 - i1 == j2 - j1 == 1
        if i1 < i2 and j1 == j2 and _WORD.search(_between(old, was, i1, i2)):
            apart = 0 < j1 < len(now) and now[j1 - 1].end() < now[j1].start()
            yield _deletion(old, was, i1, i2, len(codes), apart=apart)
            continue
        # A neighbour is the same on both sides unless another edit is right there.
        while not _says_enough(_between(old, was, i1, i2)):
            to_left = i1 > 0 and j1 > 0 and was[i1 - 1].group() == now[j1 - 1].group()
            to_right = i2 < len(was) and j2 < len(now) and was[i2].group() == now[j2].group()
            if not to_left and not to_right:
                break
            i1, j1 = i1 - to_left, j1 - to_left
            i2, j2 = i2 + to_right, j2 + to_right
        text = _between(old, was, i1, i2)
        if text and len(text) > 1:
            left, right = _beside(was, i1, i2)
            written = _between(new, now, j1, j2)
            yield TokenEdit(text, written, left, right, single, kept=0.0, parts=len(codes))


def _deletion(
    old: str, was: Sequence[re.Match[str]], i1: int, i2: int, parts: int, *, apart: bool
) -> TokenEdit:
    """What went, with the space that went along; `apart` when space is left where it stood."""
    start, end = was[i1].start(), was[i2 - 1].end()
    if i1 > 0 and (i2 == len(was) or not apart):
        start = was[i1 - 1].end()
    if i2 < len(was) and (i1 == 0 or not apart or was[i1 - 1].end() < start):
        end = was[i2].start()
    left, right = _beside(was, i1, i2)
    return TokenEdit(old[start:end], "", left, right, single=False, kept=0.0, parts=parts)


def _says_enough(text: str) -> bool:
    return len(text) >= 3 and _WORD.search(text) is not None


def _between(line: str, found: Sequence[re.Match[str]], start: int, end: int) -> str:
    return line[found[start].start() : found[end - 1].end()] if start < end else ""


def _beside(found: Sequence[re.Match[str]], start: int, end: int) -> tuple[str, str]:
    left = found[start - 1].group() if start > 0 else ""
    return left, found[end].group() if end < len(found) else ""
