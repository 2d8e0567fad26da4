"""How texts are shown to the model that writes: secrets masked, nothing unseen, within a fence.

Code stands in a fence and not behind a bar, since the model is to copy it to the letter. The fence
is longer than any run of its marks inside, so no text can end it.
"""

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from proactive_lsp.llm.visible import visible
from proactive_lsp.redaction import redact_file
from proactive_lsp.workspace.documents import bare, split_lines
from proactive_lsp.workspace.languages import language_of

# A longer line is data: its beginning is shown, and it cannot be edited.
LONGEST_LINE = 400
_MASK = re.compile(r"x{4,}|1{6,}")
_TICKS = re.compile("`{3,}")


class Shown(Struct, frozen=True):
    """A file as the model sees it: `real` and `lines` are bare, one for one.

    `locked` are the lines that are not shown as they are, so that no edit may touch them; `masks`
    are what stands for their secrets, which belongs into no file.
    """

    real: tuple[str, ...]
    lines: tuple[str, ...]
    locked: frozenset[int]
    masks: frozenset[str]

    def part(self, first: int, last: int) -> Sequence[str]:
        """The lines from `first` up to, not including, `last`."""
        return self.lines[max(0, first) : last]


def show(path: str, text: str) -> Shown:
    """The whole file is masked and not a part of it, since a key can span many lines."""
    real = tuple(bare(line) for line in split_lines(text))
    masked = tuple(bare(line) for line in split_lines(redact_file(path, text, language_of(path))))
    lines: list[str] = []
    locked: set[int] = set()
    masks: set[str] = set()
    for row, (own, line) in enumerate(zip(real, masked, strict=True)):
        if line != own:
            locked.add(row)
            masks.update(run for run in _MASK.findall(line) if run not in own)
        if len(line) > LONGEST_LINE:
            locked.add(row)
            line = f"{line[: LONGEST_LINE - 1]}…"
        lines.append(visible(line))
    return Shown(real, tuple(lines), frozenset(locked), frozenset(masks))


def fenced(lines: Iterable[str], name: str = "") -> str:
    """Lines in a fence that none of them can end."""
    body = "\n".join(lines)
    fence = "`" * max(3, *(len(run) + 1 for run in _TICKS.findall(body)), 0)
    return f"{fence}{name}\n{body}\n{fence}"
