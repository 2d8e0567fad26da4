"""Have a failing test's cause mended: its output, the test, and the code that the output names.

assert area(2, 3) == 6, got 5    →    a change around the line of shapes.py that it came from
"""

from collections.abc import Iterator, Sequence

from proactive_lsp.agent.writing import context
from proactive_lsp.agent.writing.around import job_at, wants
from proactive_lsp.agent.writing.job import Job, Writer
from proactive_lsp.agent.writing.shown import fenced
from proactive_lsp.events import Command, TestResult
from proactive_lsp.redaction import redact
from proactive_lsp.sentences import barred
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Place, Task
from proactive_lsp.workspace.enclosing import FUNCTIONS, definitions_of, enclosing
from proactive_lsp.workspace.kinds import file_kind
from proactive_lsp.workspace.languages import language_of

OUTPUT_LINES, OUTPUT_CHARS, TEST_CHARS = 25, 1_800, 1_500


def jobs(task: Task, places: Sequence[Place], situation: Situation) -> Iterator[Job]:
    """One job for the place that the output names."""
    for place in places[:1]:
        extra = (("What failed:", _output(task, situation)), ("The test:", _test(task, situation)))
        job = job_at(task, place, situation, extra)
        if job is not None:
            yield job


def _output(task: Task, situation: Situation) -> str:
    """The end of what the test said; memory has it redacted, and nothing else is told."""
    for seq in (fact.event for fact in task.need.facts if fact.event is not None):
        event = next((each.event for each in situation.memory.recent() if each.seq == seq), None)
        if isinstance(event, Command):
            lines = (event.tail or "").splitlines()[-OUTPUT_LINES:]
        elif isinstance(event, TestResult):
            lines = (event.message or "").splitlines()[-OUTPUT_LINES:]
        else:
            continue
        shown = list(barred(redact("\n".join(lines)).splitlines()))
        while shown and sum(map(len, shown)) > OUTPUT_CHARS:
            shown.pop(0)
        return "\n".join(shown)
    return ""


def _test(task: Task, situation: Situation) -> str:
    """The test itself, where the facts name a line of it."""
    for fact in task.need.facts:
        if fact.path is None or fact.line is None or file_kind(fact.path) != "tests":
            continue
        file = context.read(situation, fact.path)
        if file is None:
            continue
        definition = enclosing(definitions_of(file.path, file.text), fact.line, FUNCTIONS)
        first, last = (
            context.rows_of(definition)
            if definition is not None
            else (max(0, fact.line - 10), fact.line + 3)
        )
        text = context.upto(["\n".join(file.shown.part(first, last))], TEST_CHARS)
        return fenced([text], language_of(fact.path) or "")
    return ""


FAILING_TEST = Writer(wants, jobs)
