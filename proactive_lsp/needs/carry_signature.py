"""Do to one parameter list what was done to another, keeping the layout of each."""

import re
from collections.abc import Mapping, Sequence
from posixpath import commonprefix

from msgspec import Struct, structs

from proactive_lsp.needs.parameter_text import Piece, Written, render
from proactive_lsp.workspace.syntax import Definition, Parameter

_RETURNS = re.compile(r"\)\s*->\s*(.*?)\s*:?\s*$")


class Signature(Struct, frozen=True):
    """What was done: a definition before and after, its list as written now, old names by new."""

    before: Definition
    after: Definition
    written: Written
    renamed: Mapping[str, str]


class Carried(Struct, frozen=True):
    """A replacement in the twin's file; `after` is None where only the user can tell."""

    start: int
    end: int
    after: str | None


def carried(signature: Signature, text: str, twin: Definition, written: Written) -> Carried | None:
    """The same change for the twin; None when there is nothing left to change in it."""
    if render(written, written.pieces) != text[written.start : written.end]:
        return Carried(written.start, written.end, None) if _wants(signature, twin) else None
    pieces = _renamed(signature, list(written.pieces))
    pieces = _removed(signature, pieces)
    pieces = _retyped(signature, twin, pieces)
    grown = _added(signature, pieces)
    if grown is None:
        return Carried(written.start, written.end, None)
    end = written.end
    before, after = text[written.start : end], render(written, grown)
    returned = _returned(signature, twin, written)
    if returned is not None:
        stop = written.returns[1] if written.returns else end
        middle = text[end : written.returns[0]] if written.returns else " -> "
        before, after, end = text[written.start : stop], after + middle + returned, stop
    if before == after:
        return None
    return _narrowed(written.start, before, after)


def _narrowed(start: int, before: str, after: str) -> Carried:
    """The replacement without what is the same at either end."""
    same = len(commonprefix([before, after]))
    tail = len(commonprefix([before[same:][::-1], after[same:][::-1]]))
    return Carried(start + same, start + len(before) - tail, after[same : len(after) - tail])


def _wants(signature: Signature, twin: Definition) -> bool:
    """Whether the twin has any parameter that went, or lacks one that came."""
    old = {each.name for each in signature.before.parameters}
    new = {each.name for each in signature.after.parameters}
    theirs = {each.name for each in twin.parameters}
    return bool((old - new) & theirs or (new - old) - theirs)


def _renamed(signature: Signature, pieces: list[Piece]) -> list[Piece]:
    names = {piece.name for piece in pieces}
    found: list[Piece] = []
    for piece in pieces:
        new = signature.renamed.get(piece.name)
        if new is not None and new not in names:
            written = re.sub(
                rf"\b{re.escape(piece.name)}\b", lambda _, n=new: n, piece.text, count=1
            )
            piece = structs.replace(piece, text=written, name=new)
        found.append(piece)
    return found


def _removed(signature: Signature, pieces: list[Piece]) -> list[Piece]:
    new = {each.name for each in signature.after.parameters}
    gone = {each.name for each in signature.before.parameters} - new - signature.renamed.keys()
    kept = [piece for piece in pieces if piece.name not in gone]
    if kept and kept[0] is not pieces[0]:
        kept[0] = structs.replace(kept[0], gap=pieces[0].gap)
    if kept and kept[-1].name == "*":
        kept.pop()
    return kept


def _retyped(signature: Signature, twin: Definition, pieces: list[Piece]) -> list[Piece]:
    """Annotations and defaults that were the same as the old ones become the new ones."""
    old = {
        signature.renamed.get(each.name, each.name): each for each in signature.before.parameters
    }
    new = {each.name: each for each in signature.after.parameters}
    theirs = {signature.renamed.get(each.name, each.name): each for each in twin.parameters}
    source = {piece.name: piece for piece in signature.written.pieces}
    found: list[Piece] = []
    for piece in pieces:
        was, now, their = (each.get(piece.name) for each in (old, new, theirs))
        if was is not None and now is not None and their is not None:
            piece = _like(piece, was, now, their, source.get(piece.name))
        found.append(piece)
    return found


def _like(
    piece: Piece, was: Parameter, now: Parameter, their: Parameter, source: Piece | None
) -> Piece:
    said, says = (was.annotation, was.default), (now.annotation, now.default)
    if said == says or source is None or piece.text == source.text:
        return piece
    if (their.annotation, their.default) == said and was.kind == now.kind:
        return structs.replace(piece, text=source.text)
    written = piece.text
    for old, new, own in (
        (was.annotation, now.annotation, their.annotation),
        (was.default, now.default, their.default),
    ):
        if old != new and own == old and old is not None and new is not None:
            head, found, rest = written.rpartition(old)
            written = f"{head}{new}{rest}" if found else written
    return structs.replace(piece, text=written)


def _added(signature: Signature, pieces: list[Piece]) -> list[Piece] | None:
    """The new parameters put where they stand in the changed list; None when that is not sure."""
    old = {each.name for each in signature.before.parameters}
    source = signature.written.pieces
    came = {each.name for each in signature.after.parameters} - old
    came -= set(signature.renamed.values())
    if not any(each.kind == "keyword-only" for each in signature.before.parameters):
        came.add("*")
    found = list(pieces)
    for place, piece in enumerate(source):
        if piece.name not in came or any(each.name == piece.name for each in found):
            continue
        at = _place_for(source[:place], found)
        if at is None:
            return None
        found = _with(found, at, piece)
    return found


def _place_for(earlier: Sequence[Piece], pieces: Sequence[Piece]) -> int | None:
    """Behind the nearest earlier parameter that is here, too; None past a mark that is not."""
    for piece in reversed(earlier):
        for at, each in enumerate(pieces):
            if each.name == piece.name:
                return at + 1
        if piece.name in ("*", "/"):
            return None
    return 0


def _with(pieces: Sequence[Piece], at: int, new: Piece) -> list[Piece]:
    """The pieces with a new one among them, laid out as its neighbours are."""
    found = list(pieces)
    gap = next((each.gap for each in found[1:]), found[0].gap if found else "")
    if "\n" in gap:
        end = gap.rfind("\n")
        gap = gap[end - 1 if gap[end - 1 : end] == "\r" else end :]
    elif len(found) > 0:
        gap = " "
    if at == 0 and found:
        first = found[0].gap
        found[0] = structs.replace(found[0], gap=gap)
        gap = first
    elif not found:
        gap = ""
    found.insert(at, structs.replace(new, gap=gap))
    return found


def _returned(signature: Signature, twin: Definition, written: Written) -> str | None:
    """The new return annotation, when the twin has the old one."""
    old, new, their = (
        found[1] if (found := _RETURNS.search(each.header)) else None
        for each in (signature.before, signature.after, twin)
    )
    if new is None or old == new or their != old:
        return None
    if (written.returns is None) != (old is None):
        return None
    return new
