"""Have the description of a parameter written where the documentation only has its name.

    depth (int):      →      depth (int): How deep it is.

The rule knows where the entry stands and how it begins; the model adds a sentence.
"""

import re
import textwrap
from collections.abc import Iterator, Sequence

from msgspec import structs

from proactive_lsp.agent.write import result
from proactive_lsp.agent.writing import context
from proactive_lsp.agent.writing.answer import Refused, read_words
from proactive_lsp.agent.writing.checks import bad_lines, edits_of, parses_still
from proactive_lsp.agent.writing.job import Job, Writer, Written, ask
from proactive_lsp.agent.writing.shown import fenced
from proactive_lsp.lines import split_lines
from proactive_lsp.sentences import quoted
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Place, Task
from proactive_lsp.workspace.enclosing import definitions_of, enclosing
from proactive_lsp.workspace.languages import language_of

MAX_TOKENS = 160
DEFINITION_CHARS = 3_500
MOST_CHARS = 300
WIDTH = 99
# What would end the comment or the string that the words stand in.
_CLOSING = ('"""', "'''", "*/", "\\")
_SYSTEM = """\
You describe parameters of a function for its documentation. Answer with one line for each parameter
that is asked for and with nothing else, in this form:
name: what it is, in one short sentence"""


def wants(task: Task, place: Place) -> bool:
    """Whether the place begins entries whose descriptions are missing."""
    return bool(place.note) and not place.before and bool(place.after) and not place.whole


def jobs(task: Task, places: Sequence[Place], situation: Situation) -> Iterator[Job]:
    """One job for each place."""
    for place in places:
        file = context.read(situation, place.path)
        if file is not None:
            yield _job(task, place, file)


def _job(task: Task, place: Place, file: context.File) -> Job:
    names = [name.strip() for name in place.note.split(",")]
    definition = enclosing(definitions_of(file.path, file.text), task.need.range.start.line)
    row = place.range.start.line
    first, last = context.rows_of(definition) if definition is not None else (row - 20, row + 20)
    first = min(first, max(0, row - 20)) if not first <= row < last else first
    shown = context.upto(file.shown.part(first, max(last, row + 1)), DEFINITION_CHARS)
    said = (
        ("The code:", fenced([shown], language_of(place.path) or "")),
        ("", f"Describe: {', '.join(quoted(name) for name in names)}"),
    )

    def take(answer: str) -> Written | Refused:
        return _taken(answer, place, names, file)

    return Job(ask(_SYSTEM, said), MAX_TOKENS, take)


def _taken(
    answer: str, place: Place, names: Sequence[str], file: context.File
) -> Written | Refused:
    lines = [line for line in read_words(answer) if line.strip()]
    said = {name: _said(lines, name, alone=len(names) == 1) for name in names}
    missing = [name for name, text in said.items() if not text]
    if missing:
        return Refused(f"it does not describe `{missing[0]}`")
    if problem := bad_lines(said.values(), file.text, file.shown.masks):
        return problem
    for text in said.values():
        if any(mark in text for mark in _CLOSING):
            return Refused("it has marks that would end the comment; use plain words")
        if len(text) > MOST_CHARS:
            return Refused(f"it is longer than {MOST_CHARS} characters; be shorter")
    end = "\r\n" if (place.after or "").endswith("\r\n") else "\n"
    written: list[str] = []
    for line in split_lines(place.after or "")[:-1]:
        beginning = line.rstrip("\r\n")
        name = next((name for name in names if _names(beginning, name)), names[0])
        written += _entry(beginning, said[name])
    after = "".join(f"{line}{end}" for line in written)
    made = structs.replace(place, after=after)
    if problem := parses_still(place.path, file.text, result(file.text, edits_of([made]))):
        return problem
    return Written((made,), base=((file.path, file.text),))


def _names(beginning: str, name: str) -> bool:
    # JavaScript has names with a dollar sign, at which no word begins.
    return re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", beginning) is not None


def _said(lines: Sequence[str], name: str, *, alone: bool) -> str:
    """What is said of a parameter, as one line; a lone one may stand without its name."""
    for line in lines:
        found = re.match(
            rf"[\s*`\-]*{re.escape(name)}(?![\w$])[\s`*]*+(?:\([^)]*\))?\s*+[:-]\s*", line
        )
        if found:
            return " ".join(line[found.end() :].split())
    if alone and lines:
        return " ".join(" ".join(lines[:3]).split())
    return ""


def _entry(beginning: str, text: str) -> list[str]:
    """The entry with its description, wrapped like the style of its beginning wants."""
    indent = beginning[: len(beginning) - len(beginning.lstrip())]
    if beginning.endswith(":"):
        # Google and Sphinx: on the same line, further lines deeper.
        return textwrap.wrap(
            text, WIDTH, initial_indent=f"{beginning} ", subsequent_indent=f"{indent}    "
        )
    if "@param" in beginning or "@arg" in beginning:
        star = f"{indent}*   "
        return textwrap.wrap(text, WIDTH, initial_indent=f"{beginning} - ", subsequent_indent=star)
    inner = f"{indent}    "
    return [
        beginning,
        *textwrap.wrap(text, WIDTH, initial_indent=inner, subsequent_indent=inner),
    ]


DOCS_ENTRY = Writer(wants, jobs)
