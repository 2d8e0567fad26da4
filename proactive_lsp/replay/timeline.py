"""Print entries of a story for a person: one line each where it fits, what belongs to it below.

Everything that comes from a session is escaped, so that no file name or title can move the
cursor, colour the terminal or be taken for markup. What goes on in the next line stands further
to the right than where it began, so the marks of a diff stand alone in their column.
"""

from rich.console import Console
from rich.text import Text

from proactive_lsp.replay.entry import Entry, EntryKind
from proactive_lsp.replay.escaping import visible
from proactive_lsp.replay.pieces import Piece

_BELOW = " " * 12
_HANG = 2
_GAP = "  "
# With less room than this a narrow terminal may as well wrap by itself.
_LEAST_ROOM = 20
_LONGEST = 1000
_STYLES: dict[EntryKind, str] = {
    "session": "bold",
    "happened": "",
    "offered": "bold green",
    "silent": "yellow",
    "withdrawn": "magenta",
    "message": "red",
    "label": "blue",
}


def line(text: str) -> Text:
    """One line of text from a session, safe to print."""
    return Text(visible(text))


class Timeline:
    """Prints entries in the order they come; colours only where the console has them."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def show(self, entry: Entry) -> None:
        """Print one entry."""
        style = _STYLES[entry.kind]
        head = Text("" if entry.kind == "session" else f"{entry.t:8.1f}  ")
        if entry.kind not in ("session", "happened"):
            head.append(f"{entry.kind:<9} ", style)
        self._print(head, entry.text, style, entry.excerpt)
        for detail in entry.details:
            self._print(Text(_BELOW), detail, "dim")
        for piece in entry.pieces:
            self._show_piece(piece)

    def _show_piece(self, piece: Piece) -> None:
        self._print(Text(_BELOW), piece.heading, "cyan")
        for text in piece.before:
            self._print(Text(f"{_BELOW}- ", "red"), text, "red")
        for text in piece.after:
            self._print(Text(f"{_BELOW}+ ", "green"), text, "green")

    def _print(self, head: Text, text: str, style: str, excerpt: str = "") -> None:
        room = max(_LEAST_ROOM, self._console.width - len(head))
        lines = self._wrapped(_printable(text), style, room)
        if excerpt:
            _append(lines, Text(_printable(excerpt), "dim"), room)
        for line in lines:
            line.rstrip()
            self._console.print(head + line, soft_wrap=True)
            if line is lines[0]:
                head = Text(" " * (len(head) + _HANG))

    def _wrapped(self, text: str, style: str, room: int) -> list[Text]:
        # Wrapping is slow and hardly ever needed; only ASCII is sure to be as wide as it is long.
        if text.isascii() and len(text) <= room:
            return [Text(text, style)]
        first = Text(text).wrap(self._console, room)[0].plain
        rest = Text(text[len(first) :].lstrip(), style).wrap(self._console, room - _HANG)
        return [Text(first, style), *(line for line in rest if line)]


def _printable(text: str) -> str:
    return visible(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")


def _append(lines: list[Text], excerpt: Text, room: int) -> None:
    """Put the excerpt behind the last line, below where that is full; cut it to one line."""
    free = room - (0 if len(lines) == 1 else _HANG) - lines[-1].cell_len - len(_GAP)
    if free >= min(_LEAST_ROOM, excerpt.cell_len):
        excerpt.truncate(free, overflow="ellipsis")
        lines[-1] = Text.assemble(lines[-1], _GAP, excerpt)
    else:
        excerpt.truncate(room - _HANG, overflow="ellipsis")
        lines.append(excerpt)
