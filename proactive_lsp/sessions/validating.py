"""Say of a session file whether it can be replayed, and if not, what is wrong with each line."""

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from proactive_lsp.events import Close, Edit, Open
from proactive_lsp.replay.session import (
    CutOffError,
    Expect,
    Item,
    Quiet,
    SessionError,
    Unknown,
    examine,
    read_header,
)

# A file of another kind has nothing but broken lines.
MOST_TOLD = 100


class Report(Struct, frozen=True):
    """How many events and labels are whole, how many lines are not, and what is odd but harmless.

    A last line that a crash cut off is no fault: everything before it is there.
    """

    events: int
    labels: int
    broken: int
    remarks: tuple[str, ...]


def validate(path: Path, tell: Callable[[str], None]) -> Report:
    """Read the whole file, one line at a time; each broken line is told, the first 100 of them."""
    try:
        read_header(path)
    except SessionError as error:
        tell(str(error))
        return Report(0, 0, 1, ())
    events = labels = broken = 0
    oddities = _Oddities()
    remarks: list[str] = []
    for number, item in examine(path):
        match item:
            case CutOffError():
                remarks.append(str(item))
            case SessionError():
                broken += 1
                if broken <= MOST_TOLD:
                    tell(str(item))
            case Expect() | Quiet():
                labels += 1
            case _:
                events += 1
                oddities.look(number, item)
    if broken > MOST_TOLD:
        tell(f"{path}: and {broken - MOST_TOLD} more broken lines")
    return Report(events, labels, broken, (*oddities.remarks(path), *remarks))


class _Oddities:
    """What a whole line may still say that a recorder would not have written."""

    def __init__(self) -> None:
        self._open: set[str] = set()
        self._last: Item | None = None
        self._twice = self._unopened = self._unknown = 0
        self._first_twice = self._first_unopened = 0

    def look(self, number: int, item: Item) -> None:
        if item == self._last:
            self._twice += 1
            self._first_twice = self._first_twice or number
        self._last = item
        match item:
            case Unknown():
                self._unknown += 1
            case Open():
                self._open.add(item.path)
            case Close():
                self._open.discard(item.path)
            case Edit() if item.path not in self._open:
                self._unopened += 1
                self._first_unopened = self._first_unopened or number
            case _:
                pass

    def remarks(self, path: Path) -> list[str]:
        found: list[str] = []
        if self._twice:
            found.append(f"{path}:{self._first_twice}: repeats the line before; {self._twice} do")
        if self._unopened:
            where = f"{path}:{self._first_unopened}"
            found.append(f"{where}: an edit of a file that is not open; {self._unopened} are")
        if self._unknown:
            found.append(f"{path}: {self._unknown} lines of a newer version are skipped")
        return found
