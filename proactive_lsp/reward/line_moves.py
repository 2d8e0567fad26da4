"""Follow lines through settled edits: where they are now, and whether one of them was touched."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from proactive_lsp.events import Edit
from proactive_lsp.lines import split_lines


class Block(Struct, frozen=True):
    """Lines `top` to `bottom` (not included); once `touched`, all that an edit made of them.

    An edit that also reaches beyond them makes the block wider, which is then not `exact`.
    """

    top: int
    bottom: int
    touched: bool = False
    exact: bool = True


# Lines `first` to `last` (not included) became so many.
Move = tuple[int, int, int]


def moves(edit: Edit) -> Sequence[Move]:
    """What each change of a settled edit does to lines, in order."""
    return tuple(_moves(edit))


def follow(block: Block, moves: Sequence[Move], *, at_edges: bool = False) -> Block:
    """The block after an edit of its file; the same object where the edit leaves it alone.

    With `at_edges`, lines that are inserted right above or below it are in it, and touch it.
    """
    for first, last, count in moves:
        grown = count - (last - first)
        inserts = first == last and at_edges and block.top <= first <= block.bottom
        if not inserts and last <= block.top:
            if grown:
                block = Block(block.top + grown, block.bottom + grown, block.touched, block.exact)
        elif inserts or first < block.bottom:
            exact = block.exact and block.top <= first and last <= block.bottom
            top, bottom = min(block.top, first), max(block.bottom, last) + grown
            block = Block(top, bottom, touched=True, exact=exact)
    return block


def _moves(edit: Edit) -> Iterator[Move]:
    for change in edit.changes:
        if change.range is None:
            yield 0, 2**31, len(split_lines(change.text))
            continue
        first, end = change.range.start.line, change.range.end
        written = len(split_lines(change.text))
        # A change up to the start of a line leaves that line as it is.
        yield (
            (first, end.line, written - 1) if not end.character else (first, end.line + 1, written)
        )
