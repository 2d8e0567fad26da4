"""Which tokens to underline for the cards: few, short, and only where something is owed."""

import re
from collections.abc import Iterator, Sequence

from proactive_lsp.events import Range
from proactive_lsp.server.news import Hint
from proactive_lsp.suggestions import Suggestion
from proactive_lsp.workspace.documents import bare, locate, range_of, split_lines
from proactive_lsp.workspace.tree import Tree

MOST_PER_FILE = 3
LONGEST_MESSAGE = 80
_WORD = re.compile(r"\w+")
_SIGN = re.compile(r"\S")


def hints_of(cards: Sequence[Suggestion], tree: Tree) -> tuple[Hint, ...]:
    """At most three tokens a file: triggers, then places, those of the newest card first."""
    hints: list[Hint] = []
    counts: dict[str, int] = {}
    lines: dict[str, Sequence[str]] = {}
    told: set[tuple[str, str, Range]] = set()
    for card, path, range in _spots(cards):
        if counts.get(path, 0) >= MOST_PER_FILE:
            continue
        if path not in lines:
            lines[path] = split_lines(tree.read(path) or "")
        token = _token(lines[path], range)
        if (card.id, path, token) not in told:
            told.add((card.id, path, token))
            counts[path] = counts.get(path, 0) + 1
            hints.append(Hint(card.id, card.need, _short(card.title), path, token))
    return tuple(hints)


def _spots(cards: Sequence[Suggestion]) -> Iterator[tuple[Suggestion, str, Range]]:
    newest = cards[::-1]
    for card in newest:
        yield card, card.path, card.range
    for card in newest:
        for place in card.places:
            yield card, place.path, place.range


def _token(lines: Sequence[str], range: Range) -> Range:
    """The first word of a range's first line, else its first sign; its start if it has neither."""
    line, index = locate(lines, range.start)
    last, end = locate(lines, range.end)
    text = bare(lines[line])
    if last == line:
        text = text[:end]
    found = _WORD.search(text, index) or _SIGN.search(text, index)
    start, end = found.span() if found is not None else (index, index)
    return range_of(lines, line, start, line, end)


def _short(title: str) -> str:
    if len(title) <= LONGEST_MESSAGE:
        return title
    return title[: LONGEST_MESSAGE - 1].rstrip() + "…"
