"""A text as bare lines, and where each of them stands; kept for the texts that were used last."""

from collections.abc import Mapping, Sequence

from proactive_lsp.workspace.cache import TextCache
from proactive_lsp.workspace.documents import bare, split_lines

_CHARACTERS = 300_000


class _Lines:
    __slots__ = ("bare", "numbers")

    def __init__(self, text: str) -> None:
        self.bare: tuple[str, ...] = tuple(map(bare, split_lines(text)))
        self.numbers: dict[str, list[int]] | None = None


_texts: TextCache[_Lines] = TextCache(_CHARACTERS)


def bare_lines(text: str) -> Sequence[str]:
    """The lines without their terminators."""
    return _lines(text).bare


def line_numbers(text: str) -> Mapping[str, Sequence[int]]:
    """For each line, white space around it aside, the numbers of the lines that read so."""
    lines = _lines(text)
    if lines.numbers is None:
        lines.numbers = {}
        for number, line in enumerate(lines.bare):
            lines.numbers.setdefault(line.strip(), []).append(number)
    return lines.numbers


def _lines(text: str) -> _Lines:
    return _texts.get(None, text, lambda: _Lines(text))
