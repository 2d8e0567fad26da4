"""Remember what was before the user and left alone, until the user begins with it by hand.

Coming back by itself it would be asking again; once one of its places is done, the others are
likely to be next.
"""

from collections.abc import Collection, Iterable

from proactive_lsp.suggestions import Need

# So many needs are remembered, those that were left alone last.
MOST_NEEDS = 500


class LeftAlone:
    """The needs that were left alone, each with how many places it had then."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    @property
    def ids(self) -> Collection[str]:
        """Those that are not offered again."""
        return self._places.keys()

    def leave(self, needs: Iterable[Need], found: Iterable[Need]) -> None:
        """A card went with these needs on it; `found` are those of the last look, all places."""
        places = {need.id: len(need.places) for need in found}
        for need in needs:
            self._places.pop(need.id, None)
            self._places[need.id] = places.get(need.id, len(need.places))
        while len(self._places) > MOST_NEEDS:
            del self._places[next(iter(self._places))]

    def look(self, needs: Iterable[Need]) -> None:
        """What stands now: a need with fewer places than when it was left is being worked on."""
        for need in needs:
            if 0 < len(need.places) < self._places.get(need.id, 0):
                del self._places[need.id]
