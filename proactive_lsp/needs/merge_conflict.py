"""Notice conflicts that a merge, rebase or stash left in files, and settle the trivial ones.

    <<<<<<< HEAD                          <<<<<<< HEAD
    timeout = 60                          timeout = 60
    =======               both alike,     ||||||| base         one side as the base:
    timeout = 60          so: either      timeout = 30         the other one
    >>>>>>> side                          =======
                                          timeout = 30
                                          >>>>>>> side

Every other conflict is pointed at. While a merge or rebase is in progress, nothing else speaks.
"""

from collections.abc import Iterator, Sequence
from posixpath import basename

from msgspec import Struct

from proactive_lsp.events import span
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.documents import split_lines

KIND = "merge-conflict"
MOST_NEEDS = 6
MOST_PLACES = 20
OURS, BASE, MIDDLE, THEIRS = "<<<<<<<", "|||||||", "=======", ">>>>>>>"


class Block(Struct, frozen=True):
    """One conflict: its first and last line, and each side's lines with their terminators.

    `base` is None where git was not asked to write it.
    """

    first: int
    last: int
    label: str
    ours: tuple[str, ...]
    base: tuple[str, ...] | None
    theirs: tuple[str, ...]


def detect(situation: Situation) -> Iterator[Need]:
    """One need per file with conflict markers, those that git named first."""
    paths = dict.fromkeys((*situation.conflicts, *(hunk.path for hunk in situation.recent)))
    found = 0
    for path in (*paths, *(each for each in situation.touched if each not in paths)):
        text = situation.tree.read(path)
        if text is None or OURS not in text or found == MOST_NEEDS:
            continue
        lines = split_lines(text)
        blocks = tuple(conflicts(lines))[:MOST_PLACES]
        if blocks:
            found += 1
            yield _need(situation, path, lines, blocks)


def conflicts(lines: Sequence[str]) -> Iterator[Block]:
    """The conflicts of a text in order; markers that do not belong together are text."""
    first: int | None = None
    base: int | None = None
    middle: int | None = None
    for row, line in enumerate(lines):
        if _is(line, OURS):
            first, base, middle = row, None, None
        elif first is None:
            continue
        elif _is(line, BASE) and base is None and middle is None:
            base = row
        elif line.rstrip("\r\n") == MIDDLE and middle is None:
            middle = row
        elif _is(line, THEIRS) and middle is not None:
            yield Block(
                first=first,
                last=row,
                label=line[len(THEIRS) :].strip(),
                ours=tuple(lines[first + 1 : base if base is not None else middle]),
                base=tuple(lines[base + 1 : middle]) if base is not None else None,
                theirs=tuple(lines[middle + 1 : row]),
            )
            first = None


def resolved(block: Block) -> str | None:
    """The text to put in the place of a conflict; None where it takes a person."""
    if _squeezed(block.ours) == _squeezed(block.theirs):
        return "".join(block.ours)
    if block.base is not None and _squeezed(block.base) == _squeezed(block.ours):
        return "".join(block.theirs)
    if block.base is not None and _squeezed(block.base) == _squeezed(block.theirs):
        return "".join(block.ours)
    return None


def _need(situation: Situation, path: str, lines: Sequence[str], blocks: Sequence[Block]) -> Need:
    places = tuple(_place(path, lines, block) for block in blocks)
    ready = sum(place.after is not None for place in places)
    count = f"{ready or len(places)} conflict{'s' if (ready or len(places)) > 1 else ''}"
    verb = "Resolve" if ready else "Look at"
    named = path in situation.conflicts
    said = f"`{path}` has conflicts" if named else f"`{path}` holds conflict markers"
    return Need(
        kind=KIND,
        path=path,
        range=places[0].range,
        anchor=blocks[0].label,
        title=f"{verb} {count} in {basename(path)}",
        facts=(Fact(said, path, blocks[0].first),),
        places=places,
        features={"named-by-git": float(named), "resolved": ready / len(places)},
    )


def _place(path: str, lines: Sequence[str], block: Block) -> Place:
    end = block.last + 1
    # The marker may be the last line of a text that does not end with a line end.
    whole = lines[block.first : end]
    range = span(block.first, 0, end, 0)
    if not lines[block.last].endswith(("\n", "\r")):
        range = span(block.first, 0, block.last, len(lines[block.last]))
    one, other = frozenset(block.ours), frozenset(block.theirs)
    smaller = min(len(one), len(other))
    return Place(
        path,
        range,
        "".join(whole),
        resolved(block),
        note=f"against {block.label}" if block.label else "",
        features={
            "with-base": float(block.base is not None),
            "contained": len(one & other) / smaller if smaller else 1.0,
        },
    )


def _is(line: str, marker: str) -> bool:
    rest = line[len(marker) :]
    return line.startswith(marker) and (not rest.strip() or rest[0] == " ")


def _squeezed(lines: Sequence[str]) -> str:
    """What is left without differences of white space; an indentation may mean something."""
    kept = (line.rstrip().expandtabs(4) for line in lines)
    return "\n".join(
        line[: len(line) - len(line.lstrip())] + " ".join(line.split()) for line in kept if line
    )
