"""One entry of a timeline."""

from typing import Literal

from msgspec import Struct

from proactive_lsp.replay.pieces import Piece

EntryKind = Literal["session", "happened", "offered", "silent", "withdrawn", "message", "label"]


class Entry(Struct, frozen=True):
    """What is told at one time; text as it is, nothing escaped.

    `excerpt` stands behind the text as far as the line has room, `details` and `pieces` below.
    """

    kind: EntryKind
    t: float
    text: str
    details: tuple[str, ...] = ()
    excerpt: str = ""
    pieces: tuple[Piece, ...] = ()
