"""Remember a no to a place by the line it stands on, as that reads then.

Whatever else may be owed there, the user does not want to be asked while the line is the same.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence

from proactive_lsp.suggestions import Place, Suggestion

Lines = Callable[[str], Sequence[str]]


def refusals(card: Suggestion, lines: Lines) -> Iterator[str]:
    """What a no to a card says of its places; `lines` reads a file's lines without terminators."""
    return (refusal(place, lines) for place in card.places)


def refusal(place: Place, lines: Lines) -> str:
    """The key of one place."""
    if place.whole:
        return _hash("file", place.path)
    own, line = lines(place.path), place.range.start.line
    return _hash("line", place.path, own[line].strip() if line < len(own) else "")


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:12]
