"""Have a changelog entry drafted where the rules only know its place.

`area` no longer rounds    →    - Keep the fraction of areas.    under "Unreleased"
"""

import re
import textwrap
from collections.abc import Iterator, Sequence

from proactive_lsp.agent.writing import context
from proactive_lsp.agent.writing.answer import Refused, read_words
from proactive_lsp.agent.writing.checks import bad_lines
from proactive_lsp.agent.writing.fitting import Hunk, Region
from proactive_lsp.agent.writing.job import Job, Writer, Written, ask, in_place
from proactive_lsp.agent.writing.shown import fenced
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Place, Task

MAX_TOKENS = 120
MOST_CHARS = 300
SECTION_CHARS = 1_800
EDIT_CHARS = 3_500
LINES_ABOVE, LINES_BELOW = 30, 12
_BULLET = re.compile(r"(\s*)([-*+•])(\s+)\S")
_SYSTEM = """\
You write one entry of a changelog, for the users of a program. Say what changed for them in one
short sentence, like the entries that are shown. Answer with the entry alone, with nothing else."""


def wants(task: Task, place: Place) -> bool:
    """Whether the place is known and its text is not."""
    return place.after is None and not place.whole


def jobs(task: Task, places: Sequence[Place], situation: Situation) -> Iterator[Job]:
    """One job for the likeliest place."""
    for place in places[:1]:
        file = context.read(situation, place.path)
        if file is not None:
            yield _job(place, file, situation)


def _job(place: Place, file: context.File, situation: Situation) -> Job:
    row = place.range.start.line
    section = file.shown.part(row - LINES_ABOVE, row + LINES_BELOW)
    said = (
        ("What was edited:", context.edits(situation, EDIT_CHARS)),
        (f"{context.name_of(file.path)}:", fenced([context.upto(section, SECTION_CHARS)])),
        ("", "Write the entry."),
    )

    def take(answer: str) -> Written | Refused:
        return _taken(answer, file, row)

    return Job(ask(_SYSTEM, said), MAX_TOKENS, take)


def _taken(answer: str, file: context.File, row: int) -> Written | Refused:
    words = " ".join(line.strip() for line in read_words(answer) if line.strip())
    words = re.sub(r"^[-*+•]\s+", "", words).strip()
    if not words:
        return Refused("the answer is empty")
    if words.startswith("#") or len(words) > MOST_CHARS:
        return Refused(f"it is no entry of one sentence of at most {MOST_CHARS} characters")
    if problem := bad_lines([words], file.text, file.shown.masks):
        return problem
    if any(words in line for line in file.shown.real):
        return Refused("that entry is there already; say what changed now")
    bullet, lines = _bullet(file.shown.real, row), file.shown.real
    new = textwrap.wrap(
        words,
        99,
        initial_indent=bullet,
        subsequent_indent=" " * len(bullet),
        break_on_hyphens=False,
    )
    if row and lines[row - 1].strip() and not _BULLET.match(lines[row - 1]):
        # Right below a heading; below an entry that goes on it is not, as that is indented.
        new = new if lines[row - 1].startswith((" ", "\t")) else ["", *new]
    if row < len(lines) and lines[row].strip() and not _BULLET.match(lines[row]):
        new = [*new, ""]
    region = Region(file.path, file.text, file.shown, row, row)
    return in_place(region, (Hunk(row, row, tuple(new)),))


def _bullet(lines: Sequence[str], row: int) -> str:
    """How the entries nearest to the place begin."""
    near = sorted(range(len(lines)), key=lambda at: (abs(at - row), at))
    for at in near[:200]:
        if found := _BULLET.match(lines[at]):
            return "".join(found.groups())
    return "- "


CHANGELOG_ENTRY = Writer(wants, jobs)
