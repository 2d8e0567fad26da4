"""Keep what was computed or read last, up to an amount of text."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_Value = TypeVar("_Value")

# A short text costs more than its characters.
_OVERHEAD = 100
_room = 1


def make_room(factor: int) -> None:
    """Let every cache of this process hold so many times its text: for work of minutes in batches.

    Caches save time alone; what comes out is the same however large they are.
    """
    global _room
    _room = factor


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
        while self._size > self._characters * _room and len(self._values) > 1:
            (_, dropped), _ = self._values.popitem(last=False)
            self._size -= len(dropped) + _OVERHEAD
        return value


class StampedTexts:
    """The texts read last, by path and stamp, up to so many characters.

    Many stages ask for the same text. Decoding it again would cost more than most of them, and
    so would hashing it again, as caches by text do with each new object.
    """

    def __init__(self, characters: int) -> None:
        self._room = characters
        self._texts: OrderedDict[str, tuple[Hashable, str | None]] = OrderedDict()

    def get(self, path: str, stamp: Hashable | None, read: Callable[[], str | None]) -> str | None:
        """The text; `read` is asked when the stamp is another, or there is none."""
        known = self._texts.get(path)
        if known is not None and stamp is not None and known[0] == stamp:
            self._texts.move_to_end(path)
            return known[1]
        if known is not None:
            self._forget(path)
        text = read()
        if stamp is not None:
            self._texts[path] = (stamp, text)
            self._room -= len(text or "")
            while self._room < 0 and self._texts:
                self._forget(next(iter(self._texts)))
        return text

    def _forget(self, path: str) -> None:
        _, text = self._texts.pop(path)
        self._room += len(text or "")
