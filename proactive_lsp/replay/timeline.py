"""Print entries of a story for a person: one line each where it fits, details below.

Everything that comes from a session is escaped, so that no file name or title can move the
cursor, colour the terminal or be taken for markup.
"""

from rich.console import Console
from rich.text import Text

from proactive_lsp.replay.escaping import visible
from proactive_lsp.replay.story import Entry, EntryKind

_INDENT = 19
_STYLES: dict[EntryKind, str] = {
    "session": "bold",
    "happened": "",
    "noticed": "cyan",
    "offered": "bold green",
    "silent": "yellow",
    "withdrawn": "magenta",
    "message": "red",
    "label": "blue",
}
_DIFF_STYLES = {"- ": "red", "+ ": "green"}


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
        if entry.kind == "session":
            self._print("", entry.text, style)
        else:
            word = "" if entry.kind == "happened" else entry.kind
            self._print(f"{entry.t:8.1f} {word:<9} ", entry.text, style)
        for detail in entry.details:
            self._print(" " * (_INDENT + 2), detail, _DIFF_STYLES.get(detail[:2], "dim"))

    def _print(self, head: str, text: str, style: str) -> None:
        text, room = visible(text), max(20, self._console.width - len(head))
        # Wrapping is slow and hardly ever needed; only ASCII is sure to be as wide as it is long.
        if text.isascii() and len(text) <= room:
            lines = [Text(text, style)]
        else:
            lines = list(Text(text, style).wrap(self._console, room))
        for line in lines:
            line.rstrip()
            self._console.print(Text(head) + line, soft_wrap=True)
            head = " " * len(head)
