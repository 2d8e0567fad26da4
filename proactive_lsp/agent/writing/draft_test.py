"""Have a test drafted: beside the one that tests its neighbours, or in a file of its own.

    `volume` is new in shapes.py    →    def test_volume(): … below test_area in test_shapes.py

The answer is one test, which is put behind its neighbour and indented like it; or blocks, of which
those that only add lines or change an import are taken.
"""

import re
from collections.abc import Iterator, Sequence
from posixpath import basename

from msgspec import Struct

from proactive_lsp.agent.guarded import guarded
from proactive_lsp.agent.write import result
from proactive_lsp.agent.writing import context
from proactive_lsp.agent.writing.answer import Refused, read_blocks, read_fence
from proactive_lsp.agent.writing.checks import bad_lines, edits_of, parses_still
from proactive_lsp.agent.writing.fitting import Hunk, Region, fit_blocks
from proactive_lsp.agent.writing.job import Job, Writer, Written, ask, in_place
from proactive_lsp.agent.writing.shown import fenced
from proactive_lsp.redaction import redact
from proactive_lsp.sentences import quoted
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Place, Task
from proactive_lsp.workspace.enclosing import FUNCTIONS, definitions_of, enclosing
from proactive_lsp.workspace.kinds import file_kind
from proactive_lsp.workspace.languages import language_of
from proactive_lsp.workspace.syntax import Definition, parse
from proactive_lsp.workspace.test_paths import new_test_path, tests_named_after

MAX_TOKENS = 700
SOURCE_CHARS, HEAD_CHARS, NEIGHBOUR_CHARS = 3_000, 900, 1_800
HEAD_LINES, LAST_LINES = 25, 30
MOST_NAMES = 3
_IMPORT = re.compile(r"\s*(import|from|use|require|const .*require\(|package|#include)\b")
_SYSTEM = """\
You write one test. Answer with the new test alone, in one fenced code block and with nothing else:
no imports that are there already, nothing of the tests that are there. Write it like the test that
is shown."""
_SYSTEM_FILE = """\
You write the first test file of some code. Answer with the whole file, its imports included, in one
fenced code block and with nothing else. Write it like the test file that is shown."""


class _Subject(Struct, frozen=True):
    """What is to be tested: the source, the names of its definitions, and their text."""

    path: str
    names: tuple[str, ...]
    text: str
    masks: frozenset[str]


def wants(task: Task, place: Place) -> bool:
    """Whether the place is a whole test file."""
    return place.whole and place.after is None and file_kind(place.path) == "tests"


def wants_predicted(task: Task, place: Place) -> bool:
    """Whether the model wants a test of the source that it points at; Rust has its own in there."""
    if file_kind(place.path) != "source" or language_of(place.path) == "rust":
        return False
    return task.need.features.get("work-test", 0.0) > 0


def jobs(task: Task, places: Sequence[Place], situation: Situation) -> Iterator[Job]:
    """One job for the likeliest test file."""
    subject = _subject(task, situation)
    for place in places[:1]:
        file = context.read(situation, place.path)
        if subject is not None and file is not None:
            yield _job(task, subject, file)


def jobs_predicted(task: Task, places: Sequence[Place], situation: Situation) -> Iterator[Job]:
    """One job: for the test file named after the source, else for a new one where tests go."""
    subject = _subject(task, situation)
    paths = situation.tree.paths()
    for place in places[:1] if subject is not None else ():
        assert subject is not None
        for path in tests_named_after(paths, place.path)[:1]:
            file = context.read(situation, path)
            if file is not None and not guarded(path) and not situation.tree.linked(path):
                yield _job(task, subject, file)
                return
        new = new_test_path(paths, place.path)
        if new is not None and is_free(situation, new):
            yield _new_job(task, subject, new, situation)


def is_free(situation: Situation, path: str) -> bool:
    """Whether a new file may be made there: no file, no link on the way, nothing that runs."""
    tree = situation.tree
    if guarded(path) or tree.linked(path) or path in tree.paths():
        return False
    return tree.stamp(path) is None and tree.read(path) is None


def _subject(task: Task, situation: Situation) -> _Subject | None:
    path = task.need.path
    file = context.read(situation, path)
    if file is None:
        return None
    definitions = definitions_of(file.path, file.text)
    told = (*situation.changes, *(one for each in situation.committed for one in each.changes))
    changed = [
        change.after.qualname
        for change in told
        if change.path == path
        and change.after is not None
        and change.kind in ("added", "renamed", "signature")
    ]
    chosen = [each for each in definitions if each.qualname in changed]
    if not chosen:
        rows = [task.need.range.start.line]
        rows += [hunk.after_start for hunk in situation.recent if hunk.path == path]
        found = (enclosing(definitions, row, FUNCTIONS) for row in rows)
        chosen = [each for each in found if each is not None]
    chosen = list(dict.fromkeys(chosen))[:MOST_NAMES]
    if not chosen:
        return None
    parts = ("\n".join(file.shown.part(*context.rows_of(each))) for each in chosen)
    text = context.upto(parts, SOURCE_CHARS)
    return _Subject(path, tuple(each.name for each in chosen), text, file.shown.masks)


def _job(task: Task, subject: _Subject, file: context.File) -> Job:
    neighbour = _neighbour(file, subject.names)
    if neighbour is not None:
        first, last = context.rows_of(neighbour)
    else:
        last = len(file.shown.lines) - (not file.shown.lines[-1])
        first = max(0, last - LAST_LINES)
    head = file.shown.part(0, min(HEAD_LINES, first))
    language = language_of(file.path) or ""
    said = (
        ("", f"Task: {quoted(redact(task.title))}"),
        (f"To be tested, from {context.name_of(subject.path)}:", fenced([subject.text], language)),
        (
            f"The top of {context.name_of(file.path)}:",
            fenced([context.upto(head, HEAD_CHARS)], language) if head else "",
        ),
        (
            "A test of it, to be written like:",
            fenced([context.upto(file.shown.part(first, last), NEIGHBOUR_CHARS)], language),
        ),
        ("", f"Write one test of {quoted(subject.names[0])}."),
    )

    def take(answer: str) -> Written | Refused:
        return _taken(answer, file, subject, last, neighbour)

    return Job(ask(_SYSTEM, said), MAX_TOKENS, take)


def _taken(
    answer: str, file: context.File, subject: _Subject, row: int, neighbour: Definition | None
) -> Written | Refused:
    region = Region(file.path, file.text, file.shown, 0, len(file.shown.lines))
    blocks = read_blocks(answer)
    if isinstance(blocks, Refused):
        return blocks
    if blocks:
        hunks = fit_blocks(region, blocks)
        if not isinstance(hunks, Refused) and not all(_only_adds(file, hunk) for hunk in hunks):
            return Refused("it changes tests that are there; only add one")
    else:
        lines = read_fence(answer)
        if isinstance(lines, Refused):
            return lines
        if not any(line.strip() for line in lines):
            return Refused("the fenced block is empty")
        hunks = (_inserted(file, lines, row, neighbour),)
    if isinstance(hunks, Refused):
        return hunks
    written = [line for hunk in hunks for line in hunk.new]
    if not any(_mentions(line, subject.names) for line in written):
        return Refused(f"it does not mention `{subject.names[0]}`, which it is to test")
    made = in_place(region, hunks, masks=subject.masks)
    if isinstance(made, Refused):
        return made
    return _defined_twice(file, result(file.text, edits_of(made.places))) or made


def _only_adds(file: context.File, hunk: Hunk) -> bool:
    return all(_IMPORT.match(line) for line in file.shown.real[hunk.first : hunk.last])


def _inserted(
    file: context.File, lines: Sequence[str], row: int, neighbour: Definition | None
) -> Hunk:
    """The lines behind the neighbour, as far from it as that is from what stands above it."""
    real = file.shown.real
    new = list(lines)
    while new and not new[0].strip():
        new.pop(0)
    while new and not new[-1].strip():
        new.pop()
    own = _indent(next((line for line in new if line.strip()), ""))
    wanted = _indent(real[neighbour.range.start.line]) if neighbour is not None else ""
    new = [
        f"{wanted}{line[len(own) :]}" if line.startswith(own) and line.strip() else line.rstrip()
        for line in new
    ]
    gap = 1
    if neighbour is not None:
        start = neighbour.range.start.line
        above = next((at for at in range(start - 1, -1, -1) if real[at].strip()), None)
        gap = max(1, start - above - 1) if above is not None and not wanted else 1
    elif language_of(file.path) == "python":
        gap = 2
    return Hunk(row, row, (*[""] * gap, *new))


def _neighbour(file: context.File, names: Sequence[str]) -> Definition | None:
    """The last test that mentions one of the names, else the last one; no test within another."""
    tests = [
        each
        for each in definitions_of(file.path, file.text)
        if each.kind != "class" and each.name.lower().startswith("test")
    ]
    called = {*names, *(f".{name}" for name in names)}
    near = [each for each in tests if not called.isdisjoint(each.uses)]
    near = near or [each for each in tests if any(name in each.name for name in names)]
    return (near or tests)[-1] if tests else None


def _defined_twice(file: context.File, after: str) -> Refused | None:
    """Python silently forgets the first of two tests of a name."""
    language = language_of(file.path)
    module = parse(language, after) if language is not None else None
    if module is None:
        return None
    known = {each.qualname for each in definitions_of(file.path, file.text)}
    new = [each for each in module.definitions if not each.twin]
    names = [each.qualname for each in new]
    for each in new:
        if each.qualname in known and names.count(each.qualname) > 1:
            return Refused(f"`{each.name}` is there already; give the test another name")
    return None


def _new_job(task: Task, subject: _Subject, path: str, situation: Situation) -> Job:
    like = _another_test(situation, path)
    language = language_of(path) or ""
    shown = like.shown.part(0, 60) if like is not None else ()
    said = (
        ("", f"Task: {quoted(redact(task.title))}"),
        (f"To be tested, from {context.name_of(subject.path)}:", fenced([subject.text], language)),
        (
            f"Another test file, {context.name_of(like.path)}:" if like is not None else "",
            fenced([context.upto(shown, NEIGHBOUR_CHARS)], language) if shown else "",
        ),
        ("", f"Write the file {context.name_of(path)}."),
    )
    masks = subject.masks
    if like is not None:
        masks |= like.shown.masks
    end = "\r\n" if like is not None and "\r\n" in like.text else "\n"

    def take(answer: str) -> Written | Refused:
        lines = read_fence(answer)
        if isinstance(lines, Refused):
            return lines
        text = end.join((*(line.rstrip() for line in lines), ""))
        if not text.strip():
            return Refused("the fenced block is empty")
        if problem := bad_lines(lines, "", masks):
            return problem
        if not any(_mentions(line, subject.names) for line in lines):
            return Refused(f"it does not mention `{subject.names[0]}`, which it is to test")
        if problem := parses_still(path, "", text):
            return problem
        return Written(files=((path, text),))

    return Job(ask(_SYSTEM_FILE, said), MAX_TOKENS, take)


def _another_test(situation: Situation, path: str) -> context.File | None:
    """The test file nearest to where the new one goes, the shortest name first."""
    folder, language = path.rpartition("/")[0], language_of(path)
    known = [
        each
        for each in situation.tree.paths()
        if file_kind(each) == "tests" and language_of(each) == language
        if "test" in basename(each) and not basename(each).startswith("conftest")
    ]
    known.sort(key=lambda each: (each.rpartition("/")[0] != folder, len(each), each))
    return context.read(situation, known[0]) if known else None


def _mentions(line: str, names: Sequence[str]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", line) for name in names)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


DRAFT_TEST = Writer(wants, jobs)
PREDICTED_TEST = Writer(wants_predicted, jobs_predicted)
