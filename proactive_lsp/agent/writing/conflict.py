"""Have a conflict resolved that takes more than one side: both intents in one text.

The answer is the whole text that is to stand in the place of the conflict, in a fence, since its
marks look like those of a block. Nothing around it changes, and no mark may be left.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct, structs

from proactive_lsp.agent.write import result
from proactive_lsp.agent.writing import context
from proactive_lsp.agent.writing.answer import Refused, read_blocks, read_fence
from proactive_lsp.agent.writing.checks import bad_lines, edits_of, leaves_out, stub
from proactive_lsp.agent.writing.fitting import Hunk
from proactive_lsp.agent.writing.formatting import like_surroundings
from proactive_lsp.agent.writing.job import Job, Writer, Written, ask
from proactive_lsp.agent.writing.shown import fenced
from proactive_lsp.lines import split_lines
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Place, Task
from proactive_lsp.workspace.documents import bare
from proactive_lsp.workspace.languages import language_of
from proactive_lsp.workspace.syntax import parses

MAX_TOKENS = 900
MOST_LINES = 120
AROUND = 6
_MARK = re.compile(r"(?P<mark><{7}|\|{7}|={7}|>{7})(?: .*|\s*)\Z")
_SYSTEM = """\
Two sides changed the same lines of a file. You write what should stand there so that the intent of
both is kept. Answer with these lines alone, in one fenced code block and with nothing else: without
the lines around them and without conflict markers. Leave no line out."""

Side = Literal["ours", "base", "theirs"]


class _Sides(Struct, frozen=True):
    """The rows of each side of a conflict; `base` is empty where git was not asked for it."""

    ours: range
    base: range
    theirs: range


def wants(task: Task, place: Place) -> bool:
    """Whether the place is a whole conflict that no rule settles."""
    return place.after is None and not place.whole and place.before.startswith("<<<<<<<")


def jobs(task: Task, places: Sequence[Place], situation: Situation) -> Iterator[Job]:
    """One job for each conflict; none where a secret stands in it, which would be lost."""
    for place in places:
        file = context.read(situation, place.path)
        if file is None or place.before.count("\n") > MOST_LINES:
            continue
        first = place.range.start.line
        last = place.range.end.line + (place.range.end.character > 0)
        sides = _sides(file.shown.lines, first, last)
        if sides is not None and file.shown.locked.isdisjoint(range(first, last)):
            yield _job(place, file, sides, first, last)


def _job(place: Place, file: context.File, sides: _Sides, first: int, last: int) -> Job:
    language = language_of(place.path) or ""

    def shown(rows: range) -> str:
        return fenced(file.shown.part(rows.start, rows.stop), language)

    said = (
        ("", f"A conflict in {context.name_of(place.path)}."),
        ("The lines above it:", shown(range(max(0, first - AROUND), first)) if first else ""),
        ("What both began with:", shown(sides.base) if sides.base else ""),
        ("Our side:", shown(sides.ours)),
        ("Their side:", shown(sides.theirs)),
        ("The lines below it:", shown(range(last, last + AROUND))),
        ("", "Write what should stand there."),
    )

    def take(answer: str) -> Written | Refused:
        return _taken(answer, place, file, sides, (first, last))

    return Job(ask(_SYSTEM, said), MAX_TOKENS, take)


def _taken(
    answer: str, place: Place, file: context.File, sides: _Sides, rows: tuple[int, int]
) -> Written | Refused:
    if read_blocks(answer):
        return Refused("write the whole text in one fenced block, not as SEARCH blocks")
    lines = read_fence(answer)
    if isinstance(lines, Refused):
        return lines
    real = file.shown.real
    known = {real[row] for side in (sides.ours, sides.base, sides.theirs) for row in side}
    if any(_MARK.match(line) and line not in known for line in lines):
        return Refused("it leaves conflict markers")
    if not any(line.strip() for line in lines):
        return Refused("the fenced block is empty")
    new = [line for line in lines if line not in known]
    if problem := bad_lines(new, file.text, file.shown.masks) or leaves_out(new):
        return problem
    smaller = min(sides.ours, sides.theirs, key=len)
    if problem := stub([real[row] for row in smaller], lines):
        return problem
    hunk = like_surroundings(place.path, [*known], Hunk(*rows, tuple(lines)))
    end = _line_end(place.before)
    after = end.join(hunk.new) + (end if place.before.endswith(("\n", "\r")) else "")
    made = structs.replace(place, after=after)
    if problem := _parses(made, file):
        return problem
    return Written((made,), base=((file.path, file.text),))


def _parses(made: Place, file: context.File) -> Refused | None:
    """Why the resolved text would not parse where either side would; other conflicts as ours."""
    language = language_of(file.path)
    if language is None:
        return None
    either = any(parses(language, _settled(file.text, side)) for side in ("ours", "theirs"))
    after = result(file.text, edits_of([made]))
    if either and not parses(language, _settled(after, "ours")):
        return Refused("the file would not parse with it, though it does with either side")
    return None


def _settled(text: str, side: Side) -> str:
    """The text with every conflict as one side has it."""
    lines = split_lines(text)
    kept: list[str] = []
    row = 0
    while row < len(lines):
        end = _end_of(lines, row) if lines[row].startswith("<<<<<<<") else None
        sides = _sides([bare(line) for line in lines], row, end) if end is not None else None
        if sides is None or end is None:
            kept.append(lines[row])
            row += 1
            continue
        rows: range = getattr(sides, side)
        kept += lines[rows.start : rows.stop]
        row = end
    return "".join(kept)


def _end_of(lines: Sequence[str], first: int) -> int | None:
    """The row behind a conflict that begins on `first`."""
    rows = range(first, min(len(lines), first + 2_000))
    return next((row + 1 for row in rows if lines[row].startswith(">>>>>>>")), None)


def _sides(lines: Sequence[str], first: int, last: int) -> _Sides | None:
    """The sides between the markers of one conflict, None where they are not in order."""
    marks = [
        (row, found["mark"][0])
        for row in range(first, min(last, len(lines)))
        if (found := _MARK.match(lines[row]))
    ]
    rows = {mark: row for row, mark in reversed(marks)}
    if rows.get("<") != first or rows.get(">") != last - 1 or "=" not in rows:
        return None
    middle, base = rows["="], rows.get("|")
    if base is not None and base > middle:
        return None
    return _Sides(
        ours=range(first + 1, middle if base is None else base),
        base=range(0) if base is None else range(base + 1, middle),
        theirs=range(middle + 1, last - 1),
    )


def _line_end(text: str) -> str:
    first = split_lines(text)[0]
    return first[len(bare(first)) :] or "\n"


CONFLICT = Writer(wants, jobs)
