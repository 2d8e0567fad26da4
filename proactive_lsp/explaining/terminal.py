"""Show an explanation on a terminal: readable at 80 columns, in colour only where there is any.

Everything that comes from a workspace is escaped, so that no name or title can move the cursor,
colour the terminal or be taken for markup.
"""

from collections.abc import Iterable, Iterator
from typing import assert_never

from rich.console import Console
from rich.text import Text

from proactive_lsp.explain.evidence import OTHER
from proactive_lsp.explain.learned import LearnedRow
from proactive_lsp.explain.page import (
    Block,
    Held,
    Kind,
    Label,
    Note,
    Odds,
    Page,
    Points,
    Shifts,
    Tally,
    Title,
    chance,
)
from proactive_lsp.explain.words import meaning
from proactive_lsp.replay.escaping import visible

_BAR = 12  # characters of the longest
_LEAST_NAME, _MOST_NAME = 14, 24
_LEAST_ROOM = 20
_LONGEST = 1000
Head = str | Text


def show(page: Page, console: Console) -> None:
    """Print the page, its blocks apart but for notes, which stand below what they are about."""
    printer = _Printer(console, _width_of_names(page))
    before: Block | None = None
    for block in page:
        if before is not None and _stands_apart(block, before):
            console.print()
        printer.show(block)
        before = block


def _stands_apart(block: Block, before: Block) -> bool:
    if isinstance(before, Label):
        return False
    if isinstance(block, Held) and isinstance(before, Held):
        return False
    if isinstance(block, Note):
        return not isinstance(before, Title | Note | Odds | Shifts)
    return not (isinstance(before, Kind) and isinstance(block, Points))


def _width_of_names(page: Page) -> int:
    tables = [each.pushes for each in page if isinstance(each, Odds)]
    names = [len(visible(name)) for pushes in tables for name, _ in pushes]
    return min(_MOST_NAME, max((_LEAST_NAME, *names)))


class _Printer:
    def __init__(self, console: Console, names: int) -> None:
        self._console = console
        self._names = names
        self._block, self._line = ("█", "─") if _draws(console) else ("=", "-")

    def show(self, block: Block) -> None:
        match block:
            case Title(text=text):
                self._print("", text, "bold")
            case Note(text=text):
                self._print("  ", text, "dim")
            case Label(text=text):
                self._print("", text)
            case Kind():
                title = f": {block.title}" if block.title else ""
                self._print("", f"{block.need}, woken by {block.trigger}{title}", "cyan")
            case Points(items=items):
                for item in items:
                    self._print("  - ", item)
            case Odds():
                self._odds(block)
            case Tally():
                self._tally(block)
            case Held():
                self._held(block)
            case Shifts():
                self._shifts(block.rows)
            case _:
                assert_never(block)

    def _odds(self, odds: Odds) -> None:
        p, threshold = chance(odds.p, odds.threshold)
        verdict = f"probability {p}, shown from {threshold} on: {odds.verdict}"
        if not odds.pushes:
            self._print("  ", verdict, "bold")
            return
        largest = max(abs(push) for _, push in odds.pushes) or 1.0
        for name, push in odds.pushes:
            bar = self._block * max(1, round(_BAR * abs(push) / largest)) if push else ""
            style = "green" if push > 0 else "red"
            head = Text.assemble(self._row(name, push), "  ", (f"{bar:<{_BAR}}", style), "  ")
            self._print(head, "all the others" if name == OTHER else meaning(name), "dim", hang=0)
        self._print("  ", self._line * (self._names + 8))
        self._print(Text.assemble(self._row("log odds", odds.total), "  "), verdict, "bold", hang=0)

    def _row(self, name: str, push: float) -> str:
        shown = visible(name)
        if len(shown) > self._names:
            shown = f"{shown[: self._names - 1]}…"
        return f"  {shown:<{self._names}} {push:+7.2f}"

    def _tally(self, tally: Tally) -> None:
        digits = len(str(max((count for _, count, _ in tally.rows), default=0)))
        for reason, count, kinds in tally.rows:
            self._print(f"  {count:>{digits}}  ", reason, "yellow")
            self._list(" " * (digits + 4), [f"{kind} {number}" for kind, number in kinds])

    def _held(self, held: Held) -> None:
        self._print(f"{held.when:>8}  ", held.title)
        because = f"{held.text} ({held.chance})" if held.text and held.chance else ""
        because = because or held.text or held.chance
        self._print(" " * 10, f"{held.reason}: {because}", "yellow")
        session = f" of {held.session}" if held.session else ""
        self._print(" " * 10, f"{held.id}{session}", "dim")
        self._list(" " * 10, [f"{name} {push:+.2f}" for name, push in held.pushes])

    def _shifts(self, rows: Iterable[LearnedRow]) -> None:
        for row in rows:
            style = "green" if row.shift > 0 else "red"
            where = f"in {row.prefix}/" if row.prefix else "in the workspace's own folder"
            head = Text.assemble("  ", (f"{row.shift:+6.2f}", style), "  ")
            answers = ", ".join(f"{count:g} {op}" for op, count in row.answers.items())
            self._print(head, f"{row.kind} at {row.trigger} {where}: {answers}")

    def _list(self, head: str, parts: Iterable[str]) -> None:
        """Parts with commas between them, none broken in two that has room."""
        for line in _filled(parts, self._console.width - len(head)):
            self._print(head, line, "dim", hang=0)

    def _print(self, head: Head, text: str, style: str = "", *, hang: int = 2) -> None:
        """The text behind its head, going on below itself and, by `hang`, further right."""
        head = Text(head) if isinstance(head, str) else head
        room = max(_LEAST_ROOM, self._console.width - len(head))
        for line in _wrapped(self._console, _printable(text), room, hang):
            told = Text.assemble(head, (line, style))
            told.rstrip()
            self._console.print(told, soft_wrap=True)
            head = Text(" " * len(head))


def _wrapped(console: Console, text: str, room: int, hang: int) -> Iterator[str]:
    """The lines of a text, all but the first with `hang` spaces."""
    first = Text(text).wrap(console, room)[0].plain if text else ""
    yield first.rstrip()
    rest = text[len(first) :].lstrip()
    if rest:
        for line in Text(rest).wrap(console, room - hang):
            if line.plain.strip():
                yield " " * hang + line.plain.rstrip()


def _printable(text: str) -> str:
    return visible(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")


def _filled(parts: Iterable[str], room: int) -> Iterator[str]:
    line = ""
    for part in parts:
        if line and len(line) + len(part) + 3 > room:
            yield f"{line},"
            line = part
        else:
            line = f"{line}, {part}" if line else part
    if line:
        yield line


def _draws(console: Console) -> bool:
    """Whether the terminal, or the file, can hold more than ASCII."""
    return console.encoding.lower().startswith("utf")
