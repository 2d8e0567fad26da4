"""Have a change written around a line: what was predicted there, or what was done to its like.

    Task: "Use pi in area" at "    return 3 * r"    →    a block that replaces that line

The lines that may change are those that are shown: so many around the line, in its file alone.
"""

from collections.abc import Iterator, Sequence

from proactive_lsp.agent.write import result
from proactive_lsp.agent.writing import context
from proactive_lsp.agent.writing.answer import Refused, read_blocks, read_fence
from proactive_lsp.agent.writing.checks import defines_once, edits_of, stub
from proactive_lsp.agent.writing.fitting import Region, fit_blocks, fit_whole
from proactive_lsp.agent.writing.job import Job, Writer, Written, ask, in_place
from proactive_lsp.agent.writing.shown import fenced
from proactive_lsp.redaction import redact
from proactive_lsp.sentences import barred, quoted
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Place, Task
from proactive_lsp.workspace.enclosing import FUNCTIONS, definitions_of, enclosing
from proactive_lsp.workspace.languages import language_of

LINES_BEFORE, LINES_AFTER = 30, 80
"""How far from its line a change may reach, and what is shown of the file."""
REGION_CHARS = 5_000
# A definition of so many lines is asked for as a whole; see `ASK_WHOLE`.
WHOLE_LINES = 40
MAX_TOKENS = 900

_BLOCKS = """\
You carry out one task in one file. Answer with one or more blocks of exactly this form and with
nothing else; copy the old lines as they stand, with their indentation:
<<<<<<< SEARCH
the old lines
=======
the new lines
>>>>>>> REPLACE"""
_WHOLE = """\
You carry out one task in one definition of a file. Answer with that whole definition as it should
be, in one fenced code block and with nothing else. Leave no line out."""


def wants(task: Task, place: Place) -> bool:
    """Whether the place points at a line and no rule knows what belongs there."""
    return place.after is None and not place.whole


def jobs(task: Task, places: Sequence[Place], situation: Situation) -> Iterator[Job]:
    """One job for each place; none for a file that cannot be read."""
    for place in places:
        job = job_at(task, place, situation)
        if job is not None:
            yield job


def job_at(
    task: Task,
    place: Place,
    situation: Situation,
    extra: Sequence[tuple[str, str]] = (),
) -> Job | None:
    """The job for one place; `extra` are sections that this kind of task has besides."""
    file = context.read(situation, place.path)
    row = place.range.start.line
    if file is None or row >= len(file.shown.lines):
        return None
    region = region_at(file, row)
    definition = enclosing(definitions_of(file.path, file.text), row)
    asked_whole = ASK_WHOLE and region.whole is not None
    first, last = region.whole if asked_whole and region.whole else (region.first, region.last)
    shown = fenced(region.shown.part(first, last), language_of(place.path) or "")
    title = (
        "The definition" if asked_whole else f"{context.name_of(place.path)} from line {first + 1}"
    )
    said = [
        ("", f"Task: {quoted(redact(task.title))} in {context.name_of(place.path)}"),
        ("", f"Why: {quoted(redact(task.why))}"),
        ("Known:", "\n".join(f"- {quoted(redact(fact.text))}" for fact in task.need.facts)),
        *extra,
        ("What the user edited last:", context.edits(situation)),
        (
            "Who calls it:",
            context.callers(
                situation,
                definition.name if definition else "",
                (place.path, region.first, region.last),
            ),
        ),
        (f"{title}:", shown),
        (f"It is about line {row + 1}:", "\n".join(barred([file.shown.lines[row]]))),
    ]
    removes = task.need.features.get("work-remove", 0.0) > 0

    def take(answer: str) -> Written | Refused:
        return taken(region, answer, removes=removes)

    return Job(ask(_WHOLE if asked_whole else _BLOCKS, said), MAX_TOKENS, take)


def region_at(file: context.File, row: int) -> Region:
    """The lines around a line that may change, and the definition that it stands in."""
    lines = file.shown.lines
    first, last = max(0, row - LINES_BEFORE), min(len(lines), row + 1 + LINES_AFTER)
    left = REGION_CHARS - len(lines[row])
    top = bottom = row
    # What follows the line matters more than what stands before it.
    while left > 0 and (top > first or bottom < last - 1):
        for _ in range(2):
            if bottom < last - 1 and left > 0:
                bottom += 1
                left -= len(lines[bottom]) + 1
        if top > first and left > 0:
            top -= 1
            left -= len(lines[top]) + 1
    definition = enclosing(definitions_of(file.path, file.text), row, FUNCTIONS)
    whole = context.rows_of(definition) if definition is not None else None
    if whole is not None and (
        whole[0] < top or whole[1] > bottom + 1 or whole[1] - whole[0] > WHOLE_LINES
    ):
        whole = None
    return Region(file.path, file.text, file.shown, top, bottom + 1, whole)


def taken(region: Region, answer: str, *, removes: bool = False) -> Written | Refused:
    """What an answer in either form comes to."""
    blocks = read_blocks(answer)
    if isinstance(blocks, Refused):
        return blocks
    if blocks:
        return in_place(region, fit_blocks(region, blocks), removes=removes)
    lines = read_fence(answer)
    if isinstance(lines, Refused):
        return lines
    if region.whole is not None:
        first, last = region.whole
        if problem := stub(region.shown.part(first, last), lines):
            return problem
    written = in_place(region, fit_whole(region, lines), removes=removes)
    if isinstance(written, Refused):
        return written
    after = result(region.text, edits_of(written.places))
    grown = after.count("\n") - region.text.count("\n")
    return defines_once(region, after, grown) or written


ASK_WHOLE = False
"""Whether a short definition is asked for as a whole. SmolLM2-135M was right in 2 of 15 small tasks
asked for blocks and in 0 of 15 asked for the whole, and answered both with a fence: too few to
choose by, but nothing speaks for the whole. Both are read, whichever was asked for."""

AROUND = Writer(wants, jobs)
