"""Put rewritten arguments back between the parentheses, keeping the call's own layout."""

from collections.abc import Sequence
from itertools import pairwise

from proactive_lsp.events import Range
from proactive_lsp.workspace.documents import text_in
from proactive_lsp.workspace.syntax import Call


def splice_arguments(lines: Sequence[str], call: Call, written: Sequence[tuple[int, str]]) -> str:
    """The text from "(" to ")" with the arguments of `written`: old index and new text each.

    What stood between two arguments (commas, line breaks, comments) stays with the one behind
    it; after a reorder, with its position.
    """
    ranges = [argument.range for argument in call.arguments]
    whole = call.arguments_range
    if not ranges:
        return "(" + ", ".join(text for _, text in written) + ")"
    if not written:
        return "()"
    opening = text_in(lines, Range(whole.start, ranges[0].start))
    closing = text_in(lines, Range(ranges[-1].end, whole.end))
    between = [text_in(lines, Range(left.end, right.start)) for left, right in pairwise(ranges)]
    indices = [index for index, _ in written]
    in_order = indices == sorted(indices)
    pieces = [opening]
    for place, (index, text) in enumerate(written):
        if place:
            pieces.append(between[index - 1] if in_order else between[place - 1])
        pieces.append(text)
    return "".join([*pieces, closing])
