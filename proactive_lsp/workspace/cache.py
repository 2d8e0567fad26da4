"""Keep what was computed last, up to an amount of text."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_Value = TypeVar("_Value")

# A short text costs more than its characters.
_OVERHEAD = 100


class TextCache(Generic[_Value]):
    """Values computed from texts; those used last stay while their texts fit in `characters`.

    A text larger than all that is kept alone, since it will be asked for again.
    """

    def __init__(self, characters: int) -> None:
        self._characters = characters
        self._size = 0
        self._values: OrderedDict[tuple[Hashable, str], _Value] = OrderedDict()

    def get(self, kind: Hashable, text: str, make: Callable[[], _Value]) -> _Value:
        """The value for a text of some kind; `make` is asked for one that is not here."""
        key = (kind, text)
        if key in self._values:
            self._values.move_to_end(key)
            return self._values[key]
        value = self._values[key] = make()
        self._size += len(text) + _OVERHEAD
        while self._size > self._characters and len(self._values) > 1:
            (_, dropped), _ = self._values.popitem(last=False)
            self._size -= len(dropped) + _OVERHEAD
        return value
