"""Read what a model wrote: blocks that search and replace, one fenced text, or plain words.

    <<<<<<< SEARCH
    exact old lines
    =======
    new lines
    >>>>>>> REPLACE

Whatever stands around them is chatter and left aside. A line of seven equals signs may be text as
well, so a block keeps all lines that could divide it.
"""

import re
from collections.abc import Sequence

from msgspec import Struct

from proactive_lsp.lines import split_lines

MOST_CHARS = 20_000
MOST_BLOCKS = 20
# Lines of equal signs in one block; each is a way to read it.
MOST_DIVIDERS = 8
_SEARCH = re.compile(r"[ \t]*<{5,9} ?SEARCH[ \t]*\Z")
_DIVIDER = re.compile(r"[ \t]*={7}[ \t]*\Z")
_REPLACE = re.compile(r"[ \t]*>{5,9} ?REPLACE[ \t]*\Z")
_FENCE = re.compile(r"[ \t]{0,3}(`{3,}+|~{3,}+)([^`]*)\Z")


class Refused(Struct, frozen=True):
    """Why an answer is not used: a sentence that the model and the user can do something with."""

    text: str


class Block(Struct, frozen=True):
    """The lines between the marks of one block, and which of them could divide it."""

    lines: tuple[str, ...]
    dividers: tuple[int, ...]

    def ways(self) -> Sequence[tuple[tuple[str, ...], tuple[str, ...]]]:
        """Each way to read it as what to search for and what to put there."""
        return [(self.lines[:row], self.lines[row + 1 :]) for row in self.dividers]


def lines_of(text: str) -> list[str]:
    """The lines of an answer without their ends; nothing behind the last end."""
    lines = [line.rstrip("\r\n") for line in split_lines(text)]
    return lines[:-1] if lines and not lines[-1] else lines


def read_blocks(text: str) -> tuple[Block, ...] | Refused:
    """The blocks in order, none where the answer has another form."""
    if len(text) > MOST_CHARS:
        return Refused(f"the answer has more than {MOST_CHARS} characters")
    blocks: list[Block] = []
    open_at: int | None = None
    lines = lines_of(text)
    for row, line in enumerate(lines):
        if open_at is None:
            if _SEARCH.match(line):
                open_at = row
        elif _SEARCH.match(line):
            return Refused("a SEARCH block begins within another one")
        elif _REPLACE.match(line):
            inside = lines[open_at + 1 : row]
            dividers = [at for at, each in enumerate(inside) if _DIVIDER.match(each)]
            if not dividers or len(dividers) > MOST_DIVIDERS:
                return Refused("a SEARCH block has no single line of ======= in it")
            blocks.append(Block(tuple(inside), tuple(dividers)))
            open_at = None
    if open_at is not None:
        return Refused("the last SEARCH block does not end with >>>>>>> REPLACE")
    if len(blocks) > MOST_BLOCKS:
        return Refused(f"the answer has more than {MOST_BLOCKS} blocks")
    return tuple(blocks)


def read_fence(text: str) -> tuple[str, ...] | Refused:
    """The lines of the only fenced block; what is cut off has no end and is refused.

    Small models often say the same again and again until they are stopped: once is enough.
    """
    if len(text) > MOST_CHARS:
        return Refused(f"the answer has more than {MOST_CHARS} characters")
    found: list[tuple[str, ...]] = []
    inside: list[str] | None = None
    mark = ""
    for line in lines_of(text):
        fence = _FENCE.match(line)
        if inside is None:
            if fence:
                inside, mark = [], fence[1]
        elif fence and fence[1].startswith(mark) and not fence[2].strip():
            found.append(tuple(inside))
            inside = None
        else:
            inside.append(line)
    if found and all(_again(found[0], more) for more in (*found[1:], inside or ())):
        return found[0]
    if inside is not None:
        return Refused("the fenced block does not end, so the answer may be cut off")
    if len(found) != 1:
        count = f"{len(found)} fenced blocks" if found else "no fenced block"
        return Refused(f"the answer has {count}, not one")
    return found[0]


def _again(first: Sequence[str], more: Sequence[str]) -> bool:
    """Whether lines begin to say what was said before, however far they came."""
    same = first[: len(more)]
    return len(same) == len(more) and all(
        line.startswith(other) if row == len(more) - 1 else line == other
        for row, (line, other) in enumerate(zip(same, more, strict=True))
    )


def read_words(text: str) -> tuple[str, ...]:
    """Plain lines, taken out of a fence or of quotes where the model put them into some."""
    fence = read_fence(text)
    lines = [line.rstrip() for line in (lines_of(text) if isinstance(fence, Refused) else fence)]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    if len(lines) == 1 and len(lines[0]) > 2 and lines[0][0] == lines[0][-1] in "\"'`":
        lines[0] = lines[0][1:-1]
    return tuple(lines)
