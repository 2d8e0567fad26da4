"""Remember a no to a place by the line it stands on, as that reads then.

Whatever else may be owed there, the user does not want to be asked while the line is the same.
`refusals.py` follows the line when it changes.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence

from proactive_lsp.suggestions import Place, Suggestion

Lines = Callable[[str], Sequence[str]]
# A shorter line, as `}` or an empty one, says nothing by itself: its neighbours go with it.
SHORTEST = 6
# A neighbour is the first line that is not empty among so many.
NEAR = 20
# Inside a place of several lines those count that are not everywhere, and so many of them.
SHORTEST_INSIDE, MOST_INSIDE = 12, 20


def refusals(card: Suggestion, lines: Lines) -> Iterator[str]:
    """What a no to a card says of its places; `lines` reads a file's lines without terminators."""
    for place in card.places:
        yield refusal(place, lines)
        for line in lines_inside(place, lines):
            yield line_key(place.path, lines(place.path), line)


def refusal(place: Place, lines: Lines) -> str:
    """The key of one place."""
    if place.whole:
        return file_key(place.path)
    return line_key(place.path, lines(place.path), place.range.start.line)


def lines_inside(place: Place, lines: Lines) -> Sequence[int]:
    """The lines of a place below its first one at which another rule may point."""
    start, end = place.range.start, place.range.end
    last = end.line if end.character else end.line - 1
    own = lines(place.path)
    inside = range(start.line + 1, min(last + 1, len(own))) if not place.whole else ()
    return [line for line in inside if len(own[line].strip()) >= SHORTEST_INSIDE][:MOST_INSIDE]


def file_key(path: str) -> str:
    """The key of a file as a whole."""
    return _hash("file", path)


def line_key(path: str, own: Sequence[str], line: int) -> str:
    """The key of a line of a file, the same wherever it moves to in it."""
    text = own[line].strip() if line < len(own) else ""
    if len(text) >= SHORTEST:
        return _hash("line", path, text)
    line = min(line, len(own))
    above = next((each.strip() for each in own[max(0, line - NEAR) : line][::-1] if each), "")
    below = next((each.strip() for each in own[line + 1 : line + 1 + NEAR] if each), "")
    return _hash("between", path, text, above, below)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:12]
