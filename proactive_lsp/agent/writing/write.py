"""Have the model write what an accepted task wants: places with their text, or why there are none.

Nothing here changes anything: what comes back goes the way of every other plan.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import structs

from proactive_lsp.agent.answered import silence_of
from proactive_lsp.agent.guarded import guarded
from proactive_lsp.agent.writing.answer import Refused
from proactive_lsp.agent.writing.around import AROUND
from proactive_lsp.agent.writing.changelog_entry import CHANGELOG_ENTRY
from proactive_lsp.agent.writing.conflict import CONFLICT
from proactive_lsp.agent.writing.docs_entry import DOCS_ENTRY
from proactive_lsp.agent.writing.draft_test import DRAFT_TEST, PREDICTED_TEST
from proactive_lsp.agent.writing.failing import FAILING_TEST
from proactive_lsp.agent.writing.job import Almost, Job, Writer, Written
from proactive_lsp.agent.writing.message import COMMIT_MESSAGE
from proactive_lsp.llm import (
    Heard,
    Message,
    Model,
    ModelError,
    Request,
    unheard,
)
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Place, Silence, Task

__all__ = ["BY_MODEL", "WRITERS", "Written", "writable", "write"]

# By kind of need; of several writers of a kind the first takes the places that it wants.
WRITERS: Mapping[str, tuple[Writer, ...]] = {
    "predicted": (PREDICTED_TEST, AROUND),
    "failing-test": (FAILING_TEST,),
    "merge-conflict": (CONFLICT,),
    "tests-along": (DRAFT_TEST,),
    "docstring": (DOCS_ENTRY,),
    "changelog": (CHANGELOG_ENTRY,),
    "commit-message": (COMMIT_MESSAGE,),
    "block-clone": (AROUND,),
    "shape-clone": (AROUND,),
    "twin-body": (AROUND,),
    "twin-signature": (AROUND,),
    "broken-call": (AROUND,),
    "message-copy": (AROUND,),
}
BY_MODEL = "written by "
"""How the note of an edit begins that a model wrote."""
MOST_JOBS = 3
"""Requests for one card, each with one more try: a card with more places is written in part."""


def writable(task: Task) -> bool:
    """Whether the model could write what this task wants and no rule did."""
    # What the rules wrote for a file that configures what runs was taken out on purpose.
    places = [each for each in task.places if _unguarded(each.path, task)]
    return any(
        writer.without_place or any(writer.wants(task, place) for place in places)
        for writer in WRITERS.get(task.need.kind, ())
    )


async def write(
    tasks: Sequence[Task],
    situation: Situation,
    model: Model,
    *,
    place: Place | None = None,
    heard: Heard = unheard,
) -> Written | Silence:
    """What carries the tasks of a card out, or one of its places alone.

    What rules wrote for other places of the card comes along. Every error of the model becomes a
    `Silence`; only cancellation passes through.
    """
    jobs = _jobs(tasks, situation, place)
    if not jobs:
        return Silence("not-written", "could not: there is nothing here that a model may write")
    known = _of_rules(tasks, place)
    texts = {each.path: situation.tree.read(each.path) or "" for each in known}
    parts: list[Written] = []
    failed: Silence | None = None
    counted = 0

    def count(characters: int) -> None:
        heard(counted + characters)

    for about, job in jobs[:MOST_JOBS]:
        try:
            part, length = await _answered(job, about, model, count)
        except ModelError as error:
            # Whoever is asked next would meet the same server.
            failed = silence_of(error)
            break
        counted += length
        if isinstance(part, Refused):
            failed = failed or Silence("not-written", f"could not: {part.text}")
        elif (problem := _forbidden(part, tasks, situation)) is not None:
            failed = failed or Silence("not-written", f"could not: {problem}")
        else:
            parts.append(part)
    if not parts:
        return failed or Silence("not-written", "could not: the model wrote nothing")
    parts.append(Written(base=tuple(sorted(texts.items()))))
    return _together(parts, known, model.name)


def _jobs(tasks: Sequence[Task], situation: Situation, only: Place | None) -> list[tuple[str, Job]]:
    """The jobs of all tasks, likeliest first, each with the id of its need."""
    found: list[tuple[str, Job]] = []
    for task in tasks:
        left = [each for each in task.places if only is None or each.key == only.key]
        left = [each for each in left if _may_be_written(each.path, task, situation)]
        for writer in WRITERS.get(task.need.kind, ()):
            wanted = [each for each in left if writer.wants(task, each)]
            if not wanted and not writer.without_place:
                continue
            left = [each for each in left if each not in wanted]
            found += ((task.need.id, job) for job in writer.jobs(task, wanted, situation))
    return found


def _may_be_written(path: str, task: Task, situation: Situation) -> bool:
    return not situation.tree.linked(path) and _unguarded(path, task)


def _unguarded(path: str, task: Task) -> bool:
    return path == task.need.path or not guarded(path)


async def _answered(
    job: Job, about: str, model: Model, heard: Heard
) -> tuple[Written | Refused, int]:
    """What came of a job after at most one more try, and how many characters were written."""
    request = Request(job.messages, max_tokens=job.max_tokens, about=about, purpose="write")
    reply = await model.complete(request, heard=heard)
    first = job.take(reply.text)
    if isinstance(first, Written):
        return first, len(reply.text)
    repair = Request(
        (
            *job.messages,
            Message("assistant", reply.text),
            Message("user", f"That cannot be used: {first.text}. Answer again, in the same form."),
        ),
        max_tokens=job.max_tokens,
        about=about,
        purpose="repair",
    )
    try:
        again = await model.complete(repair, heard=lambda more: heard(len(reply.text) + more))
    except ModelError:
        if isinstance(first, Almost):
            return first.written, len(reply.text)
        raise
    length = len(reply.text) + len(again.text)
    second = job.take(again.text)
    if isinstance(second, Almost):
        return second.written, length
    if isinstance(second, Refused) and isinstance(first, Almost):
        return first.written, length
    return second, length


def _forbidden(part: Written, tasks: Sequence[Task], situation: Situation) -> str | None:
    """Why what was written may not go where it would, whichever job made it."""
    own = {task.need.path for task in tasks}
    for path in (*(place.path for place in part.places), *(path for path, _ in part.files)):
        if situation.tree.linked(path):
            return f"{path} lies behind a link"
        if guarded(path) and path not in own:
            return f"{path} configures what runs"
    return None


def _of_rules(tasks: Iterable[Task], only: Place | None) -> list[Place]:
    """The places of a card whose text is known without a model."""
    if only is not None:
        return []
    return [
        place
        for task in tasks
        for place in task.places
        if place.after is not None
        and not any(writer.wants(task, place) for writer in WRITERS.get(task.need.kind, ()))
    ]


def _together(parts: Sequence[Written], known: Sequence[Place], name: str) -> Written:
    """One plan's worth: what was written, marked as such, and what the rules knew around it."""
    note = f"{BY_MODEL}{name}"
    places = [
        structs.replace(place, certain=False, note=note) for part in parts for place in part.places
    ]
    kept: list[Place] = []
    for place in places:
        if not any(_overlap(place, other) for other in kept):
            kept.append(place)
    kept += [place for place in known if not any(_overlap(place, other) for other in kept)]
    kept.sort(key=lambda place: (place.path, place.range))
    return Written(
        places=tuple(kept),
        files=tuple(file for part in parts for file in part.files),
        text="\n\n".join(part.text for part in parts if part.text),
        base=tuple(dict.fromkeys(pair for part in parts for pair in part.base)),
    )


def _overlap(one: Place, other: Place) -> bool:
    if one.path != other.path:
        return False
    if one.key == other.key:
        return True
    return one.range.start < other.range.end and other.range.start < one.range.end
